"""What a Puskesmas or a Dinkes prints above and below its papers, beyond what is known of it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import LongTextField, NameField


class Classification(models.TextChoices):
    """«Sifat» of a letter; printed as the office writes it."""

    ORDINARY = "Biasa", _("Ordinary")
    IMPORTANT = "Penting", _("Important")
    URGENT = "Segera", _("Urgent")
    VERY_URGENT = "Sangat segera", _("Very urgent")
    CONFIDENTIAL = "Rahasia", _("Confidential")


# Whom a weekly report goes to where nothing else was set.
USUAL_COPIES = "Kepala Dinas Kesehatan\nCamat\nArsip"


@pghistory.track()
class LetterheadSetting(models.Model):
    """One row for a facility that set something; without one the usual values are printed.

    Logo, seat and head's office of a Dinkes stand in its district; rank and NIP of the head of a
    Puskesmas belong to the person, so that a successor never signs with them.
    """

    facility = models.OneToOneField(
        "facilities.Facility", models.PROTECT, related_name="letterhead_setting",
        verbose_name=_("facility"),
    )  # fmt: skip
    logo = models.ForeignKey(
        "facilities.Logo", models.PROTECT, null=True, blank=True, verbose_name=_("logo")
    )
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    seat = NameField(_("seat (place named beside the date)"), max_length=100, blank=True)
    head_title = NameField(_("office of the head"), max_length=150, blank=True)
    classification = models.CharField(
        _("classification (sifat)"), max_length=20, choices=Classification,
        default=Classification.ORDINARY,
    )  # fmt: skip
    copies = LongTextField(_("copies to (tembusan)"), blank=True, default=USUAL_COPIES)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self) -> str:
        return str(self.facility_id)

    @property
    def copy_lines(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.copies.splitlines() if line.strip())

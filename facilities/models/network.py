"""What happened to the network: each event with its day, and the names of the time before."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.models.facility import Facility
from facilities.querysets import FormerNameQuerySet, NetworkEventQuerySet
from facilities.text.model_fields import CodeField, NameField


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class FormerName(models.Model):
    """The name a facility bore until, not including, ``end_on``: the first row that ends after a
    day says its name on that day, and without one it is ``Facility.name``. A corrected spelling
    leaves no row: that name was never right."""

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="former_names", verbose_name=_("facility")
    )
    name = NameField(_("name"), max_length=100)
    end_on = models.DateField(_("until (exclusive)"))

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["facility", "end_on"]
        constraints = [
            models.UniqueConstraint(name="former_name_once_a_day", fields=["facility", "end_on"])
        ]

    def __str__(self) -> str:
        return self.name


class NetworkEventKind(models.TextChoices):
    CLOSE = "close", _("closed")
    REOPEN = "reopen", _("opened again")
    MOVE = "move", _("moved")
    MERGE = "merge", _("merged")
    SPLIT = "split", _("split")
    RENAME = "rename", _("renamed")
    VILLAGE = "village", _("village handed over")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class NetworkEvent(models.Model):
    """One event of one facility, as somebody entered it. Sums and lists follow from the dated
    rows (statuses, placements, service areas, names); this says why they changed."""

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="network_events", verbose_name=_("facility")
    )
    kind = models.CharField(_("event"), max_length=8, choices=NetworkEventKind)
    on = models.DateField(_("from"))
    # The new parent, the unit merged into or split off, or who serves the village from then on.
    other = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("other facility"),
    )  # fmt: skip
    village = models.ForeignKey(
        "facilities.Area", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("village"),
    )  # fmt: skip
    name = NameField(_("name until then"), max_length=100, blank=True)
    decree = CodeField(_("number of the decree"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = NetworkEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("network event")
        verbose_name_plural = _("network events")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="network_event_names_the_other",
                condition=Q(kind="close")
                | Q(kind="reopen")
                | Q(kind="rename")
                | Q(other__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.kind} {self.on}"

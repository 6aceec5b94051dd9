from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.fields import LtreeField
from facilities.querysets import FacilityQuerySet, ServiceAreaQuerySet
from facilities.text.model_fields import CodeField, LineField, NameField


class FacilityKind(models.TextChoices):
    DINKES = "dinkes", _("District health office")
    PUSKESMAS = "puskesmas", "Puskesmas"
    PUSTU = "pustu", "Pustu"
    POSYANDU = "posyandu", "Posyandu"


class DateRange(Func):
    """``[start_on, end_on)``; an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


@pghistory.track(exclude=["path"])
class Facility(models.Model):
    """A unit of the network: Dinkes > Puskesmas > Pustu > Posyandu. A Posyandu may hang
    directly under its Puskesmas. ``path`` is kept by a database trigger."""

    district = models.ForeignKey(
        "facilities.District", models.PROTECT, related_name="facilities", verbose_name=_("district")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FacilityKind)
    code = CodeField(_("code"), max_length=30, unique=True)
    name = NameField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    path = LtreeField(editable=False, default="")
    ministry_code = CodeField(_("ministry code"), max_length=20, blank=True)
    ministry_code_old = CodeField(_("older ministry code"), max_length=20, blank=True)
    satusehat_id = CodeField(_("SATUSEHAT id"), max_length=40, null=True, blank=True, unique=True)
    village = models.ForeignKey(
        "facilities.Area", models.PROTECT, null=True, blank=True, related_name="facilities",
        verbose_name=_("village it stands in"),
    )  # fmt: skip
    address = NameField(_("address"), max_length=200, blank=True)
    phone = NameField(_("telephone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    basis = models.CharField(
        _("basis"), max_length=20, blank=True, help_text=_("source, derived or estimated")
    )
    note = LineField(_("note"), max_length=200, blank=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["code"]
        indexes = [
            GistIndex(fields=["path"], name="facility_path_gist"),  # subtree: visible_to, roll-ups
            models.Index(fields=["district", "kind", "code"], name="facility_by_kind"),
            models.Index(Upper("code"), name="facility_by_code_key"),
        ]
        constraints = [
            models.CheckConstraint(
                name="facility_only_dinkes_has_no_parent",
                condition=Q(kind="dinkes", parent=None)
                | (~Q(kind="dinkes") & Q(parent__isnull=False)),
            ),
            models.UniqueConstraint(
                name="facility_one_dinkes_per_district",
                fields=["district"],
                condition=Q(kind="dinkes"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """No second facility whose code differs in case or blanks only."""
        self.code = self.code.strip()
        if Facility.objects.coded(self.code).exclude(pk=self.pk).exists():
            raise ValidationError({"code": _("There is a facility with this code already.")})

    @property
    def short_name(self) -> str:
        """The name without its kind: «Manggar» for «Puskesmas Manggar»."""
        for prefix in ("UPTD Puskesmas ", "Puskesmas ", "Pustu ", "Posyandu "):
            if self.name.startswith(prefix):
                return self.name.removeprefix(prefix)
        return self.name


class OperatingStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", pgettext_lazy("facility", "Closed")


class IlpStage(models.TextChoices):
    """Roll-out stages (domain/ilp.md section 1)."""

    NONE = "none", _("Not yet")
    PREPARING = "preparing", _("Preparing")
    PILOT = "pilot", _("Pilot")
    IMPLEMENTED = "implemented", _("ILP implemented")
    DELAYED = "delayed", _("Delayed")


@pghistory.track()
class FacilityStatus(models.Model):
    """What a facility was from ``start_on`` up to, not including, ``end_on``.
    Expected in a week, and allowed to report for it, is who is open on at least one day of it."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="statuses")
    operating = models.CharField(_("operating"), max_length=10, choices=OperatingStatus)
    ilp_stage = models.CharField(
        _("ILP stage"), max_length=12, choices=IlpStage, default=IlpStage.NONE
    )
    ilp_target_year = models.PositiveSmallIntegerField(_("ILP target year"), null=True, blank=True)
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until (exclusive)"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("facility status")
        verbose_name_plural = _("facility statuses")
        ordering = ["facility", "start_on"]
        constraints = [
            models.CheckConstraint(
                name="facility_status_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            ExclusionConstraint(
                name="facility_status_one_at_a_time",
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    (
                        DateRange("start_on", "end_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.operating} {self.start_on}"


@pghistory.track()
class ServiceArea(models.Model):
    """A facility serves a village from ``start_on`` up to, not including, ``end_on``."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="service_areas")
    village = models.ForeignKey("facilities.Area", models.PROTECT, related_name="served_by")
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until (exclusive)"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=20, blank=True)

    objects = ServiceAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        ordering = ["facility", "village", "start_on"]
        constraints = [
            models.CheckConstraint(
                name="service_area_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            ExclusionConstraint(
                name="service_area_once_at_a_time",
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    ("village", RangeOperators.EQUAL),
                    (
                        DateRange("start_on", "end_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.village_id}"

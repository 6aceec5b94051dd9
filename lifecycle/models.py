"""Life-cycle groups and target population (sasaran)."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import LongTextField, NameField
from lifecycle.querysets import TargetPopulationQuerySet


class GroupType(models.TextChoices):
    BASE = "base", _("base figure")
    HOUSEHOLD = "household", _("households")
    LIFECYCLE = "lifecycle", _("life-cycle group")
    RISK = "risk", _("group at risk")


@pghistory.track()
class LifecycleGroup(models.Model):
    """A target group with its age band and the share of the population that estimates it
    (``lifecycle/data/lifecycle_groups.csv``). Age bands differ between programmes, so each
    group has its own."""

    code = models.CharField(_("code"), max_length=12)
    name_id = NameField(_("name (Indonesian)"), max_length=120)
    name_en = NameField(_("name (English)"), max_length=120)
    cluster_code = models.CharField(_("cluster"), max_length=4)
    group_type = models.CharField(_("type"), max_length=12, choices=GroupType)
    age_min = models.PositiveSmallIntegerField(_("age from"), null=True, blank=True)
    age_min_unit = models.CharField(max_length=6, blank=True)
    age_max = models.PositiveSmallIntegerField(_("age to"), null=True, blank=True)
    age_max_unit = models.CharField(max_length=6, blank=True)
    sex = models.CharField(_("sex"), max_length=2, default="LP")
    # The unit noun of a gap in people: «62 bayi», «41 ibu».
    people_noun_id = NameField(_("people, Indonesian noun"), max_length=30, default="orang")
    people_noun_en = NameField(_("people, English noun"), max_length=30, default="people")
    estimation_formula = NameField(_("estimation formula"), max_length=200, blank=True)
    default_share = models.DecimalField(
        _("share of the population"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    coefficient_note = NameField(max_length=300, blank=True)
    real_data_source = NameField(_("source of real counts"), max_length=200, blank=True)
    source = LongTextField(_("source"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=12, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until (exclusive)"), null=True, blank=True)

    class Meta:
        verbose_name = _("life-cycle group")
        verbose_name_plural = _("life-cycle groups")
        ordering = ["sort_order", "code"]
        constraints = [
            models.UniqueConstraint(
                name="lifecycle_group_one_per_validity", fields=["code", "valid_from"]
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "id").startswith("en") else self.name_id


class Official(models.TextChoices):
    ESTIMATED = "estimated", _("estimated")
    COUNTED = "counted", _("counted")


@pghistory.track()
class TargetPopulation(models.Model):
    """The sasaran of a group in a year for one village or one facility: estimated and counted,
    one of them official. ``None`` is unknown, never zero. Locked for the year once fixed."""

    village = models.ForeignKey(
        "facilities.Area", models.PROTECT, null=True, blank=True, related_name="target_populations",
        verbose_name=_("village"),
    )  # fmt: skip
    facility = models.ForeignKey(
        "facilities.Facility",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="target_populations",
        verbose_name=_("facility"),
    )
    group_code = models.CharField(_("group"), max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    estimated = models.PositiveIntegerField(_("estimated"), null=True, blank=True)
    counted = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    official = models.CharField(
        _("official figure"), max_length=10, choices=Official, default=Official.ESTIMATED
    )
    basis = models.CharField(_("basis"), max_length=20, blank=True)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = TargetPopulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("target population")
        verbose_name_plural = _("target populations")
        ordering = ["year", "group_code"]
        constraints = [
            models.CheckConstraint(
                name="target_population_of_village_or_facility",
                condition=Q(village__isnull=False, facility=None)
                | Q(village=None, facility__isnull=False),
            ),
            models.UniqueConstraint(
                name="target_population_one_per_village",
                fields=["village", "group_code", "year"],
                condition=Q(village__isnull=False),
            ),
            models.UniqueConstraint(
                name="target_population_one_per_facility",
                fields=["facility", "group_code", "year"],
                condition=Q(facility__isnull=False),
            ),
            models.CheckConstraint(
                name="target_population_locked_when_and_by",
                condition=Q(locked_at=None, locked_by=None) | Q(locked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village_id or self.facility_id} {self.group_code} {self.year}"

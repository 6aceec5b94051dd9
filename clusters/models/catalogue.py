"""Clusters, services and indicators: data with validity dates, loaded from clusters/data."""

from __future__ import annotations

from typing import Literal

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.querysets import IndicatorQuerySet
from facilities.text.model_fields import LineField, LongTextField, NameField


class Named(models.Model):
    name_id = NameField(_("name (Indonesian)"), max_length=200)
    name_en = NameField(_("name (English)"), max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "id").startswith("en") else self.name_id


@pghistory.track()
class Cluster(Named):
    """K1 to K4 and LK (cross-cluster)."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ["sort_order", "code"]


@pghistory.track()
class Service(Named):
    """A service of a cluster; which cluster it belongs to is data, Puskesmas differ."""

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="services")
    group_codes = ArrayField(
        models.CharField(max_length=12), verbose_name=_("groups"), default=list, blank=True
    )
    source = LongTextField(_("source"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["code"]


class CalcType(models.TextChoices):
    """How an indicator is computed (domain/ilp.md section 7)."""

    CUMULATIVE = "cumulative", _("cumulative over the year")
    PERIOD_RATE = "period_rate", _("rate of a period")
    SNAPSHOT = "snapshot", _("state at a moment")
    RATIO_OF_FOUND = "ratio_of_found", _("share of the cases found")
    COUNT = "count", _("number of events")
    PLANNED = "planned", _("planned a few times a year")


class Direction(models.TextChoices):
    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")


class Level(models.TextChoices):
    """The lowest level that reports an indicator."""

    POSYANDU = "posyandu", "Posyandu"
    PUSTU = "pustu", "Pustu"
    PUSKESMAS = "puskesmas", "Puskesmas"
    DINKES = "dinkes", "Dinkes"


class Frequency(models.TextChoices):
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")
    SEMESTER = "semester", _("half-yearly")
    YEARLY = "yearly", _("yearly")
    CAMPAIGN = "campaign", _("by campaign")


class FilledBy(models.TextChoices):
    """Where a figure comes from. What the system knows itself is not typed."""

    PERSON = "person", _("register of persons")
    FACILITY_FORM = "facility_form", _("form of the facility")
    SESSION = "session", _("Posyandu session")
    SURVEILLANCE = "surveillance", _("surveillance")
    VISIT = "visit", _("home visits")
    REVIEW_LEDGER = "review_ledger", _("weekly reviews")
    ROLLOUT = "rollout", _("roll-out of the services")
    DERIVED = "derived", _("other figures")
    KADER_REGISTER = "kader_register", _("register of cadres")


@pghistory.track()
class Indicator(Named):
    """One version of an indicator, valid from a date. ``code`` names it over all versions;
    achievements hang on the code, so history survives a new definition."""

    code = models.CharField(_("code"), max_length=8)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until (exclusive)"), null=True, blank=True)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="indicators")
    group_codes = ArrayField(
        models.CharField(max_length=12), verbose_name=_("groups"), default=list, blank=True
    )
    numerator = NameField(_("numerator"), max_length=300)
    denominator = NameField(_("denominator"), max_length=300, blank=True)
    # S = factor x (sum of these groups' target population), or a constant per Puskesmas,
    # or, with neither, the denominator counted with each report.
    denominator_groups = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("denominator groups"),
        default=list,
        blank=True,
    )
    denominator_factor = models.DecimalField(
        _("denominator factor"), max_digits=6, decimal_places=4, default=1
    )
    denominator_constant = models.PositiveIntegerField(
        _("denominator per Puskesmas and year"), null=True, blank=True
    )
    unit = NameField(_("unit"), max_length=12, default="%")
    annual_target = models.DecimalField(_("annual target"), max_digits=7, decimal_places=2)
    direction = models.CharField(_("direction"), max_length=6, choices=Direction)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    frequency = models.CharField(_("frequency"), max_length=10, choices=Frequency)
    calc_type = models.CharField(_("calculation"), max_length=16, choices=CalcType)
    # Twelve weights, January to December; empty means linear over the weeks of the year.
    monthly_profile = ArrayField(
        models.DecimalField(max_digits=6, decimal_places=3), size=12, default=list, blank=True,
        verbose_name=_("monthly profile"),
    )  # fmt: skip
    # Which part of the yearly target is due when: a code of clusters.judgement.profiles.
    profile = models.CharField(_("profile"), max_length=12, blank=True)
    noun_id = LineField(_("unit noun (Indonesian)"), max_length=20, default="orang")
    noun_en = LineField(_("unit noun (English)"), max_length=20, default="people")
    smallest = models.PositiveSmallIntegerField(_("smallest denominator judged"), default=10)
    least_complete = models.PositiveSmallIntegerField(
        _("least completeness judged (%)"), null=True, blank=True
    )
    is_neutral = models.BooleanField(_("shown without judgement"), default=False)
    # 1: looked at in the weekly meeting unless a district chooses otherwise.
    priority = models.PositiveSmallIntegerField(_("priority"), default=2)
    is_collected = models.BooleanField(_("asked for in the reports"), default=True)
    filled_by = models.CharField(
        _("filled by"), max_length=16, choices=FilledBy, default=FilledBy.PERSON
    )
    is_spm = models.BooleanField(_("SPM"), default=False)
    spm_no = models.PositiveSmallIntegerField(_("SPM number"), null=True, blank=True)
    is_alert = models.BooleanField(_("every case is an urgent event"), default=False)
    source = LongTextField(_("source"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=12, blank=True)
    note = LineField(_("note"), max_length=300, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["cluster__sort_order", "sort_order", "code"]
        constraints = [
            models.UniqueConstraint(
                name="indicator_one_per_validity", fields=["code", "valid_from"]
            ),
        ]

    @property
    def denominator_kind(self) -> Literal["population", "report", "yearly", "none"]:
        """Where the denominator comes from: S, each report, once a year, or nowhere."""
        if self.calc_type in (CalcType.COUNT, CalcType.PLANNED):
            return "none"
        if not self.needs_denominator:
            return "population"
        return "yearly" if self.calc_type == CalcType.CUMULATIVE else "report"

    @property
    def needs_denominator(self) -> bool:
        """Whether each report carries its own denominator beside the count."""
        return (
            self.calc_type not in (CalcType.COUNT, CalcType.PLANNED)
            and not self.denominator_groups
            and self.denominator_constant is None
        )

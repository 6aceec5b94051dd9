"""Weekly counts as reported, and the roll-up the database keeps true with every write."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField
from clusters.querysets import AchievementQuerySet, AchievementTotalQuerySet
from facilities.text.model_fields import LineField


class Source(models.TextChoices):
    PAGE = "page", _("page")
    IMPORT = "import", _("import")
    API = "api", "API"
    DEMO = "demo", _("demo data")
    SYSTEM = "system", _("computed by the system")


def _part_of(part: str, whole: str) -> Q:
    return Q(**{part: None}) | Q(**{f"{whole}__isnull": False, f"{part}__lte": F(whole)})


# The first entry, for a whole statement at once (imports write thousands of rows), then what was
# replaced or taken away.
@pghistory.track(
    pghistory.InsertEvent(level=pghistory.Statement),
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(row=pghistory.Old),
)
class Achievement(models.Model):
    """What one facility itself counted in one week for one indicator. ``None`` means no data
    yet; 0 means none happened. Counts of facilities below are not included."""

    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="achievements")
    indicator_code = models.CharField(_("indicator"), max_length=8)
    week = WeekField(_("week"))
    # The epidemiological year of the week: running totals restart with it.
    year = models.PositiveSmallIntegerField(editable=False)
    numerator = models.PositiveIntegerField(_("count"), null=True, blank=True)
    denominator = models.PositiveIntegerField(_("denominator"), null=True, blank=True)
    # Of a week that crosses two months: how many belong to the first one («sampai tanggal 30
    # April: 5 dari 9»). Empty: all belong to the month that holds most of the week.
    first_month_numerator = models.PositiveIntegerField(
        _("count up to the end of the month"), null=True, blank=True
    )
    first_month_denominator = models.PositiveIntegerField(
        _("denominator up to the end of the month"), null=True, blank=True
    )
    note = LineField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered"), auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        ordering = ["facility", "week", "indicator_code"]
        constraints = [
            # Also the index of the review form: one facility, one week.
            models.UniqueConstraint(
                name="achievement_one_per_facility_week",
                fields=["facility", "week", "indicator_code"],
            ),
            models.CheckConstraint(
                name="achievement_week_starts_on_sunday", condition=Q(week__week_day=1)
            ),
            models.CheckConstraint(
                name="achievement_first_month_is_a_part",
                condition=_part_of("first_month_numerator", "numerator")
                & _part_of("first_month_denominator", "denominator"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "indicator_code", "year", "week"], name="achievement_series"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.indicator_code} {self.week}: {self.numerator}"

    def fit_first_month(self) -> None:
        """A part that is more than the count by now says nothing any more."""
        for name in ("numerator", "denominator"):
            part, whole = getattr(self, f"first_month_{name}"), getattr(self, name)
            if part is not None and (whole is None or part > whole):
                setattr(self, f"first_month_{name}", None)


class AchievementTotal(models.Model):
    """Weekly sums of a facility with everything below it, and their running totals since week 1.

    Written only by database triggers on Achievement, in the transaction of the write.
    For a snapshot indicator the running figure is the sum of the latest values of the facilities
    that hang below in that week. Below means: by the dated placements, on the week's last day.
    Where an indicator's calc_type changes, running totals start anew.
    """

    facility = models.ForeignKey("facilities.Facility", models.CASCADE, related_name="+")
    indicator_code = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    week = WeekField()
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    # Change against each facility's value before; equals the sum but for snapshots.
    numerator_change = models.BigIntegerField(default=0)
    denominator_change = models.BigIntegerField(default=0)
    running_numerator = models.BigIntegerField(default=0)
    running_denominator = models.BigIntegerField(default=0)
    # How many facilities have a count (not null) in this week.
    reports = models.PositiveIntegerField(default=0)
    # Weeks of the year up to this row with a report, week 1 in bit 0: by the facility or any
    # below it, and by the facility itself.
    weeks_reported = models.BigIntegerField(default=0)
    own_weeks = models.BigIntegerField(default=0)
    # What of this week's sums belongs to the month that does not hold most of the week.
    moved_numerator = models.BigIntegerField(default=0)
    moved_denominator = models.BigIntegerField(default=0)

    objects = AchievementTotalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="achievement_total_one_per_series_week",
                fields=["facility", "indicator_code", "year", "week"],
            ),
        ]
        indexes = [
            # A page reads all indicators of one facility for a few weeks.
            models.Index(fields=["facility", "week"], name="achievement_total_page"),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.indicator_code} {self.week}: {self.running_numerator}"

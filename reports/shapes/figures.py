"""Indicators and their figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from clusters.targets import Colour, Figures, Status, Trend
from reports.shapes.places import FacilityRef


@dataclass(frozen=True, slots=True)
class IndicatorRef:
    code: str
    name_id: str
    name_en: str
    unit: str  # «%», «kasus»
    calc_type: str
    direction: str
    frequency: str
    level: str
    annual_target: Decimal
    people_noun_id: str  # «bayi»
    people_noun_en: str
    needs_denominator: bool
    is_spm: bool
    is_alert: bool
    starts_in_week: int | None  # «target mulai minggu ke-30»; None when already running
    profile: str = ""  # which part of the target is due when: clusters.judgement.profiles


@dataclass(frozen=True, slots=True)
class ReplacedSum:
    """The figure a Puskesmas used in place of the week's sum, beside that sum."""

    used: int
    used_denominator: int | None
    sum: int | None  # what own count and reports below add up to now; None: nothing reported
    sum_denominator: int | None
    sum_then: int | None  # the same when it was replaced
    sum_denominator_then: int | None
    reason: str
    by: str
    at: dt.datetime
    version: int

    @property
    def has_changed(self) -> bool:
        """Whether the reports say something else since."""
        return (self.sum, self.sum_denominator) != (self.sum_then, self.sum_denominator_then)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one facility in one week."""

    indicator: IndicatorRef
    figures: Figures
    is_due: bool  # whether this week's report must carry it
    is_filled: bool  # reported in the period (week, month, quarter) this week lies in
    reported: int  # units below (Pustu) that have a figure this week; 1 or 0 for a Pustu
    expected: int  # units open this week that must report it
    # Last eight weeks, oldest first; None = no report.
    spark: tuple[int | None, ...]
    weekly_target: Decimal | None  # dashed line of the sparkline, people a week
    annual_target_people: int | None  # S x T/100, the end of the bullet bar
    # The facility's own row (without those below), for the form.
    own_count: int | None = None
    own_denominator: int | None = None
    own_version: int = 0  # 0: no row yet
    below_count: int | None = None  # sum of the facilities below this week
    note: str = ""
    entered_by: str = ""
    entered_at: dt.datetime | None = None
    replaced: ReplacedSum | None = None  # the figures of the line use it instead of the sum
    coverage_last_year: Decimal | None = None  # percent, in the same week; None: not known
    is_priority: bool = False  # looked at in the weekly meeting
    is_far_behind_again: bool = False  # in this week and in the one before
    running_period: str = ""  # of a campaign under way: «2026-C08»
    # Of a week of two months: how many of its own count came before the second one began.
    own_first_month: int | None = None
    own_first_month_denominator: int | None = None
    computed_from: str = ""  # the system fills it in: clusters.computed; empty: people do

    @property
    def at_closing(self) -> Line:
        """The line with the columns of its closed period. A list of what fell behind is chosen by
        the closed period and so speaks of it, also where the table shows the week."""
        judged = self.figures.judged
        if judged is None:
            return self
        gap = judged.gap
        if gap is not None and self.indicator.direction == "lower":
            gap = -gap
        figures = replace(
            self.figures,
            population=self.figures.population if judged.population is None else judged.population,
            target_to_date=judged.target_to_date,
            target_percent=judged.target_percent or self.figures.target_percent,
            cumulative=judged.cumulative,
            cumulative_denominator=judged.denominator,
            coverage=judged.coverage,
            gap=gap,
            percent_of_target=judged.percent_of_target,
        )
        return replace(self, figures=figures)


@dataclass(frozen=True, slots=True)
class ClusterBlock:
    code: str
    name_id: str
    name_en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over the lines of a sheet."""

    indicators: int
    due: int
    filled: int  # due and reported
    green: int
    yellow: int
    red: int
    grey: int
    baik: int
    kurang: int
    cukup: int
    jelek: int
    unjudged: int
    on_target: int  # is_on_target is True
    below_target: int  # is_on_target is False


@dataclass(frozen=True, slots=True)
class RegionCell:
    """One place in a PWS chart."""

    facility: FacilityRef
    coverage: Decimal | None
    cumulative: int | None
    population: int | None
    recent_percent: Decimal | None
    previous_percent: Decimal | None
    trend: Trend | None
    status: Status | None
    colour: Colour
    gap: int | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class RegionChart:
    """A PWS chart: one indicator over the places below a facility, best first, whole last."""

    indicator: IndicatorRef
    target_percent: Decimal
    cells: tuple[RegionCell, ...]
    whole: RegionCell


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One place below, all its indicators (Lampiran 2)."""

    facility: FacilityRef
    is_reported: bool
    lines: tuple[Line, ...]
    # Reports here no more: only the row of what it brought, so that the rows add up to the sum.
    is_past: bool = False

"""The raw series behind the lines, read in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q

from clusters.models import Achievement, AchievementTotal, Indicator
from clusters.weeks import Week, weeks_in_year
from clusters.windows import value_period
from facilities.models import Facility, Placement
from reports.figures.queries.replaced_sums import replaced_sums
from reports.shapes import ReplacedSum

Pair = tuple[int | None, int | None]
# How far back counts are read: eight weeks for the small picture, and the reporting period so far.
WEEKS_READ = {
    "weekly": 8, "monthly": 9, "quarterly": 14, "semester": 27, "yearly": 53, "campaign": 9,
}  # fmt: skip
# The kind of the units whose reports a facility sums up, and which levels they report.
UNITS_BELOW = {"dinkes": "puskesmas", "puskesmas": "pustu"}


@dataclass(slots=True)
class Series:
    """One facility, one indicator: weekly sums lately, and the running total at the end."""

    # (sum n, sum d, change of n, change of d, how many facilities counted)
    weeks: dict[Week, tuple[int | None, int | None, int, int, int]] = field(default_factory=dict)
    # The last row of the epidemiological year up to the board's week: (running n, running d).
    latest: dict[int, Pair] = field(default_factory=dict)
    # How many weeks of the year have a report, up to the board's week.
    reports: dict[int, int] = field(default_factory=dict)
    last_year: Pair = (None, None)  # running n and d in the same week of the year before

    def window(self, weeks: Iterable[Week]) -> Pair:
        """Sums over some weeks; None where nothing was reported in any of them."""
        numerator: int | None = None
        denominator: int | None = None
        for week in weeks:
            row = self.weeks.get(week)
            if row is None or row[0] is None:
                continue
            numerator = (numerator or 0) + row[0]
            if row[1] is not None:
                denominator = (denominator or 0) + row[1]
        return numerator, denominator

    def running(self, at: Week) -> Pair:
        """The running total at the end of a week: the last one minus what came after it."""
        latest = self.latest.get(at.year)
        if latest is None or latest[0] is None:
            return None, None
        numerator, denominator = latest[0], latest[1] or 0
        later = [row for week, row in self.weeks.items() if week > at and week.year == at.year]
        numerator -= sum(row[2] for row in later)
        denominator -= sum(row[3] for row in later)
        if self.reports.get(at.year, 0) <= len(later):
            return None, None  # the first report of the year came only after ``at``
        return numerator, denominator


_EMPTY = Series()


def same_week_last_year(week: Week) -> Week:
    """By its number; of a 53rd week the last one, when that year has 52."""
    return Week(week.year - 1, min(week.number, weeks_in_year(week.year - 1)))


@dataclass(slots=True)
class Board:
    """Everything read for a set of facilities and one week."""

    week: Week
    series: dict[tuple[int, str], Series]
    own: dict[tuple[int, str], Achievement]
    units: dict[int, dict[str, int]]  # facilities expected below by kind
    reported: dict[tuple[int, str], int]  # units below with a figure this week
    replaced: dict[tuple[int, str], ReplacedSum]  # sums of this week that a person replaced

    def one(self, facility_id: int, code: str) -> Series:
        return self.series.get((facility_id, code), _EMPTY)

    def puskesmas_count(self, facility: Facility) -> int:
        if facility.kind == "dinkes":
            return self.units.get(facility.pk, {}).get("puskesmas", 0)
        return 1 if facility.kind == "puskesmas" else 0

    def has_units_below(self, facility: Facility, indicator: Indicator) -> bool:
        kind = UNITS_BELOW.get(facility.kind)
        return kind is not None and not (kind == "pustu" and indicator.level == "puskesmas")

    def completeness(self, facility: Facility, indicator: Indicator) -> tuple[int, int]:
        """(reported, expected) units this week: «4 dari 5 Pustu»."""
        if self.has_units_below(facility, indicator) and indicator.level != "dinkes":
            expected = self.units.get(facility.pk, {}).get(UNITS_BELOW[facility.kind], 0)
            return self.reported.get((facility.pk, indicator.code), 0), expected
        row = self.one(facility.pk, indicator.code).weeks.get(self.week)
        return int(row is not None and row[0] is not None), 1


def load(
    facilities: Sequence[Facility],
    indicators: Sequence[Indicator],
    week: Week,
) -> Board:
    """Six queries, however many facilities and however long the history."""
    ids = [facility.pk for facility in facilities]
    return Board(
        week=week,
        series=_series(ids, indicators, week),
        own={
            (row.facility_id, row.indicator_code): row
            for row in Achievement.objects.filter(facility__in=ids, week=week).select_related(
                "entered_by"
            )
        },
        units=_units(ids, week),
        reported=_reported(ids, week),
        replaced=replaced_sums(ids, week),
    )


_LATEST = """
SELECT f.id, i.code, y.year, t.running_numerator, t.running_denominator, n.reports
FROM unnest(%(ids)s::bigint[]) AS f(id)
CROSS JOIN unnest(%(codes)s::varchar[]) AS i(code)
CROSS JOIN unnest(%(years)s::int[], %(weeks)s::date[]) AS y(year, week)
JOIN LATERAL (
  SELECT running_numerator, running_denominator FROM clusters_achievementtotal
  WHERE facility_id = f.id AND indicator_code = i.code AND year = y.year AND week <= y.week
  ORDER BY week DESC LIMIT 1
) t ON true
CROSS JOIN LATERAL (
  SELECT count(*) AS reports FROM clusters_achievementtotal
  WHERE facility_id = f.id AND indicator_code = i.code AND year = y.year AND week <= y.week
) n
"""


def _series(
    ids: list[int], indicators: Sequence[Indicator], week: Week
) -> dict[tuple[int, str], Series]:
    found: dict[tuple[int, str], Series] = defaultdict(Series)
    codes = [indicator.code for indicator in indicators]
    last = same_week_last_year(week)
    reach = Q()
    for frequency, weeks in WEEKS_READ.items():
        of_this = [row.code for row in indicators if row.frequency == frequency]
        reach |= Q(indicator_code__in=of_this, week__gt=week - weeks)
        # A rate is taken over its period, last year as well.
        reach |= Q(
            indicator_code__in=[
                row.code
                for row in indicators
                if row.frequency == frequency and row.calc_type in ("period_rate", "ratio_of_found")
            ],
            week__in=value_period(last, frequency, "FEB_AUG" if frequency == "campaign" else ""),
        )
    rows = AchievementTotal.objects.filter(
        reach, facility__in=ids, week__lte=week
    ).values_list(
        "facility_id", "indicator_code", "week", "numerator", "denominator",
        "numerator_change", "denominator_change", "reports",
    )  # fmt: skip
    for facility_id, code, at, *figures in rows:
        found[facility_id, code].weeks[at] = tuple(figures)
    with connection.cursor() as cursor:
        both = (week, last)
        years, weeks_read = [at.year for at in both], [at.start for at in both]
        cursor.execute(_LATEST, {"ids": ids, "codes": codes, "years": years, "weeks": weeks_read})
        for facility_id, code, year, numerator, denominator, reports in cursor.fetchall():
            one = found[facility_id, code]
            if year == last.year:
                one.last_year = (numerator, denominator)
                continue
            one.latest[year] = (numerator, denominator)
            one.reports[year] = reports
    return dict(found)


def _units(ids: list[int], week: Week) -> dict[int, dict[str, int]]:
    """How many of each kind were expected in the week below each, where they hung then."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        Placement.objects.current(week.end)
        .filter(parent__in=ids)
        .filter(facility__in=Facility.objects.open_between(week.start, week.end))
        .order_by()
        .values_list("parent_id", "facility__kind")
        .annotate(n=Count("pk"))
    )
    for parent_id, kind, number in rows:
        counts[parent_id][kind] = number
    return counts


def _reported(ids: list[int], week: Week) -> dict[tuple[int, str], int]:
    """Of those expected only: «6 dari 5» cannot be."""
    way = "facility__placements"
    rows = (
        AchievementTotal.objects.filter(
            Q(**{f"{way}__end_on": None}) | Q(**{f"{way}__end_on__gt": week.end}),
            **{f"{way}__start_on__lte": week.end, f"{way}__parent__in": ids},
            facility__in=Facility.objects.open_between(week.start, week.end).values("pk"),
            facility__kind__in=["puskesmas", "pustu"],
            week=week,
            reports__gt=0,
        )
        .order_by()
        .values_list(f"{way}__parent_id", "indicator_code")
        .annotate(n=Count("pk"))
    )
    return {(parent_id, code): number for parent_id, code, number in rows}

"""The raw series behind the lines, read in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q

from clusters.models import Achievement, AchievementTotal, Indicator, Target
from clusters.weeks import Week
from facilities.models import Facility
from reports.queries.replaced_sums import replaced_sums
from reports.queries.shapes import ReplacedSum

Pair = tuple[int | None, int | None]
# How far back a trend needs counts: two complete months lie within 14 weeks, two complete
# quarters within 40.
WEEKS_READ = {"weekly": 8, "monthly": 14, "quarterly": 40}
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


@dataclass(slots=True)
class Board:
    """Everything read for a set of facilities and one week."""

    week: Week
    series: dict[tuple[int, str], Series]
    own: dict[tuple[int, str], Achievement]
    targets: dict[tuple[int, str], Target]
    units: dict[int, dict[str, int]]  # open facilities below by kind
    reported: dict[tuple[int, str], int]  # units below with a figure this week
    replaced: dict[tuple[int, str], ReplacedSum]  # sums of this week that a person replaced

    def one(self, facility_id: int, code: str) -> Series:
        return self.series.get((facility_id, code), _EMPTY)

    def target(self, facility: Facility, code: str) -> Target | None:
        """The nearest target upwards."""
        for label in reversed(str(facility.path).split(".")):
            if target := self.targets.get((int(label), code)):
                return target
        return None

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
    *,
    looking_back: int = 0,
) -> Board:
    """Seven queries, however many facilities and however long the history.

    ``looking_back``: lines of so many earlier weeks can be computed from the same board.
    """
    ids = [facility.pk for facility in facilities]
    return Board(
        week=week,
        series=_series(ids, indicators, week, looking_back),
        own={
            (row.facility_id, row.indicator_code): row
            for row in Achievement.objects.filter(facility__in=ids, week=week).select_related(
                "entered_by"
            )
        },
        targets=_targets(facilities, week.year),
        units=_units(ids, week),
        reported=_reported(ids, week),
        replaced=replaced_sums(ids, week),
    )


_LATEST = """
SELECT f.id, i.code, t.running_numerator, t.running_denominator, n.reports
FROM unnest(%(ids)s::bigint[]) AS f(id)
CROSS JOIN unnest(%(codes)s::varchar[]) AS i(code)
JOIN LATERAL (
  SELECT running_numerator, running_denominator FROM clusters_achievementtotal
  WHERE facility_id = f.id AND indicator_code = i.code AND year = %(year)s AND week <= %(week)s
  ORDER BY week DESC LIMIT 1
) t ON true
CROSS JOIN LATERAL (
  SELECT count(*) AS reports FROM clusters_achievementtotal
  WHERE facility_id = f.id AND indicator_code = i.code AND year = %(year)s AND week <= %(week)s
) n
"""


def _series(
    ids: list[int], indicators: Sequence[Indicator], week: Week, looking_back: int
) -> dict[tuple[int, str], Series]:
    found: dict[tuple[int, str], Series] = defaultdict(Series)
    codes = [indicator.code for indicator in indicators]
    reach = Q()
    for frequency, weeks in WEEKS_READ.items():
        of_this = [row.code for row in indicators if row.frequency == frequency]
        reach |= Q(indicator_code__in=of_this, week__gt=week - (weeks + looking_back))
    rows = AchievementTotal.objects.filter(
        reach, facility__in=ids, week__lte=week
    ).values_list(
        "facility_id", "indicator_code", "week", "numerator", "denominator",
        "numerator_change", "denominator_change", "reports",
    )  # fmt: skip
    for facility_id, code, at, *figures in rows:
        found[facility_id, code].weeks[at] = tuple(figures)
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, {"ids": ids, "codes": codes, "year": week.year, "week": week.start})
        for facility_id, code, numerator, denominator, reports in cursor.fetchall():
            one = found[facility_id, code]
            one.latest[week.year] = (numerator, denominator)
            one.reports[week.year] = reports
    return dict(found)


def _targets(facilities: Sequence[Facility], year: int) -> dict[tuple[int, str], Target]:
    """Targets of the facilities and everything above them; a path's labels are ids."""
    ids = {int(label) for facility in facilities for label in str(facility.path).split(".")}
    rows = Target.objects.filter(facility__in=ids, year=year)
    return {(row.facility_id, row.indicator_code): row for row in rows}


def _units(ids: list[int], week: Week) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        Facility.objects.open_on(week.end)
        .filter(parent__in=ids)
        .order_by()
        .values_list("parent_id", "kind")
        .annotate(n=Count("pk"))
    )
    for parent_id, kind, number in rows:
        counts[parent_id][kind] = number
    return counts


def _reported(ids: list[int], week: Week) -> dict[tuple[int, str], int]:
    rows = (
        AchievementTotal.objects.filter(
            facility__parent__in=ids,
            facility__kind__in=["puskesmas", "pustu"],
            week=week,
            reports__gt=0,
        )
        .order_by()
        .values_list("facility__parent_id", "indicator_code")
        .annotate(n=Count("pk"))
    )
    return {(parent_id, code): number for parent_id, code, number in rows}

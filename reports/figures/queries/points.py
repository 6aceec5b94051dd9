"""Running totals of many facilities at many weeks, in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from clusters.judgement.parts import Amount
from clusters.judgement.periods import Period
from clusters.models import AchievementTotal
from clusters.weeks import Week

Cell = tuple[str, Week]  # indicator code, week


@dataclass(frozen=True, slots=True)
class Point:
    """Sums since New Year at the end of a week. ``weeks``, ``own``: bit masks of the weeks of
    the year reported by the facility with those below it, and by itself."""

    numerator: int
    denominator: int
    weeks: int
    own: int

    @property
    def amount(self) -> Amount:
        return Amount(self.numerator, self.denominator)


_POINTS = """
SELECT f.id, i.code, i.week, t.running_numerator, t.running_denominator,
  t.weeks_reported, t.own_weeks
FROM unnest(%(ids)s::bigint[]) AS f(id)
CROSS JOIN unnest(%(codes)s::varchar[], %(years)s::int[], %(weeks)s::date[]) AS i(code, year, week)
JOIN LATERAL (
  SELECT running_numerator, running_denominator, weeks_reported, own_weeks
  FROM clusters_achievementtotal
  WHERE facility_id = f.id AND indicator_code = i.code AND year = i.year AND week <= i.week
  ORDER BY week DESC LIMIT 1
) t ON true
"""
# Parts of weeks that lie in two months: what belongs to the month that has fewer of their days.
_MOVED = """
SELECT facility_id, indicator_code, week, moved_numerator, moved_denominator
FROM clusters_achievementtotal
WHERE facility_id = ANY(%(ids)s) AND indicator_code = ANY(%(codes)s) AND week = ANY(%(weeks)s)
  AND (moved_numerator <> 0 OR moved_denominator <> 0)
"""
_YEARLY = """
SELECT DISTINCT ON (facility_id, indicator_code) facility_id, indicator_code, denominator
FROM clusters_achievement
WHERE facility_id = ANY(%(ids)s) AND indicator_code = ANY(%(codes)s) AND year = %(year)s
  AND week <= %(week)s AND denominator IS NOT NULL
ORDER BY facility_id, indicator_code, week DESC
"""


class Points:
    """What was read: ``at`` a week, and ``within`` a period."""

    def __init__(self, ids: list[int], cells: Iterable[Cell]) -> None:
        wanted = sorted(set(cells))
        self._points: dict[tuple[int, str, Week], Point] = {}
        self._moved: dict[tuple[int, str, Week], Amount] = {}
        codes = [code for code, _week in wanted]
        weeks = [week.start for _code, week in wanted]
        by_start = {week.start: week for _code, week in wanted}
        after = {(week + 1).start: week + 1 for week in by_start.values()}
        with connection.cursor() as cursor:
            cursor.execute(
                _POINTS,
                {
                    "ids": ids,
                    "codes": codes,
                    "years": [week.year for _code, week in wanted],
                    "weeks": weeks,
                },
            )
            for facility_id, code, start, *values in cursor.fetchall():
                self._points[facility_id, code, by_start[start]] = Point(*map(int, values))
            edges = by_start | after
            cursor.execute(_MOVED, {"ids": ids, "codes": sorted(set(codes)), "weeks": list(edges)})
            for facility_id, code, start, numerator, denominator in cursor.fetchall():
                amount = Amount(int(numerator), int(denominator))
                self._moved[facility_id, code, edges[start]] = amount

    def at(self, facility_id: int, code: str, week: Week) -> Point | None:
        return self._points.get((facility_id, code, week))

    def to_end_of(self, facility_id: int, code: str, period: Period) -> Amount:
        """Since New Year to the end of a period; weeks across its last day are split where the
        report said how."""
        return self._to(facility_id, code, period.last_week, period.last_week.year)

    def _to(self, facility_id: int, code: str, week: Week, year: int) -> Amount:
        point = self.at(facility_id, code, week) if week.year == year else None
        amount = point.amount if point else Amount()
        if not self._moved or week.year != year:
            return amount
        ends = self._moved.get((facility_id, code, week))
        begins = self._moved.get((facility_id, code, week + 1))
        if ends is not None and week.start.month != week.end.month:
            amount += Amount(-(ends.numerator or 0), -(ends.denominator or 0))
        if begins is not None and (week + 1).start.month != (week + 1).end.month:
            amount += begins
        return amount

    def within(self, facility_id: int, code: str, period: Period) -> Amount:
        """In a period alone."""
        end = self.to_end_of(facility_id, code, period)
        before = period.first_week - 1
        start = self._to(facility_id, code, before, before.year)
        if before.year == period.last_week.year:
            return _difference(end, start)
        if period.first_week.year == period.last_week.year:
            return end
        # Only a block of weeks lies in two years: what the old one had after its beginning.
        old_end = self._to(facility_id, code, last_of(before.year), before.year)
        return end + _difference(old_end, start)

    def weeks(self, facility_id: int, code: str, week: Week, *, own: bool = False) -> int:
        """The mask of reported weeks of the year, up to a week that was asked for."""
        point = self.at(facility_id, code, week)
        if point is None:
            return 0
        return point.own if own else point.weeks


def last_of(year: int) -> Week:
    """The last week of an epidemiological year."""
    return Week(year + 1, 1) - 1


def _difference(end: Amount, start: Amount) -> Amount:
    if end.numerator is None:
        return end
    return Amount(
        end.numerator - (start.numerator or 0), (end.denominator or 0) - (start.denominator or 0)
    )


def yearly_denominators(ids: list[int], codes: list[str], week: Week) -> dict[tuple[int, str], int]:
    """The latest denominator of what is counted once a year, by (facility id, code)."""
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_YEARLY, {"ids": ids, "codes": codes, "year": week.year, "week": week.start})
        return {(pk, code): denominator for pk, code, denominator in cursor.fetchall()}


def planned_ever(ids: list[int], codes: list[str], year: int) -> set[tuple[int, str]]:
    """(facility id, code) of what was entered at any time of a year or the one before."""
    rows = AchievementTotal.objects.filter(
        facility__in=ids, indicator_code__in=codes, year__in=(year - 1, year)
    )
    return set(rows.order_by().values_list("facility_id", "indicator_code").distinct())

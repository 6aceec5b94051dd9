"""Units that hang below no more, or report no more, while their counts of the year are in the sum.

«F (tutup 1 Nov)», «C (gabungan A, B s.d. 30 Jun)», «Y (pindah 1 Jul)»: a row of each, so that the
printed rows add up to the printed sum. Nothing of theirs is judged. Someone who came within the
year has a row of what was reported here: «Y (sejak 1 Jul)».
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import connection
from django.utils import translation
from django.utils.formats import date_format

from clusters.weeks import Week
from facilities.models import Facility, FacilityStatus, FormerName, NetworkEvent, Placement
from facilities.models.network import NetworkEventKind
from reports.shapes import Line

# What a unit brought to one facility: the weeks in which it hung there, since the sum began. A
# state goes along with a unit that moves away.
_BROUGHT = """
SELECT t.facility_id, t.indicator_code, sum(t.numerator_change)::bigint,
  sum(t.denominator_change)::bigint,
  max(t.numerator) FILTER (WHERE t.week = %(week)s),
  max(t.denominator) FILTER (WHERE t.week = %(week)s)
FROM clusters_achievementtotal t
JOIN facilities_placement p ON p.facility_id = t.facility_id AND p.parent_id = %(above)s
  AND p.start_on <= t.week + 6 AND (p.end_on IS NULL OR p.end_on > t.week + 6)
CROSS JOIN LATERAL clusters_definitions(t.indicator_code) d
WHERE t.facility_id = ANY(%(units)s) AND t.year = %(year)s AND t.week <= %(week)s
  AND t.week >= d.since AND d.since <= %(week)s AND d.until > %(week)s
  AND (d.calc_type <> 'snapshot' OR t.facility_id = ANY(%(here)s))
GROUP BY t.facility_id, t.indicator_code
"""
type Sums = tuple[int, int, int | None, int | None]


@dataclass(slots=True)
class Brought:
    """One row beside those of the units that report: who, and what it brought, by indicator.
    ``facility`` bears the name of the row and is not to be saved."""

    facility: Facility
    sums: dict[str, Sums] = field(default_factory=dict)

    def line(self, whole: Line) -> Line:
        """The row's line of an indicator: counts without a judgement."""
        counted = self.sums.get(whole.indicator.code)
        total, total_denominator, count, denominator = counted or (None, None, None, None)
        if whole.indicator.calc_type == "period_rate":
            total = total_denominator = None
        has_denominator = whole.figures.cumulative_denominator is not None
        return replace(
            whole,
            figures=replace(
                whole.figures,
                population=None, target_to_date=None, week_count=count,
                week_denominator=denominator, cumulative=total,
                cumulative_denominator=total_denominator if has_denominator else None,
                coverage=None, gap=None, percent_of_target=None, need_per_week=None, recent=None,
                previous=None, recent_percent=None, previous_percent=None, trend=None,
                is_on_target=None, status=None, colour="grey", checks=(),
            ),
            is_due=False, is_filled=True, reported=0, expected=0, spark=(None,) * 8,
            weekly_target=None, annual_target_people=None, own_count=None, own_denominator=None,
            own_version=0, below_count=None, note="", entered_by="", entered_at=None, replaced=None,
            coverage_last_year=None,
        )  # fmt: skip


def brought_by_others(
    above: Facility, week: Week, units: Sequence[Facility]
) -> tuple[list[Brought], dict[int, Brought]]:
    """(rows beside ``units``, the units that came within the year by id). ``units`` are those
    expected in the week. Two queries where nothing happened."""
    first = Week(week.year, 1).start
    ids = {unit.pk for unit in units}
    placed: dict[int, list[Placement]] = defaultdict(list)
    for row in Placement.objects.filter(parent=above, start_on__lte=week.end).exclude(
        end_on__lte=first + dt.timedelta(days=6)
    ):
        placed[row.facility_id].append(row)
    came = {
        pk: max(row.start_on for row in rows)
        for pk, rows in placed.items()
        if pk in ids and max(row.start_on for row in rows) > first
    }
    wanted = [pk for pk in placed if pk not in ids] + list(came)
    if not wanted:
        return [], {}
    sums = _sums(above, week, wanted, placed)
    named = {unit.pk: unit for unit in units}
    here = {
        pk: Brought(_called(named[pk], "sejak", came[pk], week), sums.get(pk, {})) for pk in came
    }
    return _past(week, [pk for pk in sums if pk not in ids], placed, sums), here


def _sums(
    above: Facility, week: Week, units: list[int], placed: dict[int, list[Placement]]
) -> dict[int, dict[str, Sums]]:
    here = [pk for pk in units if any(row.end_on is None or row.end_on > week.end
                                      for row in placed[pk])]  # fmt: skip
    found: dict[int, dict[str, Sums]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            _BROUGHT,
            {"above": above.pk, "units": units, "here": here, "year": week.year,
             "week": week.start},
        )  # fmt: skip
        for pk, code, *figures in cursor.fetchall():
            found[pk][code] = tuple(figures)
    return dict(found)


def _past(
    week: Week,
    ids: list[int],
    placed: dict[int, list[Placement]],
    sums: dict[int, dict[str, Sums]],
) -> list[Brought]:
    units = Facility.objects.filter(pk__in=ids).order_by("-kind", "code")
    names = FormerName.objects.on(ids, week.end)
    closed = dict(
        FacilityStatus.objects.filter(facility__in=ids, operating="open", end_on__lte=week.end)
        .order_by("end_on")
        .values_list("facility_id", "end_on")
    )
    merged = {
        row.facility_id: row
        for row in NetworkEvent.objects.filter(
            facility__in=ids, kind=NetworkEventKind.MERGE, on__lte=week.end
        ).select_related("other")
    }
    together: dict[int, list[Facility]] = defaultdict(list)
    result = []
    for unit in units:
        unit.name = names.get(unit.pk, unit.name)
        gone = max((row.end_on for row in placed[unit.pk] if row.end_on), default=None)
        stays = any(row.end_on is None or row.end_on > week.end for row in placed[unit.pk])
        if (event := merged.get(unit.pk)) is not None and stays:
            together[event.other_id or 0].append(unit)
        elif not stays and gone is not None:
            result.append(Brought(_called(unit, "pindah", gone, week), sums[unit.pk]))
        elif unit.pk in closed:
            result.append(Brought(_called(unit, "tutup", closed[unit.pk], week), sums[unit.pk]))
        else:
            result.append(Brought(_called(unit, "di luar daftar", None, week), sums[unit.pk]))
    result += [
        _merged(units_merged, merged[units_merged[0].pk], sums, week)
        for units_merged in together.values()
    ]
    return result


def _merged(
    units: list[Facility], event: NetworkEvent, sums: dict[int, dict[str, Sums]], week: Week
) -> Brought:
    """What several units brought before they became one."""
    into = event.other
    row = copy.copy(units[0])
    names = ", ".join(unit.short_name for unit in units)
    last = _day(event.on - dt.timedelta(days=1), week)
    row.name = f"{into.name if into else ''} (gabungan {names} s.d. {last})"
    added: dict[str, Sums] = {}
    for unit in units:
        for code, figures in sums[unit.pk].items():
            before = added.get(code, (0, 0, None, None))
            added[code] = (
                before[0] + figures[0],
                before[1] + figures[1],
                _plus(before[2], figures[2]),
                _plus(before[3], figures[3]),
            )
    return Brought(row, added)


def _plus(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


def _called(unit: Facility, what: str, day: dt.date | None, week: Week) -> Facility:
    """A copy under the name its row bears, in Indonesian like every name on paper."""
    row = copy.copy(unit)
    row.name = f"{unit.name} ({what} {_day(day, week)})" if day else f"{unit.name} ({what})"
    return row


def _day(day: dt.date, week: Week) -> str:
    with translation.override("id"):
        return date_format(day, "j M" if day.year == week.year else "j M Y")

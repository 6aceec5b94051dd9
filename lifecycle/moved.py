"""People who changed hands: villages handed over within a year, and Posyandu hung elsewhere.

They go along from a day on. Each month has the people of those who are served on its last day,
the year a twelfth of every month (guide, section 12 and ruling 6). Months to come are as they are
on the day somebody looks, so that what was said before a move stays as it was.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from facilities.models import Facility, Placement, ServiceArea
from facilities.models.facility import FacilityKind
from lifecycle.models import Official, TargetPopulation

MONTHS = 12
BEGIN, NOW = 0, -1  # the places of New Year and of the day itself among the days
# Villages handed over since New Year, without a facility, and Posyandu that were ever moved.
CHANGED = """
SELECT NULL::bigint, village_id FROM facilities_servicearea
WHERE facility_id = ANY(%(ids)s)
  AND ((start_on > %(first)s AND start_on <= %(on)s) OR (end_on > %(first)s AND end_on <= %(on)s))
UNION
SELECT p.facility_id, y.village_id
FROM facilities_placement p JOIN facilities_facility y ON y.id = p.facility_id
WHERE y.kind = 'posyandu' AND p.end_on IS NOT NULL AND y.district_id IN (
  SELECT district_id FROM facilities_facility WHERE id = ANY(%(ids)s)
)
"""
Groups = dict[str, int]
Span = tuple[int, dt.date, dt.date | None]  # facility, from, until (exclusive)


@dataclass(frozen=True, slots=True)
class YearOfPeople:
    """People of one group: by month, and of the year they make; None where unknown."""

    months: tuple[int | None, ...]
    year: int | None


@dataclass(slots=True)
class Part:
    """Some people (by group, None unknown), and by facility who had them on each of the days:
    1, 0, or -1 where others serve them who live in its villages."""

    people: dict[str, int | None]
    is_village: bool
    had: dict[int, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Moves:
    """``idle``: who serves no village any more, and so has nobody."""

    parts: list[Part] = field(default_factory=list)
    idle: set[int] = field(default_factory=set)


def days_of(year: int, on: dt.date) -> list[dt.date]:
    """New Year, the last day of each month, and ``on``, which no other is later than."""
    ends = [dt.date(year, at, calendar.monthrange(year, at)[1]) for at in range(1, MONTHS + 1)]
    return [min(day, on) for day in (dt.date(year, 1, 1), *ends, on)]


def load_moves(facility_ids: Collection[int], year: int, on: dt.date) -> Moves:
    """What changed hands among the facilities, where anything did; up to six queries."""
    days = days_of(year, on)
    handed_over: set[str] = set()
    moved: dict[int, str | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, {"ids": list(facility_ids), "first": days[BEGIN], "on": on})
        for pk, village in cursor.fetchall():
            if pk is None:
                handed_over.add(village)
            else:
                moved[pk] = village
    if not handed_over and not moved:
        return Moves()
    served = _spans(
        ServiceArea.objects.filter(village__in={*handed_over, *filter(None, moved.values())})
        .order_by("pk")
        .values_list("village_id", "facility_id", "start_on", "end_on")
    )
    people = _figures(Q(village__in=handed_over) | Q(facility__in=moved), year)
    placed = _spans(
        Placement.objects.filter(
            Q(facility__in=moved)
            | Q(facility__in=Placement.objects.filter(facility__in=moved).values("parent"))
        )
        .order_by("pk")
        .values_list("facility_id", "parent_id", "start_on", "end_on")
    )
    kinds = dict(Facility.objects.filter(pk__in=_named(served, placed)).values_list("pk", "kind"))
    parts = []
    for code in sorted(handed_over):
        part = Part(people.get(code, {}), is_village=True)
        for place, day in enumerate(days):
            _put(part, dict.fromkeys(_on(served.get(code, ()), day), 1), place, len(days))
        parts.append(part)
    for pk, village in sorted(moved.items()):
        part = Part(people.get(pk, {}), is_village=False)
        for place, day in enumerate(days):
            serving = set(_on(served.get(village or "", ()), day))
            _put(part, _beside(pk, serving, placed, kinds, day), place, len(days))
        parts.append(part)
    busy = ServiceArea.objects.current(on).filter(facility__in=facility_ids)
    idle = {pk for part in parts if part.is_village for pk in part.had}
    return Moves(parts, idle - set(busy.values_list("facility_id", flat=True)))


def _spans(rows: Iterable[tuple[object, int, dt.date, dt.date | None]]) -> dict[object, list[Span]]:
    found: dict[object, list[Span]] = defaultdict(list)
    for key, facility, start, end in rows:
        found[key].append((facility, start, end))
    return found


def _named(*spans: Mapping[object, Sequence[Span]]) -> set[int]:
    return {one[0] for rows in spans for row in rows.values() for one in row}


def _on(spans: Iterable[Span], day: dt.date) -> list[int]:
    return [pk for pk, start, end in spans if start <= day and (end is None or end > day)]


def _figures(condition: Q, year: int) -> dict[object, dict[str, int | None]]:
    """Official people by village code or facility id, and group."""
    found: dict[object, dict[str, int | None]] = defaultdict(dict)
    for row in TargetPopulation.objects.filter(condition, year=year):
        official = row.counted if row.official == Official.COUNTED else row.estimated
        found[row.village_id or row.facility_id][row.group_code] = official
    return found


def _beside(
    pk: int,
    serving: set[int],
    placed: Mapping[object, Sequence[Span]],
    kinds: Mapping[int, str],
    day: dt.date,
) -> dict[int, int]:
    """Who has the people of a moved Posyandu though its village is not theirs (1), and who has
    not though it is (-1)."""
    above = _on(placed.get(pk, ()), day)
    chain = {*above, *(top for one in above for top in _on(placed.get(one, ()), day))}
    chain = {one for one in chain if kinds.get(one) in (FacilityKind.PUSKESMAS, FacilityKind.PUSTU)}
    return dict.fromkeys(chain - serving, 1) | dict.fromkeys(serving - chain, -1)


def _put(part: Part, holders: Mapping[int, int], place: int, days: int) -> None:
    for facility, sign in holders.items():
        part.had.setdefault(facility, [0] * days)[place] = sign


def with_moves(
    figures: dict[int, Groups], own: Collection[tuple[int, str]], moves: Moves
) -> dict[int, dict[str, YearOfPeople]]:
    """Puts what changed hands into ``figures`` of the day, and returns those of the year where
    they changed within it. A facility's ``own`` figure is that of New Year: only what came or
    went since then counts."""
    changed: dict[int, dict[str, YearOfPeople]] = {}
    for pk, groups in figures.items():
        mine = [part for part in moves.parts if pk in part.had]
        if pk in moves.idle:
            groups |= {one: 0 for part in mine for one in part.people if one not in groups}
        for group in {group for part in mine for group in part.people} & groups.keys():
            months: list[int | None] = [groups[group]] * MONTHS
            whole, now = groups[group], groups[group]
            for part in mine:
                if group not in part.people and not part.is_village:
                    continue  # nobody says how many people this Posyandu has
                people = part.people.get(group)
                had = part.had[pk]
                since = had[BEGIN] if (pk, group) in own else had[NOW] * part.is_village
                for month in range(MONTHS):
                    factor = had[1 + month] - since
                    before = months[month]
                    known = before is not None and (people is not None or not factor)
                    months[month] = (before or 0) + factor * (people or 0) if known else None
                    # By slices of a part, so that all who had it have the whole of it together.
                    whole += factor * _slice(people or 0, month)
                now += (had[NOW] - since) * (people or 0)
            groups[group] = max(0, now)
            if len(set(months)) > 1:
                year = None if None in months else max(0, whole)
                changed.setdefault(pk, {})[group] = YearOfPeople(tuple(months), year)
    return changed


def _slice(people: int, month: int) -> int:
    return people * (month + 1) // MONTHS - people * month // MONTHS

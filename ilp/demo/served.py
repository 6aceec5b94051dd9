"""Whom the facilities of the demo serve, year by year, and who hangs below whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from ilp.demo.network import NO_CHANGES, Changes
from lifecycle.queries import target_population_by_group

People = Mapping[int, Mapping[str, float]]  # year → group → people
# Of the whole area: what a Puskesmas does under its own roof where Pustu cover every village.
OWN_ROOF = 0.05


def people_by_year(
    facilities: Sequence[Facility], weeks: Sequence[Week], changes: Changes = NO_CHANGES
) -> dict[int, People]:
    """By the villages served at the end of each year; of a closed Pustu on its last day."""
    ids = [one.pk for one in facilities if one.kind != FacilityKind.POSYANDU]
    by_year = {}
    for year in sorted({week.year for week in weeks}):
        day = min(dt.date(year, 12, 31), weeks[-1].end)
        by_year[year] = target_population_by_group(ids, year, day)
        for pk, end in changes.closed.items():
            by_year[year] |= target_population_by_group([pk], year, end - dt.timedelta(days=1))
    return {pk: {year: dict(figures[pk]) for year, figures in by_year.items()} for pk in ids}


def year_end(year: int, weeks: Sequence[Week]) -> Week:
    """The last week of the history that lies in a year."""
    return max(week for week in weeks if week.year == year)


def children_of(facilities: Iterable[Facility], changes: Changes) -> dict[int, list[Facility]]:
    """Pustu where they hang now, Posyandu where they hung before their Pustu was closed."""
    below: dict[int, list[Facility]] = {one.pk: [] for one in facilities}
    for one in facilities:
        parent = one.parent_id
        if one.kind == FacilityKind.POSYANDU and one.pk in changes.moved:
            parent = changes.moved[one.pk][0]
        if parent in below:
            below[parent].append(one)
    return below


def rest_of(
    whole: People, parts: Mapping[int, Sequence[Mapping[str, float]]]
) -> tuple[People, bool]:
    """The people of the villages without a Pustu; a twentieth of all, and True, where every
    village has one."""
    rest = {
        year: {
            group: size - sum(part.get(group, 0) for part in parts[year])
            for group, size in groups.items()
        }
        for year, groups in whole.items()
    }
    if all(groups.get("SEMUA", 0) > 0 for groups in rest.values()):
        return rest, False
    return scaled(whole, OWN_ROOF), True


def scaled(people: People, factor: float) -> People:
    return {
        year: {group: size * factor for group, size in groups.items()}
        for year, groups in people.items()
    }

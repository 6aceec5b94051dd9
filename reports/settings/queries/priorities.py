"""Which indicators the meetings look at, by the lists of the district and the Puskesmas."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from clusters.models import Indicator, PriorityList
from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.figures.queries.facility_lines import LEVELS


@dataclass(frozen=True, slots=True)
class Choice:
    """What counts for a place in a week."""

    codes: frozenset[str]  # its own list
    since: Week | None  # None: the catalogue's
    inherited: frozenset[str]  # for a Puskesmas: what the district chose
    later: tuple[PriorityList, ...]  # lists that begin after the week
    version: str  # changes with every list of the place


def choosable(facility: Facility, week: Week) -> list[Indicator]:
    """What the reports carry and the place shows, in the order of the catalogue."""
    rows = Indicator.objects.in_week(week)
    return [row for row in rows if row.level in LEVELS[facility.kind]]


def choice(facility: Facility, week: Week) -> Choice:
    is_office = facility.kind == FacilityKind.DINKES
    codes, since = _list(facility, week)
    if codes is None:
        codes = _shipped(week) if is_office else frozenset()
    inherited: frozenset[str] = frozenset()
    if not is_office and facility.parent is not None:
        above, _since = _list(facility.parent, week)
        inherited = _shipped(week) if above is None else above
    later = PriorityList.objects.filter(facility=facility, from_week__gt=week)
    return Choice(
        codes=codes - inherited,
        since=since,
        inherited=inherited,
        later=tuple(later.order_by("from_week")),
        version=lists_version(facility),
    )


def lists_version(facility: Facility) -> str:
    """Changes whenever a list of the place does: what the form gives back."""
    rows = PriorityList.objects.filter(facility=facility).order_by("from_week")
    text = "|".join(f"{row.from_week}:{row.version}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _list(facility: Facility, week: Week) -> tuple[frozenset[str] | None, Week | None]:
    rows = PriorityList.objects.filter(facility=facility, from_week__lte=week)
    row = rows.order_by("-from_week").first()
    return (None, None) if row is None else (frozenset(row.indicator_codes), row.from_week)


def _shipped(week: Week) -> frozenset[str]:
    rows = Indicator.objects.in_week(week).filter(priority=1)
    return frozenset(rows.values_list("code", flat=True))

"""What is printed on forms to fill in by hand: much less than a whole review, read quickly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import Facility, Posting
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from facilities.queries import as_named
from lifecycle.models import LifecycleGroup
from lifecycle.queries import target_population_by_group
from reports.deadlines.days import deadline
from reports.figures.queries.facility_lines import facility_lines, indicators_for
from reports.figures.queries.references import by_cluster, facility_ref, letterhead, week_ref
from reports.models import Problem
from reports.problems.queries.rows import problem_rows
from reports.shapes import ClusterBlock, FacilityRef, Letterhead, ProblemRow, WeekRef

# Who comes to a Posyandu, each person in one group only (ilp.md section 5: recap per group).
POSYANDU_GROUPS = (
    "BUMIL", "BUFAS", "BUSUI", "BAYI", "ANBAL", "APRAS", "SEKOLAH", "DEWASA", "LANSIA",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    name: str
    title: str
    nip: str


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """The review of a Puskesmas or a Pustu before the meeting."""

    facility: FacilityRef
    timezone: str
    zone_name: str
    is_demo: bool
    week: WeekRef
    deadline_at: dt.datetime
    letterhead: Letterhead
    clusters: tuple[ClusterBlock, ...]
    carried: tuple[ProblemRow, ...]  # open from earlier weeks
    invited: tuple[Head, ...]  # the heads of the Pustu of a Puskesmas
    head: Head


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Sasaran of a life-cycle group; None: not known here, to be written by hand."""

    name: str
    people: int | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    name: str
    needs_denominator: bool


@dataclass(frozen=True, slots=True)
class PosyanduSheet:
    """The one-page sheet of a Posyandu's session."""

    facility: FacilityRef
    parent: FacilityRef
    village: str
    is_demo: bool
    week: WeekRef
    letterhead: Letterhead
    groups: tuple[GroupRow, ...]
    asked: tuple[AskedRow, ...]


def blank_sheet(facility: Facility, week: Week) -> BlankSheet:
    """Needs ``district`` selected; a fixed number of queries."""
    district = facility.district
    lines = facility_lines([facility], week)[facility.pk]
    clusters_of = dict(Indicator.objects.in_week(week).values_list("code", "cluster_id"))
    is_puskesmas = facility.kind == FacilityKind.PUSKESMAS
    pustu = _units(facility, week, FacilityKind.PUSTU) if is_puskesmas else []
    as_named([facility, facility.parent, *pustu], week.end)
    heads = _heads([facility, *pustu], week)
    earlier = Problem.objects.filter(
        facility__path__descendant_of=facility.path, week__lt=week
    ).unfinished()
    return BlankSheet(
        facility=facility_ref(facility),
        timezone=district.timezone,
        zone_name=district.zone_name,
        is_demo=district.is_demo,
        week=week_ref(week),
        deadline_at=deadline(district, week, facility.kind),
        letterhead=letterhead(district, facility if is_puskesmas else facility.parent),
        clusters=by_cluster(lines, clusters_of),
        carried=problem_rows(earlier, week, timezone.localdate(timezone=district.zone)),
        invited=tuple(heads[unit.pk] for unit in pustu),
        head=heads[facility.pk],
    )


def posyandu_sheets(posyandu: Sequence[Facility], week: Week) -> tuple[PosyanduSheet, ...]:
    """Sheets of several Posyandu; a fixed number of queries. Needs ``district__area``,
    ``parent__parent`` and ``village`` selected."""
    people = target_population_by_group([unit.pk for unit in posyandu], week.year, week.end)
    names = {
        row.code: row.name_id
        for row in LifecycleGroup.objects.filter(
            code__in=POSYANDU_GROUPS, valid_from__lte=week.end
        ).order_by("valid_from")
    }
    asked = tuple(
        AskedRow(row.name_id, row.needs_denominator)
        for row in indicators_for(FacilityKind.POSYANDU, week)
    )
    result = []
    for unit in posyandu:
        parent = unit.parent
        if parent is None:  # a Posyandu always hangs under a Pustu or a Puskesmas
            continue
        puskesmas = parent if parent.kind == FacilityKind.PUSKESMAS else parent.parent
        result.append(
            PosyanduSheet(
                facility=facility_ref(unit),
                parent=facility_ref(parent),
                village=unit.village.name if unit.village else "",
                is_demo=unit.district.is_demo,
                week=week_ref(week),
                letterhead=letterhead(unit.district, puskesmas),
                groups=tuple(
                    GroupRow(names[code], people[unit.pk].get(code))
                    for code in POSYANDU_GROUPS
                    if code in names
                ),
                asked=asked,
            )
        )
    return tuple(result)


def posyandu_under(facility: Facility, week: Week) -> list[Facility]:
    """The facility itself, if it is a Posyandu; else all those open below it."""
    rows = Facility.objects.select_related("district__area", "parent__parent", "village")
    if facility.kind == FacilityKind.POSYANDU:
        return list(rows.filter(pk=facility.pk))
    below = rows.filter(kind=FacilityKind.POSYANDU).below(facility)
    return list(below.open_between(week.start, week.end).order_by("path"))


def _units(facility: Facility, week: Week, kind: str) -> list[Facility]:
    return list(
        Facility.objects.open_between(week.start, week.end)
        .hung_under([facility], week.end)
        .filter(kind=kind)
        .order_by("code")
    )


def _heads(facilities: Sequence[Facility], week: Week) -> dict[int, Head]:
    """By facility, who heads it at the end of the week; the name is empty where nobody does."""
    postings = (
        Posting.objects.current(week.end)
        .filter(
            facility__in=[unit.pk for unit in facilities],
            role__in=[Role.PUSKESMAS_HEAD, Role.PUSTU_HEAD],
        )
        .select_related("user")
    )
    users = {row.facility_id: row.user for row in postings}
    result = {}
    for unit in facilities:
        user = users.get(unit.pk)
        title = f"Kepala UPTD {unit.name}" if unit.kind == "puskesmas" else f"Kepala {unit.name}"
        result[unit.pk] = Head(user.full_name if user else "", title, user.nip if user else "")
    return result

"""What the own page of a Puskesmas, a Pustu or a Posyandu shows in one week."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import Facility, FacilityStatus
from facilities.models.facility import FacilityKind
from facilities.queries import as_named
from lifecycle.models import LifecycleGroup
from lifecycle.queries import target_population_by_group
from reports.deadlines.days import deadline
from reports.deadlines.queries.filings import filings
from reports.figures.queries import pws
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.queries.references import by_cluster, facility_ref, tally
from reports.models import Problem
from reports.places.queries.facility_tree import Branch, posyandu_of
from reports.problems.queries.rows import problem_rows
from reports.shapes import (
    ClusterBlock,
    FacilityRef,
    FilingState,
    IndicatorRef,
    Line,
    ProblemRow,
    RegionChart,
    Tally,
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the facility itself on the week's last day."""

    facility: FacilityRef
    parents: tuple[FacilityRef, ...]  # from the Puskesmas down; empty for a Puskesmas
    village: str
    villages: tuple[str, ...]  # those it serves
    operating: str  # planned, open, closed; empty: no status recorded
    ilp_stage: str
    ilp_since: dt.date | None
    ilp_target_year: int | None

    @property
    def is_open(self) -> bool:
        return self.operating == "open"


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How far the week's own review is."""

    filing: FilingState
    deadline_at: dt.datetime
    due: int
    missing: int  # due and without a figure in their period, as the review's check page counts them


@dataclass(frozen=True, slots=True)
class PustuRow:
    facility: FacilityRef
    filing: FilingState
    tally: Tally
    open_problems: int
    overdue_problems: int


@dataclass(frozen=True, slots=True)
class PuskesmasHome:
    profile: Profile
    review: ReviewState
    tally: Tally
    below_target: tuple[Line, ...]  # largest gap in people first
    problems: tuple[ProblemRow, ...]  # open ones here and below, the most overdue first
    pustu: tuple[PustuRow, ...]
    pustu_filed: int
    chart: RegionChart | None
    chart_choices: tuple[IndicatorRef, ...]


@dataclass(frozen=True, slots=True)
class PustuHome:
    profile: Profile
    review: ReviewState
    tally: Tally
    problems: tuple[ProblemRow, ...]
    clusters: tuple[ClusterBlock, ...]
    posyandu: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Sasaran of one life-cycle group; ``people`` None: unknown, not zero."""

    code: str
    name_id: str
    name_en: str
    people: int


@dataclass(frozen=True, slots=True)
class LastResult:
    """The latest report of an indicator within eight weeks."""

    line: Line
    week: Week
    count: int

    @property
    def is_running(self) -> bool:
        """Whether the line's cumulative figure adds up the year; else it is that of a period."""
        return self.line.indicator.calc_type in {"cumulative", "count"}


@dataclass(frozen=True, slots=True)
class PosyanduHome:
    profile: Profile
    groups: tuple[GroupCount, ...]
    results: tuple[LastResult, ...]
    problems: tuple[ProblemRow, ...]


def puskesmas_home(facility: Facility, week: Week, code: str = "") -> PuskesmasHome:
    """``code``: the indicator of the chart, else the one furthest behind."""
    now = timezone.now()
    pustu = list(
        Facility.objects.open_between(week.start, week.end)
        .hung_under([facility], week.end)
        .filter(kind=FacilityKind.PUSTU)
        .order_by("code")
    )
    as_named(pustu, week.end)
    lines = facility_lines([facility, *pustu], week)
    own = lines[facility.pk]
    states = filings(facility.district, [facility, *pustu], week, now)
    problems, places = _problems(facility, now)
    counts = _per_pustu(problems, places, pustu)
    chart, choices = _chart(facility, own, pustu, lines, code)
    return PuskesmasHome(
        profile=profile(facility, week),
        review=_review(facility, week, own, states[0]),
        tally=tally(own),
        below_target=_below_target(own),
        problems=problems,
        pustu=tuple(
            PustuRow(
                facility=facility_ref(row),
                filing=state,
                tally=tally(lines[row.pk]),
                open_problems=counts["open", row.pk],
                overdue_problems=counts["overdue", row.pk],
            )
            for row, state in zip(pustu, states[1:], strict=True)
        ),
        pustu_filed=sum(state.is_reported for state in states[1:]),
        chart=chart,
        chart_choices=choices,
    )


def pustu_home(facility: Facility, week: Week) -> PustuHome:
    now = timezone.now()
    own = facility_lines([facility], week)[facility.pk]
    state = filings(facility.district, [facility], week, now)[0]
    clusters_of = dict(Indicator.objects.valid_on(week.end).values_list("code", "cluster_id"))
    return PustuHome(
        profile=profile(facility, week),
        review=_review(facility, week, own, state),
        tally=tally(own),
        problems=_problems(facility, now)[0],
        clusters=by_cluster(own, clusters_of),
        posyandu=posyandu_of(facility, week.end),
    )


def posyandu_home(facility: Facility, week: Week) -> PosyanduHome:
    people = target_population_by_group([facility.pk], week.year, week.end)[facility.pk]
    groups = LifecycleGroup.objects.filter(code__in=people, valid_from__lte=week.end)
    named = {group.code: group for group in groups.order_by("valid_from")}
    return PosyanduHome(
        profile=profile(facility, week),
        groups=tuple(
            GroupCount(group.code, group.name_id, group.name_en, people[group.code])
            for group in sorted(named.values(), key=lambda group: group.sort_order)
        ),
        results=tuple(_last_results(facility_lines([facility], week)[facility.pk], week)),
        problems=_problems(facility, timezone.now())[0],
    )


def profile(facility: Facility, week: Week) -> Profile:
    """Needs ``district`` selected; four queries."""
    above = [int(label) for label in str(facility.path).split(".")[:-1]]
    parents = list(
        Facility.objects.filter(pk__in=above).exclude(kind=FacilityKind.DINKES).order_by("path")
    )
    as_named(parents, week.end)
    status = (
        FacilityStatus.objects.filter(facility=facility, start_on__lte=week.end)
        .exclude(end_on__lte=week.end)
        .first()
    )
    served = facility.service_areas.current(week.end).select_related("village")
    return Profile(
        facility=facility_ref(facility),
        parents=tuple(map(facility_ref, parents)),
        village=facility.village.name if facility.village else "",
        villages=tuple(sorted(row.village.name for row in served)),
        operating=status.operating if status else "",
        ilp_stage=status.ilp_stage if status else "none",
        ilp_since=status.start_on if status else None,
        ilp_target_year=status.ilp_target_year if status else None,
    )


def _review(
    facility: Facility, week: Week, lines: Sequence[Line], state: FilingState
) -> ReviewState:
    due = [line for line in lines if line.is_due]
    return ReviewState(
        filing=state,
        deadline_at=deadline(facility.district, week, facility.kind),
        due=len(due),
        missing=sum(not line.is_filled for line in due),
    )


def _below_target(lines: Iterable[Line]) -> tuple[Line, ...]:
    behind = [line.at_closing for line in lines if line.figures.is_on_target is False]
    return tuple(sorted(behind, key=lambda line: -abs(line.figures.gap or 0)))


def _problems(
    facility: Facility, now: dt.datetime
) -> tuple[tuple[ProblemRow, ...], dict[int, str]]:
    """Problems open today at the facility and below it, and each one's facility path by id:
    what is open is a matter of today, whatever week the figures are of."""
    today = timezone.localdate(now, facility.district.zone)
    here = Problem.objects.filter(facility__path__descendant_of=facility.path).unfinished()
    rows = problem_rows(here, Week.of(today), today)
    return rows, {pk: str(path) for pk, path in here.values_list("pk", "facility__path")}


def _per_pustu(
    problems: Iterable[ProblemRow], paths: dict[int, str], pustu: Iterable[Facility]
) -> Counter[tuple[str, int]]:
    """Open and overdue problems by Pustu, those of its Posyandu with them."""
    ids = {row.pk for row in pustu}
    counts: Counter[tuple[str, int]] = Counter()
    for problem in problems:
        late = any(step.is_overdue for step in problem.follow_ups)
        for pk in ids.intersection(map(int, paths[problem.id].split("."))):
            counts["open", pk] += 1
            counts["overdue", pk] += late
    return counts


def _chart(
    facility: Facility,
    own: Sequence[Line],
    pustu: Sequence[Facility],
    lines: dict[int, tuple[Line, ...]],
    code: str,
) -> tuple[RegionChart | None, tuple[IndicatorRef, ...]]:
    """The chart over the Pustu, and the indicators it may be drawn for."""
    if not pustu:
        return None, ()
    below = {row.pk: {line.indicator.code: line for line in lines[row.pk]} for row in pustu}
    shared = set(below[pustu[0].pk])
    totals = {
        line.indicator.code: line
        for line in own
        if line.indicator.code in shared and line.indicator.calc_type != "count"
    }
    if code not in totals:
        code = next(iter([*pws.priority_codes(own, shared), *totals]), "")
    if not code:
        return None, ()
    parts = [(row, below[row.pk][code]) for row in pustu]
    return pws.chart(facility, totals[code], parts), tuple(
        line.indicator for line in totals.values()
    )


def _last_results(lines: Iterable[Line], week: Week) -> Iterable[LastResult]:
    for line in lines:
        for back, count in enumerate(reversed(line.spark)):
            if count is not None:
                yield LastResult(line, week - back, count)
                break

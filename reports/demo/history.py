"""The counts behind the reviews: who reports what, from whom, entered when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from clusters.models import Achievement, Indicator
from clusters.models.achievement import Source
from clusters.models.catalogue import Level
from clusters.weeks import Week
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from lifecycle.queries import target_population_by_group
from reports.demo.bulk import copy_rows
from reports.demo.chance import dice
from reports.demo.counts import Count, Place, counts_of
from reports.demo.filing import Filing
from reports.demo.people import Cast
from reports.demo.reviews import filed_weeks

# Of the whole area: what a Puskesmas does under its own roof where Pustu cover every village.
OWN_ROOF = 0.05
# Rows per COPY: large, because each batch recomputes the series it touches; short enough for
# the statement time limit.
BATCH = 15_000


@dataclass(frozen=True)
class Reporter:
    """A facility with the indicators it reports and the place they are about."""

    facility: Facility
    place: Place
    levels: frozenset[str]
    weeks: Sequence[Week]
    by: User
    is_extra: bool = False  # what is counted beside Pustu that already cover everybody


def reporters(
    facilities: Sequence[Facility],
    filings: Sequence[Filing],
    weeks: Sequence[Week],
    cast: Cast,
    seed: int,
) -> Iterator[Reporter]:
    """Pustu with their Posyandu's work; Puskesmas with theirs and, where a village has no
    Pustu, that village's; the Posyandu that hang directly under a Puskesmas."""
    people = _people(facilities, weeks)
    filed = filed_weeks(filings)
    below = _children(facilities)

    for one in facilities:
        skill = dice(seed, one.code, "skill").gauss(1, 0.05)
        children = below.get(one.pk, [])
        posyandu = [child for child in children if child.kind == FacilityKind.POSYANDU]
        pustu = [child for child in children if child.kind == FacilityKind.PUSTU]
        if one.kind == FacilityKind.PUSTU:
            place = Place(one.code, skill, people[one.pk], len(posyandu))
            levels = frozenset({Level.POSYANDU, Level.PUSTU})
            yield Reporter(one, place, levels, filed.get(one.pk, []), cast.heads[one.pk])
        elif one.kind == FacilityKind.PUSKESMAS:
            head, own_weeks = cast.heads[one.pk], filed.get(one.pk, [])
            all_posyandu = len(posyandu) + sum(
                child.kind == FacilityKind.POSYANDU for two in pustu for child in below[two.pk]
            )
            whole = Place(one.code, skill, people[one.pk], all_posyandu, len(pustu))
            yield Reporter(one, whole, frozenset({Level.PUSKESMAS}), own_weeks, head)
            rest, is_extra = _rest(people[one.pk], [people[child.pk] for child in pustu])
            own = Place(one.code, skill, rest, len(posyandu))
            yield Reporter(one, own, frozenset({Level.PUSTU}), own_weeks, head, is_extra)
            part = _scaled(rest, 1 / max(1, len(posyandu)))
            for child in posyandu:
                place = Place(child.code, skill, part, 1)
                yield Reporter(child, place, frozenset({Level.POSYANDU}), weeks, head)


People = Mapping[int, Mapping[str, float]]  # year → group → people


def _people(facilities: Sequence[Facility], weeks: Sequence[Week]) -> dict[int, People]:
    ids = [one.pk for one in facilities if one.kind != FacilityKind.POSYANDU]
    by_year = {
        year: target_population_by_group(ids, year, weeks[-1].end)
        for year in sorted({week.year for week in weeks})
    }
    return {pk: {year: dict(figures[pk]) for year, figures in by_year.items()} for pk in ids}


def _children(facilities: Iterable[Facility]) -> dict[int, list[Facility]]:
    below: dict[int, list[Facility]] = {one.pk: [] for one in facilities}
    for one in facilities:
        if one.parent_id in below:
            below[one.parent_id].append(one)
    return below


def _rest(whole: People, parts: Sequence[People]) -> tuple[People, bool]:
    """The people of the villages without a Pustu; a twentieth of all, and True, where every
    village has one."""
    rest = {
        year: {
            group: size - sum(part.get(year, {}).get(group, 0) for part in parts)
            for group, size in groups.items()
        }
        for year, groups in whole.items()
    }
    if all(groups.get("SEMUA", 0) > 0 for groups in rest.values()):
        return rest, False
    return _scaled(whole, OWN_ROOF), True


def _scaled(people: People, factor: float) -> People:
    return {
        year: {group: size * factor for group, size in groups.items()}
        for year, groups in people.items()
    }


def create_history(
    everyone: Iterable[Reporter],
    indicators: Sequence[Indicator],
    filings: Sequence[Filing],
    seed: int,
    *,
    show_progress: bool,
) -> int:
    """Insert the counts of all reporters; returns how many."""
    entered = {(one.facility.pk, one.week): one.submitted_at for one in filings}
    meetings = _reporting_discipline(filings)
    reporters_of = {
        indicator: [
            one
            for one in everyone
            if indicator.level in one.levels and not (one.is_extra and _is_state_of_all(indicator))
        ]
        for indicator in indicators
    }
    written = 0
    batch: list[Achievement] = []
    progress = tqdm(indicators, desc="indicators", disable=None if show_progress else True)
    # Indicator by indicator: a series is then recomputed once, not once per batch.
    for indicator in progress:
        for one in reporters_of[indicator]:
            counts = meetings.get((indicator.code, one.facility.pk))
            if counts is None:
                counts = list(counts_of(one.place, indicator, one.weeks, seed))
            batch += [_row(indicator, one, count, entered) for count in counts]
        if len(batch) >= BATCH:
            written += copy_rows(Achievement, batch)
            batch = []
    return written + copy_rows(Achievement, batch)


def _is_state_of_all(indicator: Indicator) -> bool:
    return indicator.calc_type == "snapshot" and bool(indicator.denominator_groups)


def _reporting_discipline(filings: Iterable[Filing]) -> dict[tuple[str, int], list[Count]]:
    """MAN01 (Pustu reports in time) and MAN02 (meetings held), as the reviews themselves say."""
    on_time: dict[tuple[int, Week], list[bool]] = {}
    held: list[Filing] = []
    for one in filings:
        if one.facility.kind == FacilityKind.PUSTU:
            key = (one.facility.parent_id or 0, one.week)
            on_time.setdefault(key, []).append(bool(one.submitted_at) and not one.is_late)
        elif one.submitted_at:
            held.append(one)
    counts: dict[tuple[str, int], list[Count]] = {}
    for one in sorted(held, key=lambda filing: filing.week):
        pk, week = one.facility.pk, one.week
        pustu = on_time.get((pk, week), [])
        if pustu:
            counts.setdefault(("MAN01", pk), []).append(Count(week, sum(pustu), len(pustu)))
        counts.setdefault(("MAN02", pk), []).append(Count(week, 1, 1))
    return counts


def _row(
    indicator: Indicator,
    one: Reporter,
    count: Count,
    entered: Mapping[tuple[int, Week], dt.datetime | None],
) -> Achievement:
    # Counts of Posyandu come in on the Saturday afternoon.
    saturday = dt.datetime.combine(count.week.end, dt.time(7), tzinfo=dt.UTC)
    at = entered.get((one.facility.pk, count.week)) or saturday
    return Achievement(
        facility=one.facility,
        indicator_code=indicator.code,
        week=count.week,
        year=count.week.year,
        numerator=count.numerator,
        denominator=count.denominator,
        note="Termasuk bulan-bulan sebelumnya (data demo)" if count.is_opening else "",
        source=Source.DEMO,
        entered_by=one.by,
        entered_at=at - dt.timedelta(minutes=20),
        version=1,
    )

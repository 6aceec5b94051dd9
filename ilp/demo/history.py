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
from ilp.demo.bulk import copy_rows
from ilp.demo.chance import dice
from ilp.demo.counts import Count, Place, counts_of
from ilp.demo.filing import Filing
from ilp.demo.levels import TROUBLED_PUSKESMAS
from ilp.demo.network import NO_CHANGES, Changes
from ilp.demo.people import Cast
from ilp.demo.reviews import filed_weeks
from ilp.demo.served import People, children_of, people_by_year, rest_of, scaled, year_end

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
    changes: Changes = NO_CHANGES,
) -> Iterator[Reporter]:
    """Pustu with their Posyandu's work; Puskesmas with theirs and, where a village has no
    Pustu, that village's; the Posyandu that hang directly under a Puskesmas."""
    people = people_by_year(facilities, weeks, changes)
    filed = filed_weeks(filings)
    below = children_of(facilities, changes)

    troubled = _troubled(facilities, seed)
    for one in facilities:
        is_troubled = one.pk in troubled or one.parent_id in troubled
        children = below.get(one.pk, [])
        posyandu = [child for child in children if child.kind == FacilityKind.POSYANDU]
        pustu = [child for child in children if child.kind == FacilityKind.PUSTU]
        if one.kind == FacilityKind.PUSTU:
            place = Place(one.code, people[one.pk], len(posyandu), is_troubled=is_troubled)
            levels = frozenset({Level.POSYANDU, Level.PUSTU})
            yield Reporter(one, place, levels, filed.get(one.pk, []), cast.heads[one.pk])
        elif one.kind == FacilityKind.PUSKESMAS:
            head, own_weeks = cast.heads[one.pk], filed.get(one.pk, [])
            all_posyandu = len(posyandu) + sum(
                child.kind == FacilityKind.POSYANDU for two in pustu for child in below[two.pk]
            )
            whole = Place(one.code, people[one.pk], all_posyandu, len(pustu), is_troubled)
            yield Reporter(one, whole, frozenset({Level.PUSKESMAS}), own_weeks, head)
            parts = {
                year: [
                    people[child.pk].get(year, {})
                    for child in facilities
                    if child.kind == FacilityKind.PUSTU
                    and changes.parent(child, year_end(year, weeks)) == one.pk
                ]
                for year in people[one.pk]
            }
            rest, is_extra = rest_of(people[one.pk], parts)
            own = Place(one.code, rest, len(posyandu), is_troubled=is_troubled)
            yield Reporter(one, own, frozenset({Level.PUSTU}), own_weeks, head, is_extra)
            part = scaled(rest, 1 / max(1, len(posyandu)))
            for child in posyandu:
                place = Place(child.code, part, 1, is_troubled=is_troubled)
                yield Reporter(child, place, frozenset({Level.POSYANDU}), weeks, head)
            for child in pustu:
                if child.pk in changes.closed:
                    since = [week for week in weeks if not changes.is_open(child, week)]
                    yield from _instead_of(child, one, people[child.pk], below, filed, since, cast)


def _instead_of(
    closed: Facility,
    puskesmas: Facility,
    people: People,
    below: Mapping[int, Sequence[Facility]],
    filed: Mapping[int, Sequence[Week]],
    since: Sequence[Week],
    cast: Cast,
) -> Iterator[Reporter]:
    """The village of a closed Pustu: its Posyandu go on, the Puskesmas does the rest itself."""
    head, posyandu = cast.heads[puskesmas.pk], below[closed.pk]
    weeks = sorted(set(filed.get(puskesmas.pk, [])) & set(since))
    yield Reporter(puskesmas, Place(closed.code, people), frozenset({Level.PUSTU}), weeks, head)
    part = scaled(people, 1 / max(1, len(posyandu)))
    for child in posyandu:
        place = Place(child.code, part, 1)
        yield Reporter(child, place, frozenset({Level.POSYANDU}), since, head)


def _troubled(facilities: Sequence[Facility], seed: int) -> set[int]:
    """The Puskesmas that are in real trouble, with all their Pustu."""
    puskesmas = [one for one in facilities if one.kind == FacilityKind.PUSKESMAS]
    puskesmas.sort(key=lambda one: dice(seed, one.code, "trouble").random())
    most = min(TROUBLED_PUSKESMAS, len(puskesmas) // 2)
    return {one.pk for one in puskesmas[:most]}


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
        found: dict[tuple[int, Week], Achievement] = {}
        for one in reporters_of[indicator]:
            counts = meetings.get((indicator.code, one.facility.pk))
            if counts is None:
                counts = list(counts_of(one.place, indicator, one.weeks, seed))
            for count in counts:
                row = _row(indicator, one, count, entered)
                before = found.setdefault((one.facility.pk, count.week), row)
                if before is not row:
                    _add(before, row)
        batch += found.values()
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
            key = (one.parent_id or 0, one.week)
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


def _add(row: Achievement, more: Achievement) -> None:
    """Two parts of what one facility reports."""
    row.numerator = (row.numerator or 0) + (more.numerator or 0)
    if more.denominator is not None:
        row.denominator = (row.denominator or 0) + more.denominator


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
        source=Source.DEMO,
        entered_by=one.by,
        entered_at=at - dt.timedelta(minutes=20),
        version=1,
    )

"""Who files which week, when, and what became of it: the story the history tells."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from ilp.demo.chance import dice
from ilp.demo.network import NO_CHANGES, Changes
from reports.models.review import ReviewStatus

MISSING = 0.04  # Pustu weeks that never came
LATE_PUSTU, LATE_PUSKESMAS = 0.08, 0.06
_MONDAY, _TUESDAY = 0, 1


@dataclass(frozen=True)
class Filing:
    """One facility's review of one week."""

    facility: Facility
    week: Week
    parent_id: int | None  # under whom it hung in that week
    status: ReviewStatus = ReviewStatus.OPEN
    submitted_at: dt.datetime | None = None
    decided_at: dt.datetime | None = None
    is_late: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Calendar:
    """Local office hours, and the moment nothing in the story may lie after."""

    zone: zoneinfo.ZoneInfo
    now: dt.datetime

    def at(
        self, rng: random.Random, week: Week, days: int, first: float, last: float
    ) -> dt.datetime:
        """A minute between two hours of the day ``days`` after the week's Saturday.

        What would lie in the future happened on the Saturday afternoon instead.
        """
        day = dt.datetime.combine(week.end, dt.time(), tzinfo=self.zone)
        moment = day + dt.timedelta(days=days, minutes=rng.randint(int(first * 60), int(last * 60)))
        if moment >= self.now:
            start = min(day + dt.timedelta(hours=12), self.now - dt.timedelta(minutes=10))
            moment = start + (self.now - start) * rng.uniform(0.1, 0.9)
        return moment.replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Cohort:
    """A Puskesmas with its Pustu."""

    puskesmas: Facility
    pustu: Sequence[Facility]

    def in_week(self, everybody: Sequence[Cohort], week: Week, changes: Changes) -> Cohort:
        """With the Pustu that hung there in a week and were open."""
        found = [
            unit
            for cohort in everybody
            for unit in cohort.pustu
            if changes.parent(unit, week) == self.puskesmas.pk and changes.is_open(unit, week)
        ]
        return Cohort(self.puskesmas, found)


def cohorts(facilities: Sequence[Facility]) -> list[Cohort]:
    """Every Puskesmas with the Pustu below it, the one with most Pustu first."""
    found = [
        Cohort(
            one,
            [two for two in facilities if two.kind == "pustu" and two.parent_id == one.pk],
        )
        for one in facilities
        if one.kind == FacilityKind.PUSKESMAS
    ]
    return sorted(found, key=lambda cohort: (-len(cohort.pustu), cohort.puskesmas.code))


def file_weeks(
    groups: Sequence[Cohort],
    weeks: Sequence[Week],
    calendar: Calendar,
    seed: int,
    changes: Changes = NO_CHANGES,
) -> Iterator[Filing]:
    """Reviews of all weeks. The last week is left half done, so that the demo can be played:
    the first two Puskesmas each wait for a Pustu, only the last two have submitted."""
    *history, last = weeks
    for week in history:
        for place, cohort in enumerate(groups):
            is_returned = week == last - 1 and place == len(groups) - 1 > 0
            yield _puskesmas(cohort.puskesmas, week, calendar, seed, is_returned=is_returned)
            for facility in cohort.in_week(groups, week, changes).pustu:
                filing = _pustu(facility, week, calendar, seed)
                yield replace(filing, parent_id=cohort.puskesmas.pk)
    for place, cohort in enumerate(groups):
        has_submitted = len(groups) > 2 and place >= len(groups) - 2
        now = cohort.in_week(groups, last, changes)
        yield from _last_week(now, last, calendar, seed, place < 2, has_submitted)


def _pustu(facility: Facility, week: Week, calendar: Calendar, seed: int) -> Filing:
    rng = dice(seed, facility.code, week, "filing")
    if rng.random() < MISSING:
        return Filing(facility, week, facility.parent_id)
    is_late = rng.random() < LATE_PUSTU
    # Saturday afternoon or Monday morning; late: Monday afternoon to Wednesday.
    days, first, last = rng.choice([(0, 13, 17), (0, 13, 17), (2, 7.5, 11.8)])
    if is_late:
        days, first, last = rng.choice([(2, 12.5, 16), (3, 8, 15), (4, 8, 15)])
    submitted = calendar.at(rng, week, days, first, last)
    decided = calendar.at(rng, week, max(days, 2) + (1 if is_late else 0), 12.2, 16)
    return Filing(
        facility,
        week,
        facility.parent_id,
        ReviewStatus.APPROVED,
        submitted,
        max(submitted, decided),
        is_late,
    )


def _puskesmas(
    facility: Facility, week: Week, calendar: Calendar, seed: int, *, is_returned: bool
) -> Filing:
    rng = dice(seed, facility.code, week, "filing")
    is_late = rng.random() < LATE_PUSKESMAS
    days = rng.choice([4, 5]) if is_late else 3
    submitted = calendar.at(rng, week, days, 10, 15.7)
    decided = max(submitted, calendar.at(rng, week, days + 1, 8.5, 15))
    if is_returned:
        reason = "Kolom simpulan belum menjelaskan selisih imunisasi. Mohon dilengkapi."
        return Filing(
            facility,
            week,
            facility.parent_id,
            ReviewStatus.RETURNED,
            submitted,
            decided,
            is_late,
            reason,
        )
    return Filing(
        facility, week, facility.parent_id, ReviewStatus.APPROVED, submitted, decided, is_late
    )


def _last_week(
    cohort: Cohort,
    week: Week,
    calendar: Calendar,
    seed: int,
    waits_for_pustu: bool,
    has_submitted: bool,
) -> Iterator[Filing]:
    for place, facility in enumerate(cohort.pustu):
        rng = dice(seed, facility.code, week, "filing")
        if waits_for_pustu and place == len(cohort.pustu) - 1:
            yield Filing(facility, week, facility.parent_id)
            continue
        submitted = calendar.at(rng, week, 0, 12, 16)
        if has_submitted or rng.random() < 0.55:
            decided = max(submitted, calendar.at(rng, week, 0, 16, 17))
            yield Filing(
                facility, week, facility.parent_id, ReviewStatus.APPROVED, submitted, decided
            )
        else:
            yield Filing(facility, week, facility.parent_id, ReviewStatus.SUBMITTED, submitted)
    if has_submitted:
        rng = dice(seed, cohort.puskesmas.code, week, "filing")
        submitted = calendar.at(rng, week, 0, 17, 18)
        yield Filing(
            cohort.puskesmas, week, cohort.puskesmas.parent_id, ReviewStatus.SUBMITTED, submitted
        )
    else:
        yield Filing(cohort.puskesmas, week, cohort.puskesmas.parent_id)

"""Problems with their follow-ups and timeline, spread over the last ten weeks."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from facilities.tabular.shipped import Row, number, read_shipped
from reports.demo.bulk import copy_rows, reserve_ids
from reports.demo.chance import dice
from reports.demo.people import Cast
from reports.models import FollowUp, Problem, ProblemStep
from reports.models.problem import ProblemStatus

# What the problems are about: offices only, no person appears in them.
STORIES = Path(__file__).with_name("problems.csv")
_DAYS = {"emergency": 1, "high": 7, "medium": 14, "low": 30}
# The steps that lead to each status, as (action, status).
_PATHS: dict[str, list[tuple[str, str]]] = {
    "reported": [],
    "accepted": [("accept", "accepted")],
    "planned": [("plan", "planned")],
    "in_progress": [("plan", "planned"), ("continue", "in_progress")],
    "escalated": [("plan", "planned"), ("escalate", "escalated")],
    "done": [("plan", "planned"), ("done", "done")],
    "verified": [("plan", "planned"), ("done", "done"), ("verify", "verified")],
    "rejected": [("reject", "rejected")],
}
_STATUSES = (
    "planned", "in_progress", "reported", "planned", "escalated", "in_progress", "done",
    "verified", "accepted", "planned", "done", "in_progress", "rejected", "verified",
)  # fmt: skip
_CLOSED = {"done", "verified", "rejected"}


def create_problems(
    facilities: Sequence[Facility], last: Week, now: dt.datetime, cast: Cast, seed: int
) -> int:
    """One problem per story; returns how many."""
    pustu = [one for one in facilities if one.kind == FacilityKind.PUSTU]
    puskesmas = [one for one in facilities if one.kind == FacilityKind.PUSKESMAS]
    problems, follow_ups, steps = [], [], []
    stories = read_shipped(STORIES)
    ids = reserve_ids(Problem, len(stories))
    for place, (pk, story) in enumerate(zip(ids, stories, strict=True)):
        rng = dice(seed, "problem", place)
        # Two in three come from a Pustu, spread evenly over all of them.
        pool = pustu if place % 3 and pustu else puskesmas
        facility = pool[(place * 5 + 1) % len(pool)]
        status = _STATUSES[place % len(_STATUSES)]
        problem = _problem(pk, story, facility, status, last - rng.randint(0, 9), cast, now, rng)
        problems.append(problem)
        timeline = _timeline(problem, cast, now)
        steps += timeline
        if status in _CLOSED:
            problem.closed_at = timeline[-1].at
        if status not in {"reported", "accepted", "rejected"}:
            follow_ups.append(_follow_up(problem, story, status))
    copy_rows(Problem, problems)
    copy_rows(FollowUp, follow_ups)
    copy_rows(ProblemStep, steps)
    return len(problems)


def _problem(
    pk: int,
    story: Row,
    facility: Facility,
    status: str,
    week: Week,
    cast: Cast,
    now: dt.datetime,
    rng: random.Random,
) -> Problem:
    reported = dt.datetime.combine(week.end, dt.time(3, rng.randint(0, 59)), tzinfo=dt.UTC)
    return Problem(
        pk=pk,
        facility=facility,
        village_id=facility.village_id,
        week=week,
        title=story["title"],
        description="Data demo: masalah ini tidak pernah dilaporkan.",
        cluster_code=story["cluster"],
        indicator_code=story["indicator"],
        category=story["category"],
        priority=story["priority"],
        cause=story["cause"],
        people_count=number(story["people"]),
        urgency=rng.randint(2, 5),
        seriousness=rng.randint(2, 5),
        growth=rng.randint(1, 4),
        status=status,
        reported_by=cast.heads[facility.pk],
        reported_at=min(reported, now - dt.timedelta(hours=8)),
        version=1 + len(_PATHS[status]),
        is_demo=True,
    )


def _timeline(problem: Problem, cast: Cast, now: dt.datetime) -> list[ProblemStep]:
    head = cast.heads.get(problem.facility.parent_id or 0) or cast.heads[problem.facility_id]
    steps = [
        ProblemStep(
            problem=problem,
            action="report",
            to_status=ProblemStatus.REPORTED,
            week=problem.week,
            by=problem.reported_by,
            at=problem.reported_at,
        )
    ]
    at, before = problem.reported_at, str(ProblemStatus.REPORTED)
    for action, status in _PATHS[problem.status]:
        at = min(at + dt.timedelta(days=2, hours=3), at + (now - at) / 2)
        steps.append(
            ProblemStep(
                problem=problem,
                action=action,
                from_status=before,
                to_status=status,
                week=Week.of(at.date()),
                # Whoever did the work does not verify it.
                by=cast.dinkes if action == "verify" else head,
                at=at,
                comment="Di luar kewenangan Puskesmas (data demo)" if action == "reject" else "",
            )
        )
        before = status
    return steps


def _follow_up(problem: Problem, story: Row, status: str) -> FollowUp:
    reported = problem.reported_at.date()
    due = reported + dt.timedelta(days=_DAYS[story["priority"]])
    closed = problem.closed_at.date() if problem.closed_at else None
    return FollowUp(
        problem=problem,
        action=story["action"],
        owner_name=story["owner"],
        due_on=due,
        done_on=closed,
        evidence="Catatan kunjungan (data demo)" if closed else "",
        escalated_to="Dinas Kesehatan" if status == "escalated" else "",
        created_at=problem.reported_at + dt.timedelta(hours=1),
    )

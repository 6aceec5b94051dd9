"""Problems with their follow-ups and timeline, spread over the last ten weeks."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from facilities.tabular.shipped import Row, number, read_shipped
from ilp.demo.bulk import copy_rows, reserve_ids
from ilp.demo.chance import dice
from ilp.demo.corrections import DEATH
from ilp.demo.people import Cast
from ilp.demo.photos import create_photos
from reports.events.actions.recording import record_event
from reports.models import FollowUp, Problem, ProblemStep
from reports.models.event import AgeUnit, EventPlace
from reports.models.problem import OwnerKind, ProblemStatus
from reports.problems.priorities import suggest_due_on, suggest_priority
from reports.states import CLOSED

# What the problems are about: offices only, no person appears in them.
STORIES = Path(__file__).with_name("problems.csv")
_PLANNED = [("accept", "accepted"), ("plan", "planned")]
_DONE = [*_PLANNED, ("start", "in_progress"), ("done", "done")]
# The steps that lead to each status, as (action, status).
_PATHS: dict[str, list[tuple[str, str]]] = {
    "reported": [],
    "accepted": _PLANNED[:1],
    "planned": _PLANNED,
    "in_progress": _DONE[:3],
    "escalated": [*_PLANNED, ("escalate", "escalated")],
    "done": _DONE,
    "verified": [*_DONE, ("verify", "verified")],
    "rejected": [("reject", "rejected")],
    "reopened": [*_DONE, ("reopen", "reopened")],
}
_STATUSES = (
    "planned", "in_progress", "reported", "planned", "escalated", "in_progress", "done",
    "verified", "accepted", "planned", "done", "reopened", "rejected", "verified",
)  # fmt: skip
# Nobody leaves a report unread for weeks; older ones have gone further.
_OLDEST = {"reported": 1, "accepted": 2}
_EVIDENCE = "Catatan kunjungan (data demo)"
_COMMENTS = {
    "reject": "Di luar kewenangan Puskesmas (data demo)",
    "done": _EVIDENCE,
    "escalate": "Mohon bantuan, wewenang di kabupaten (data demo)",
    "reopen": "Masalah muncul lagi pekan ini (data demo)",
    "verify": "Sudah dilihat di tempat (data demo)",
}
_USG: dict[str, list[tuple[int, int, int]]] = {}
for _u, _s, _g in product(range(1, 6), repeat=3):
    _USG.setdefault(suggest_priority("", _u, _s, _g), []).append((_u, _s, _g))


def create_problems(
    facilities: Sequence[Facility],
    last: Week,
    now: dt.datetime,
    cast: Cast,
    seed: int,
    death: tuple[Facility, Week] | None = None,
) -> int:
    """One problem per story; returns how many. ``death``: where and when one was counted, which
    the story of a death is about."""
    open_on = set(Facility.objects.open_on(last.end).values_list("pk", flat=True))
    pustu = [one for one in facilities if one.kind == FacilityKind.PUSTU and one.pk in open_on]
    puskesmas = [one for one in facilities if one.kind == FacilityKind.PUSKESMAS]
    problems, follow_ups, steps = [], [], []
    stories = [row for row in read_shipped(STORIES) if death or row["event"] != "death"]
    ids = reserve_ids(Problem, len(stories))
    for place, (pk, story) in enumerate(zip(ids, stories, strict=True)):
        rng = dice(seed, "problem", place)
        # Two in three come from a Pustu, spread evenly over all of them.
        pool = pustu if place % 3 and pustu else puskesmas
        facility = pool[(place * 5 + 1) % len(pool)]
        status = _STATUSES[place % len(_STATUSES)]
        week = last - rng.randint(0, _OLDEST.get(status, 9))
        if death and story["event"] == "death":
            facility, week = death
            status = "in_progress"
        problem = _problem(pk, story, facility, status, week, cast, now, rng)
        problems.append(problem)
        timeline = _timeline(problem, story, cast, now)
        steps += timeline
        _close(problem, timeline)
        follow_ups += _follow_ups(problem, story, timeline, now)
    copy_rows(Problem, problems)
    copy_rows(FollowUp, follow_ups)
    copy_rows(ProblemStep, steps)
    for problem in problems:
        if death and problem.event == "death":
            _record_death(problem, cast)
    create_photos(problems, now)
    return len(problems)


def _record_death(problem: Problem, cast: Cast) -> None:
    """What happened, where and when: the record that belongs to the count and to its follow-up."""
    day = problem.week.start + dt.timedelta(days=3)
    record_event(
        facility=problem.facility,
        week=problem.week,
        by=cast.heads[problem.facility_id],
        indicator_code=DEATH[0],
        occurred_on=day,
        village=problem.facility.village,
        place=EventPlace.HOSPITAL,
        notified_on=day,
        age=2,
        age_unit=AgeUnit.DAYS,
        note="Data demo: kejadian ini tidak pernah ada.",
        problem=problem,
    )


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
    urgency, seriousness, growth = rng.choice(_USG[story["priority"]])
    return Problem(
        pk=pk,
        facility=facility,
        village_id=facility.village_id,
        week=week,
        title=story["title"],
        description="Data demo: masalah ini tidak pernah dilaporkan.",
        cluster_code=story["cluster"],
        group_code=story["group"],
        indicator_code=story["indicator"],
        category=story["category"],
        event=story["event"],
        priority=story["priority"],
        cause=story["cause"],
        people_count=number(story["people"]),
        urgency=urgency,
        seriousness=seriousness,
        growth=growth,
        status=status,
        reported_by=cast.heads[facility.pk],
        reported_at=min(reported, now - dt.timedelta(hours=8)),
        version=1 + len(_PATHS[status]),
        is_demo=True,
    )


def _timeline(problem: Problem, story: Row, cast: Cast, now: dt.datetime) -> list[ProblemStep]:
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
                comment=story["action"] if action == "plan" else _COMMENTS.get(action, ""),
            )
        )
        before = status
    return steps


def _close(problem: Problem, timeline: list[ProblemStep]) -> None:
    """Who did it, with what evidence, and who saw that it is so."""
    if problem.status not in CLOSED:
        return
    last = {step.action: step for step in timeline}
    problem.closed_at = last["reject" if problem.status == "rejected" else "done"].at
    if "done" in last:
        problem.done_by, problem.closing_evidence = last["done"].by, _EVIDENCE
    if "verify" in last:
        problem.verified_by, problem.verified_at = last["verify"].by, last["verify"].at


def _follow_ups(
    problem: Problem, story: Row, timeline: list[ProblemStep], now: dt.datetime
) -> list[FollowUp]:
    """One owner and one date each; a problem opened again gets a second follow-up."""
    if problem.status == "rejected":
        return []
    done = next((step for step in timeline if step.action == "done"), None)
    rows = [_follow_up(problem, story, done)]
    if problem.status == "reopened":
        again = _follow_up(problem, story, None)
        again.action = f"{story['action']} (ulang)"
        again.due_on = suggest_due_on(problem.priority, now.date())
        again.created_at = timeline[-1].at
        rows.append(again)
    return rows


def _follow_up(problem: Problem, story: Row, done: ProblemStep | None) -> FollowUp:
    reported = problem.reported_at.date()
    is_planned = problem.status not in {"reported", "accepted"}
    row = FollowUp(
        problem=problem,
        action=story["action"] if is_planned else "",
        owner_name=story["owner"],
        owner_kind=story["owner_kind"],
        due_on=suggest_due_on(problem.priority, reported),
        escalated_to="Dinas Kesehatan" if problem.status == "escalated" else "",
        created_by=problem.reported_by,
        created_at=problem.reported_at + dt.timedelta(hours=1),
    )
    if done is not None:
        row.done_on, row.done_by, row.evidence = done.at.date(), done.by, _EVIDENCE
    if is_planned and row.owner_kind != OwnerKind.HEALTH:
        row.letter_number = f"440/{problem.pk:03d}/DEMO/{reported.year}"
        row.letter_on = reported + dt.timedelta(days=1)
        row.answer = "Bersedia membantu mulai pekan depan (data demo)."
        row.answered_on = reported + dt.timedelta(days=4)
    return row

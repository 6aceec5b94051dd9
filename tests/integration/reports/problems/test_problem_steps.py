"""Every step of a problem × every status × every person, against a table of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import User
from reports.models import FollowUp, Problem
from reports.models.problem import ProblemStatus
from reports.permissions import (
    can_accept_problem,
    can_follow_up_problem,
    can_reject_problem,
    can_reopen_problem,
    can_verify_problem,
)
from reports.problems.actions import (
    accept_problem,
    attach_files,
    decide_problem,
    edit_problem,
    finish_follow_up,
    finish_problem,
    plan_follow_up,
    raise_problem,
    record_answer,
    record_letter,
    reject_problem,
    reopen_problem,
    start_problem,
    verify_problem,
)
from reports.problems.attachments import CheckedFile
from reports.problems.queries.steps import BY_ACTION, possible_steps
from reports.states import PROBLEM_TRANSITIONS
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db

SOON = clock.today() + dt.timedelta(days=7)
PHOTO = CheckedFile("foto.jpg", "image/jpeg", b"foto")

OPEN = {"reported", "accepted", "planned", "in_progress", "escalated", "reopened"}
TEAM = {"pustu_head", "puskesmas_head", "cluster_officer", "dinkes"}
HEADS = {"puskesmas_head", "dinkes"}
# action → statuses it starts from, status it leads to (None: it stays), who may
TABLE: dict[str, tuple[set[str], str | None, set[str]]] = {
    "accept": ({"reported", "reopened"}, "accepted", TEAM - {"pustu_head"}),
    "plan": ({"reported", "accepted", "planned", "reopened"}, "planned", TEAM),
    "add": ({"in_progress", "escalated"}, None, TEAM),
    "start": ({"accepted", "planned", "reopened"}, "in_progress", TEAM),
    "continue": (OPEN, "in_progress", TEAM),
    "escalate": (OPEN, "escalated", TEAM),
    "done": (OPEN, "done", TEAM),
    "verify": ({"done"}, "verified", HEADS),
    "reject": ({"reported", "accepted", "reopened"}, "rejected", HEADS),
    "reopen": ({"done", "verified", "rejected"}, "reopened", TEAM),
    "edit": (OPEN, None, TEAM),
    "attach": (OPEN | {"done"}, None, TEAM),
    "follow_up_done": (OPEN, None, TEAM),
    "letter": (OPEN, None, TEAM),
    "answer": (OPEN | {"done"}, None, TEAM),
}

type Act = Callable[[Problem, User], object]


def _given(problem: Problem, by: User) -> dict[str, Any]:
    return {"problem": problem, "by": by, "expected_version": problem.version}


def _step(problem: Problem, by: User) -> dict[str, Any]:
    row = problem.follow_ups.get()
    return {"follow_up": row, "by": by, "expected_version": problem.version}


def _decide(decision: str) -> Act:
    return lambda problem, by: decide_problem(
        week=last_week(), decision=decision, comment="Sudah dikerjakan", **_given(problem, by)
    )


def _plan(problem: Problem, by: User) -> object:
    return plan_follow_up(
        action="Beli timbangan", owner_name="Kepala desa", due_on=SOON, **_given(problem, by)
    )


ACTS: dict[str, list[Act]] = {
    "accept": [lambda problem, by: accept_problem(**_given(problem, by))],
    "plan": [_plan],
    "add": [_plan],
    "start": [lambda problem, by: start_problem(**_given(problem, by))],
    "continue": [_decide("continue")],
    "escalate": [_decide("escalate")],
    "done": [
        _decide("done"),
        lambda problem, by: finish_problem(evidence="Foto timbangan", **_given(problem, by)),
    ],
    "verify": [lambda problem, by: verify_problem(**_given(problem, by))],
    "reject": [lambda problem, by: reject_problem(reason="Sudah ada", **_given(problem, by))],
    "reopen": [lambda problem, by: reopen_problem(reason="Rusak lagi", **_given(problem, by))],
    "edit": [lambda problem, by: edit_problem(cause="Tua", **_given(problem, by))],
    "attach": [lambda problem, by: attach_files(problem=problem, by=by, files=[PHOTO])],
    "follow_up_done": [
        lambda problem, by: finish_follow_up(evidence="Kuitansi", **_step(problem, by))
    ],
    "letter": [
        lambda problem, by: record_letter(
            letter_number="440/1/2026", letter_on=SOON, **_step(problem, by)
        )
    ],
    "answer": [lambda problem, by: record_answer(answer="Bersedia", **_step(problem, by))],
}


@pytest.fixture
def world() -> World:
    return build_world()


def report(world: World, by: str = "pustu_head") -> Problem:
    return raise_problem(
        facility=world.pustu, week=last_week(), by=world[by], title="Timbangan rusak",
        owner_name="Kepala desa", owner_kind="village", due_on=SOON,
    )  # fmt: skip


def put(problem: Problem, status: str) -> Problem:
    """Into a status without a step, as a starting point."""
    problem.status = status
    problem.closed_at = clock.now() if status in {"done", "verified", "rejected"} else None
    problem.save()
    return problem


def outcome(act: Act, problem: Problem, by: User) -> str:
    """What came of it; whatever it wrote is taken back."""
    with transaction.atomic():
        try:
            act(problem, by)
            now = Problem.objects.get(pk=problem.pk)
            last = now.steps.last()
            assert last is not None
            assert (last.from_status, last.to_status) == (problem.status, now.status)
            assert (last.by_id, now.version) == (by.pk, problem.version + 1)
            result = now.status
        except PermissionDenied:
            result = "forbidden"
        except IllegalTransition:
            result = "illegal"
        transaction.set_rollback(True)
    return result


def test_the_table_here_is_the_whole_table() -> None:
    assert set(TABLE) == set(PROBLEM_TRANSITIONS) == set(ACTS)


@pytest.mark.parametrize("action", TABLE)
def test_step_by_status_and_person(action: str, world: World) -> None:
    starts, _target_status, roles = TABLE[action]
    if action == "plan":  # the same act is «add» where something is under way
        starts = starts | TABLE["add"][0]
    if action == "add":
        starts = starts | TABLE["plan"][0]
    problem = report(world)
    people = {name: world[name] for name in world.people}
    wrong = []
    for status in ProblemStatus.values:
        put(problem, status)
        for name, by in people.items():
            expected = (
                "forbidden" if name not in roles
                else "illegal" if status not in starts
                else _target(action, status)
            )  # fmt: skip
            for act in ACTS[action]:
                got = outcome(act, problem, by)
                if got != expected:
                    wrong.append(f"{name}, {status}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def _target(action: str, status: str) -> str:
    if action in {"plan", "add"}:
        action = "add" if status in TABLE["add"][0] else "plan"
    return TABLE[action][1] or status


RULES = {
    "accept": can_accept_problem,
    "reject": can_reject_problem,
    "verify": can_verify_problem,
    "reopen": can_reopen_problem,
}


def test_buttons_are_those_of_the_table(world: World) -> None:
    problem = report(world)
    wrong = []
    for status in ProblemStatus.values:
        put(problem, status)
        for name in world.people:
            by = world[name]
            shown = {step.action for step in possible_steps(by, problem)}
            expected = {
                action for action in BY_ACTION
                if name in TABLE[action][2] and status in TABLE[action][0]
                and _target(action, status) != status
            }  # fmt: skip
            if shown != expected:
                wrong.append(f"{name}, {status}: {shown ^ expected}")
            for action, rule in RULES.items():
                assert rule(by, problem) == (name in TABLE[action][2])
            assert can_follow_up_problem(by, problem) == (name in TEAM)
    assert not wrong, "\n".join(wrong)


def test_nobody_verifies_what_they_did(world: World) -> None:
    problem = report(world)
    head, dinkes = world["puskesmas_head"], world["dinkes"]
    problem = finish_problem(evidence="Timbangan baru", **_given(problem, head))
    with pytest.raises(PermissionDenied, match="orang lain"):
        verify_problem(**_given(problem, head))
    assert not [step for step in possible_steps(head, problem) if step.action == "verify"]
    problem = verify_problem(**_given(problem, dinkes))
    assert (problem.status, problem.verified_by) == ("verified", dinkes)


def test_nobody_verifies_where_they_did_a_follow_up(world: World) -> None:
    problem = report(world)
    finish_follow_up(evidence="Sudah dibeli", **_step(problem, world["puskesmas_head"]))
    problem.refresh_from_db()
    problem = finish_problem(evidence="Sudah dipakai", **_given(problem, world["pustu_head"]))
    with pytest.raises(PermissionDenied):
        verify_problem(**_given(problem, world["puskesmas_head"]))


@pytest.mark.parametrize("evidence", ["", "    ", "ok  ", "baru"])
def test_done_needs_evidence(world: World, evidence: str) -> None:
    problem, by = report(world), world["pustu_head"]
    for act in (
        lambda: finish_problem(evidence=evidence, **_given(problem, by)),
        lambda: decide_problem(
            week=last_week(), decision="done", comment=evidence, **_given(problem, by)
        ),
        lambda: finish_follow_up(evidence=evidence, **_step(problem, by)),
    ):
        with pytest.raises(InvalidInput) as caught:
            act()
        assert set(caught.value.errors) == {"evidence"}
    problem.refresh_from_db()
    assert (problem.status, problem.version) == ("reported", 1)


def test_a_file_is_evidence(world: World) -> None:
    problem, by = report(world), world["pustu_head"]
    finish_follow_up(attachments=[PHOTO], **_step(problem, by))
    problem.refresh_from_db()
    problem = finish_problem(attachments=[PHOTO], **_given(problem, by))
    assert (problem.status, problem.done_by) == ("done", by)
    assert [row.purpose for row in problem.attachments.all()] == ["evidence", "evidence"]


def test_closing_finishes_the_open_follow_ups_with_its_evidence(world: World) -> None:
    problem, by = report(world), world["pustu_head"]
    problem = finish_problem(evidence="Timbangan baru", **_given(problem, by))
    row = FollowUp.objects.get(problem=problem)
    assert (row.evidence, row.done_by) == ("Timbangan baru", by)
    assert row.done_on is not None


def test_reopening_takes_the_closing_back(world: World) -> None:
    problem = report(world)
    problem = finish_problem(evidence="Timbangan baru", **_given(problem, world["pustu_head"]))
    problem = reopen_problem(reason="Rusak lagi", **_given(problem, world["puskesmas_head"]))
    assert (problem.status, problem.closed_at, problem.done_by) == ("reopened", None, None)
    assert problem.closing_evidence == ""
    # The doer of the first time may verify what somebody else does now, but not his own share.
    problem = finish_problem(evidence="Diganti lagi", **_given(problem, world["dinkes"]))
    assert can_verify_problem(world["puskesmas_head"], problem)
    assert not can_verify_problem(world["dinkes"], problem)


@pytest.mark.parametrize("reason", ["", "   ", "ya"])
def test_rejecting_and_reopening_need_a_reason(world: World, reason: str) -> None:
    problem, by = report(world), world["puskesmas_head"]
    with pytest.raises(InvalidInput):
        reject_problem(reason=reason, **_given(problem, by))
    put(problem, "done")
    with pytest.raises(InvalidInput):
        reopen_problem(reason=reason, **_given(problem, by))


def test_stale_version_changes_nothing(world: World) -> None:
    problem, by = report(world), world["puskesmas_head"]
    accept_problem(**_given(problem, world["dinkes"]))
    for action in ("plan", "start", "continue", "done", "reject", "edit", "letter", "answer"):
        for act in ACTS[action]:
            with pytest.raises(StaleVersion):
                act(problem, by)
    problem.refresh_from_db()
    assert (problem.status, problem.version) == ("accepted", 2)


def test_lost_answer_of_a_step_is_no_conflict(world: World) -> None:
    problem, by = report(world), world["puskesmas_head"]
    for _time in range(2):
        again = accept_problem(
            problem=problem, by=by, expected_version=problem.version, comment="Baik"
        )
        assert (again.status, again.version) == ("accepted", 2)
    again.refresh_from_db()
    for _time in range(2):
        done = finish_problem(problem=again, by=by, expected_version=2, evidence="Sudah baru")
        assert (done.status, done.version) == ("done", 3)


def test_the_database_refuses_a_doer_who_verifies(world: World) -> None:
    problem = put(report(world), "done")
    problem.done_by = problem.verified_by = world["dinkes"]
    with pytest.raises(IntegrityError), transaction.atomic():
        problem.save()

"""Everybody does anything to a handful of problems, with stale versions and steps sent twice.
The table of what may follow what stands here a second time, by hand, from the guide."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.models import Escalation, Problem, ProblemStep
from reports.problems.actions import (
    accept_problem,
    decide_problem,
    finish_problem,
    plan_follow_up,
    raise_problem,
    reject_problem,
    reopen_problem,
    start_problem,
    verify_problem,
)
from reports.problems.actions.escalations import answer_escalation
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db

REFUSALS = (PermissionDenied, IllegalTransition, InvalidInput, StaleVersion)
ROLES = (
    "admin", "dinkes", "puskesmas_head", "cluster_officer", "pustu_head", "kader", "province",
    "sibling_head", "outsider", "nobody",
)  # fmt: skip
WORKS_ON = {
    "puskesmas": {"puskesmas_head", "cluster_officer", "dinkes"},
    "pustu": {"pustu_head", "puskesmas_head", "cluster_officer", "dinkes"},
}
ACCEPTS = {"puskesmas_head", "cluster_officer", "dinkes"}
JUDGES = {"puskesmas_head", "dinkes"}
OPEN = {"reported", "accepted", "planned", "in_progress", "escalated", "reopened"}
# action → (from, to)
TABLE: dict[str, tuple[set[str], str]] = {
    "accept": ({"reported", "reopened"}, "accepted"),
    "start": ({"accepted", "planned", "reopened"}, "in_progress"),
    "continue": (OPEN, "in_progress"),
    "escalate": (OPEN, "escalated"),
    "done": (OPEN, "done"),
    "verify": ({"done"}, "verified"),
    "reject": ({"reported", "accepted", "reopened"}, "rejected"),
    "reopen": ({"done", "verified", "rejected"}, "reopened"),
}

# Those who have to do with it more often than the others, right more often than wrong: else
# hardly any problem would get far.
INSIDE = ("dinkes", "puskesmas_head", "cluster_officer", "pustu_head")
roles = st.sampled_from(INSIDE) | st.sampled_from(INSIDE) | st.sampled_from(ROLES)
staleness = st.sampled_from((0, 0, 0, 0, 0, 0, 1, 2))
reasons = st.sampled_from(("Ternyata belum selesai", "Ternyata belum selesai", "", " x "))
evidences = st.sampled_from(("Berita acara", "Berita acara", "Berita acara", "", "ok"))


@dataclass
class Expected:
    place: str
    status: str
    version: int
    # (action, from, to, role, comment)
    steps: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    doers: set[str] = field(default_factory=set)
    is_death: bool = False


class Problems(RuleBasedStateMachine):
    world: World
    problems: Bundle[int] = Bundle("problems")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.expected: dict[int, Expected] = {}
        self.answers: dict[int, str] = {}
        self.touched = 0  # the problem of the last step; all are compared at the end
        self.due = clock.today() + dt.timedelta(days=9)

    def teardown(self) -> None:
        try:
            self.compare(set(self.expected))
            self.check_answers()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def attempt(self, may: bool, action: Callable[[], Any]) -> Any:
        """Do it in a savepoint; it must succeed exactly when it may."""
        result = None
        with suppress(*REFUSALS), transaction.atomic():
            result = action()
        assert (result is not None) == may
        return result

    @initialize(target=problems)
    def begin(self) -> Any:
        """One problem of a Pustu is there, whatever else happens."""
        return self.report("pustu_head", "pustu", "Bidan pindah", False, "", 1)

    @precondition(lambda self: len(self.expected) < 3)
    @rule(target=problems, role=roles, place=st.sampled_from(("puskesmas", "pustu")),
          title=st.sampled_from(("Vaksin kosong", "Vaksin kosong", " ")), planned=st.booleans(),
          event=st.sampled_from(("", "", "", "death")), sent=st.integers(1, 3))  # fmt: skip
    def report(
        self, role: str, place: str, title: str, planned: bool, event: str, sent: int
    ) -> Any:
        """Reported once, twice or three times over a bad line: it is one problem."""
        key = uuid.uuid4()
        may = role in WORKS_ON[place] and bool(title.strip())
        made: set[int] = set()
        for _again in range(sent):
            row = self.attempt(
                may,
                lambda: raise_problem(
                    facility=getattr(self.world, place), week=last_week(), by=self.world[role],
                    title=title, owner_name="Bidan koordinator", due_on=self.due,
                    action="Pinjam dari tetangga" if planned else "", client_key=key, event=event,
                ),
            )  # fmt: skip
            if row is not None:
                made.add(row.pk)
        assert len(made) == int(may)
        if not may:
            return multiple()
        status = "planned" if planned else "reported"
        want = Expected(place, status, 1, [("report", "", status, role, "")])
        want.is_death = event == "death"
        if event:
            # Up at once, to the head of the Puskesmas and to Dinkes; not back to who said it.
            levels = 1 if role in {"puskesmas_head", "dinkes"} else 2
            for _level in range(levels):
                want.steps.append(("escalate", want.status, "escalated", role, "*"))
                want.status, want.version = "escalated", want.version + 1
        [pk] = made
        self.expected[pk], self.touched = want, pk
        return pk

    def step(
        self, action: str, pk: int, role: str, stale: int, allowed: set[str],
        do: Callable[..., Any], comment: str = "", is_valid: bool = True,
        ignores_comment: bool = False,
    ) -> None:  # fmt: skip
        want = self.expected[pk]
        problem = Problem.objects.get(pk=pk)
        last = want.steps[-1]
        is_repeated = (
            stale == 1
            and (last[0], last[3]) == (action, role)
            and (ignores_comment or last[4] == comment)
        )
        origin, target = TABLE[action]
        is_own = action == "verify" and role in want.doers
        may = (
            role in allowed and not is_own and is_valid and stale == 0 and want.status in origin
        ) or (is_repeated and (is_valid or action == "done"))
        done = self.attempt(may, lambda: do(problem=problem, expected_version=want.version - stale))
        if done is None or is_repeated:
            return
        want.steps.append((action, want.status, target, role, comment))
        want.status, want.version = target, want.version + 1
        if action == "done":
            want.doers.add(role)
        if action == "reopen":
            want.doers = {doer for doer in want.doers if self.did_a_follow_up(pk, doer)}

    def did_a_follow_up(self, pk: int, role: str) -> bool:
        steps = Problem.objects.get(pk=pk).follow_ups
        return steps.filter(done_by=self.world.people[role]).exists()

    @rule(pk=problems, role=roles, stale=staleness, evidence=evidences, reason=reasons,
          data=st.data())  # fmt: skip
    def act(
        self, pk: int, role: str, stale: int, evidence: str, reason: str, data: st.DataObject
    ) -> None:
        """One step; more often one that the status allows, else no problem would get far."""
        want, self.touched = self.expected[pk], pk
        fitting = [name for name, (origin, _to) in TABLE.items() if want.status in origin]
        action = data.draw(
            st.sampled_from(fitting)
            | st.sampled_from(fitting)
            | st.sampled_from([*sorted(TABLE), "plan", "answer"])
        )
        if action == "plan":
            self.plan(pk, role, min(stale, 1), sent=1 + len(evidence) % 2)
        elif action == "answer":
            self.answer(pk, role, reason)
        else:
            self.take(action, pk, role, stale, evidence, reason)

    def take(self, action: str, pk: int, role: str, stale: int, evidence: str, reason: str) -> None:
        want = self.expected[pk]
        works = WORKS_ON[want.place]
        head: dict[str, Any] = {"by": self.world[role]}
        has_reason, has_evidence = len(reason.strip()) >= 5, len(evidence) >= 5
        if action in {"continue", "escalate"}:
            head |= {"decision": action, "week": last_week()}
            self.step(action, pk, role, stale, works, partial(decide_problem, **head))
        elif action == "done":
            head["evidence"] = evidence
            self.step(
                action, pk, role, stale, works, partial(finish_problem, **head),
                comment=evidence, ignores_comment=True,
                # A death is closed by its record's audit only, and none is made here.
                is_valid=has_evidence and not want.is_death,
            )  # fmt: skip
        elif action in {"reject", "reopen"}:
            head["reason"] = reason
            do, allowed = (
                (reject_problem, JUDGES) if action == "reject" else (reopen_problem, works)
            )
            self.step(
                action, pk, role, stale, allowed, partial(do, **head),
                comment=reason, is_valid=has_reason,
            )  # fmt: skip
        else:
            plain: dict[str, tuple[Callable[..., Problem], set[str]]] = {
                "accept": (accept_problem, ACCEPTS),
                "start": (start_problem, works),
                "verify": (verify_problem, JUDGES),
            }
            do_it, allowed = plain[action]
            self.step(action, pk, role, stale, allowed, partial(do_it, **head))

    def plan(self, pk: int, role: str, stale: int, sent: int) -> None:
        """One more follow-up; sent twice with the same key it is one."""
        want, key = self.expected[pk], uuid.uuid4()
        before = Problem.objects.get(pk=pk).follow_ups.count()
        may = role in WORKS_ON[want.place] and want.status in OPEN and not stale
        version = want.version - stale
        for _again in range(sent):
            self.attempt(
                may,
                lambda: plan_follow_up(
                    problem=Problem.objects.get(pk=pk), by=self.world[role],
                    expected_version=version, action="Sweeping dua dusun",
                    owner_name="Kader", due_on=self.due, client_key=key,
                ),
            )  # fmt: skip
        assert Problem.objects.get(pk=pk).follow_ups.count() == before + int(may)
        if may:
            stays = want.status in {"in_progress", "escalated"}
            target = want.status if stays else "planned"
            action = "add" if stays else "plan"
            want.steps.append((action, want.status, target, role, "Sweeping dua dusun"))
            want.status, want.version = target, want.version + 1

    def answer(self, pk: int, role: str, text: str) -> None:
        """The level that was asked answers; once."""
        want = self.expected[pk]
        row = Escalation.objects.filter(problem_id=pk, answered_at=None).first()
        if row is not None:
            asked = {"puskesmas": "puskesmas_head", "dinkes": "dinkes"}[row.to_facility.kind]
            may = role == asked and len(text) >= 5
            if self.attempt(
                may, lambda: answer_escalation(escalation=row, by=self.world[role], answer=text)
            ):
                self.answers[row.pk] = text
                want.steps.append(("answer", want.status, want.status, role, text))

    @invariant()
    def what_was_touched_is_as_expected(self) -> None:
        if self.touched:
            self.compare({self.touched})

    def compare(self, keys: set[int]) -> None:
        rows = {row.pk: row for row in Problem.objects.filter(pk__in=keys)}
        assert set(rows) == keys
        people = {user.pk: role for role, user in self.world.people.items()}
        steps: dict[int, list[tuple[str, str, str, str]]] = {pk: [] for pk in rows}
        for step in ProblemStep.objects.filter(problem__in=rows):
            who = people[step.by_id] if step.by_id else ""
            steps[step.problem_id].append((step.action, step.from_status, step.to_status, who))
        for pk, row in rows.items():
            want = self.expected[pk]
            assert (row.status, row.version) == (want.status, want.version)
            assert steps[pk] == [each[:4] for each in want.steps]
            assert (row.closed_at is not None) == (want.status not in OPEN)
            assert (row.verified_by_id is not None) == (want.status == "verified")

    def check_answers(self) -> None:
        given = dict(Escalation.objects.filter(pk__in=self.answers).values_list("pk", "answer"))
        assert given == self.answers
        open_ones = Escalation.objects.filter(answered_at=None)
        levels = list(open_ones.values_list("problem", "to_facility"))
        assert len(levels) == len(set(levels))


def test_problems_under_everybody(db: None) -> None:
    Problems.world = build_world()
    run_state_machine_as_test(
        Problems,
        settings=settings(
            max_examples=30,
            stateful_step_count=60,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""Sent twice over a bad line, a problem and a decision are still one."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from facilities.errors import InvalidInput, StaleVersion
from reports.models import FollowUp, Problem, ProblemStep
from reports.problems.actions import decide_problem, raise_problem
from tests import clock
from tests.factories.world import World, build_world, last_week

SOON = clock.today() + dt.timedelta(days=7)


def report(world: World, key: uuid.UUID | None, by: str = "puskesmas_head") -> Problem:
    return raise_problem(
        facility=world.puskesmas, week=last_week(), by=world[by], title="Timbangan rusak",
        owner_name="PJ Klaster 2", due_on=SOON, client_key=key,
    )  # fmt: skip


@pytest.mark.django_db
def test_key_sent_again_finds_the_first_problem() -> None:
    world, key = build_world(), uuid.uuid4()
    first = report(world, key)
    assert report(world, key) == first
    assert (FollowUp.objects.count(), ProblemStep.objects.count()) == (1, 1)
    assert report(world, None) != report(world, None)


@pytest.mark.django_db
def test_key_of_somebody_else_opens_nothing() -> None:
    world, key = build_world(), uuid.uuid4()
    report(world, key)
    with pytest.raises(InvalidInput):
        report(world, key, by="cluster_officer")
    assert Problem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_key_in_two_requests_at_once_makes_one_problem() -> None:
    world, key = build_world(), uuid.uuid4()
    found: list[int] = []
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        try:
            found.append(report(world, key).pk)
        finally:
            connection.close()

    _together(work, 4)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert (Problem.objects.count(), FollowUp.objects.count()) == (1, 1)


def _together(work: Callable[[], None], number: int) -> None:
    threads = [threading.Thread(target=work) for _one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()


@pytest.mark.django_db
def test_decision_sent_again_changes_nothing() -> None:
    world = build_world()
    problem = report(world, None)
    head, week = world["puskesmas_head"], last_week()
    for _time in range(2):
        again = decide_problem(
            problem=problem, week=week, decision="continue", by=head, expected_version=1
        )
        assert (again.status, again.version) == ("in_progress", 2)
    assert ProblemStep.objects.filter(action="continue").count() == 1
    # Another person, another answer or another week is no repetition.
    for values in (
        {"by": world["cluster_officer"]},
        {"decision": "escalate"},
        {"week": week - 1},
    ):
        given: dict[str, Any] = {"by": head, "decision": "continue", "week": week} | values
        with pytest.raises(StaleVersion):
            decide_problem(problem=problem, expected_version=1, **given)

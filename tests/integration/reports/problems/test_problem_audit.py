"""No step of a problem on an old look at it, and none without its audit rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError

from facilities.errors import StaleVersion
from reports.models import Attachment, Delivery, Escalation, FollowUp, Problem, ProblemStep
from tests.factories.refusals import contents, refuse_inserts
from tests.factories.world import World, build_world
from tests.integration.reports.problems.test_problem_steps import ACTS, TABLE, put, report

pytestmark = pytest.mark.django_db

# A file more takes nothing away from whoever adds another one at the same time.
WITHOUT_VERSION = {"attach"}


def history() -> Any:
    return apps.get_model("reports", "ProblemEvent")


def everything() -> dict[str, list[dict[str, Any]]]:
    kinds = (Problem, ProblemStep, FollowUp, Attachment, Escalation, Delivery, history())
    return contents(*kinds)


@pytest.fixture
def world() -> World:
    return build_world()


def ready(world: World, action: str) -> Problem:
    """A problem in a status in which the step may be taken, by others than who takes it."""
    return put(report(world), min(TABLE[action][0]))


@pytest.mark.parametrize("action", sorted(ACTS.keys() - WITHOUT_VERSION))
def test_step_on_an_old_version_changes_nothing(action: str, world: World) -> None:
    problem, by = ready(world, action), world["dinkes"]
    Problem.objects.filter(pk=problem.pk).update(version=3, title="Timbangan hilang")
    before = everything()
    for act in ACTS[action]:
        with pytest.raises(StaleVersion) as caught:
            act(problem, by)
        # The one who comes late is told what stands there now.
        current = caught.value.current
        assert (current.version, current.title) == (3, "Timbangan hilang")
        assert everything() == before


@pytest.mark.parametrize("action", ACTS)
@pytest.mark.parametrize("audit", ["step", "history"])
def test_step_without_its_audit_row_does_not_happen(action: str, audit: str, world: World) -> None:
    problem, by = ready(world, action), world["dinkes"]
    before = everything()
    refuse_inserts(ProblemStep if audit == "step" else history())
    for act in ACTS[action]:
        with pytest.raises(DatabaseError, match="refused by the test"):
            act(problem, by)
        assert everything() == before


@pytest.mark.parametrize("audit", ["step", "history"])
def test_problem_is_not_reported_without_its_audit_row(audit: str, world: World) -> None:
    before = everything()
    refuse_inserts(ProblemStep if audit == "step" else history())
    with pytest.raises(DatabaseError, match="refused by the test"):
        report(world)
    assert everything() == before

"""Problems: raised in the meeting, decided on, followed up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from facilities.errors import InvalidInput
from reports.models import FollowUp, Problem, ProblemStep
from reports.problems.actions import raise_problem
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SOON = str(clock.today() + dt.timedelta(days=7))


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.force_login(world["puskesmas_head"])
    return client


def given(world: World, **more: str) -> dict[str, str]:
    return {
        "facility": world.puskesmas.code,
        "week": str(last_week()),
        "title": "Timbangan bayi rusak",
        "owner_name": "PJ Klaster 2",
        "due_on": SOON,
        "category": "equipment",
        "priority": "medium",
    } | more


def raised(head: Client, world: World) -> Problem:
    head.post(reverse("reports:problem-raise"), given(world))
    return Problem.objects.get()


def test_problem_is_raised_with_its_follow_up(head: Client, world: World) -> None:
    problem = raised(head, world)
    assert (problem.title, problem.week) == ("Timbangan bayi rusak", last_week())
    assert FollowUp.objects.get(problem=problem).owner_name == "PJ Klaster 2"
    text = head.get(reverse("reports:problem-detail", args=[problem.pk])).text
    assert "PJ Klaster 2" in text


def test_raise_form_explains_by_field(head: Client, world: World) -> None:
    answer = head.post(
        reverse("reports:problem-raise"), given(world, title="", due_on="2020-01-01")
    )
    assert answer.status_code == 422
    assert "Tulis apa masalahnya." in answer.text
    assert "Tenggatnya sudah lewat." in answer.text
    assert 'href="#id_title"' in answer.text
    assert not Problem.objects.exists()


def test_raise_inside_the_review_answers_its_section(head: Client, world: World) -> None:
    answer = head.post(reverse("reports:problem-raise"), given(world), headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section class="card" id="new-problems"')
    assert "Timbangan bayi rusak" in answer.text
    refused = head.post(reverse("reports:problem-raise"), given(world, title=""), headers=HTMX)
    assert refused.status_code == 422
    assert 'value="PJ Klaster 2"' in refused.text


def test_decision_answers_state_and_version_by_id(head: Client, world: World) -> None:
    problem = raised(head, world)
    address = reverse("reports:problem-decide", args=[problem.pk])
    data = {"decision": "escalate", "version": "1", "week": str(last_week())}
    answer = head.post(address, data, headers=HTMX)
    assert answer.status_code == 200
    assert f"innerHTML:#pver-{problem.pk}" in answer.text
    problem.refresh_from_db()
    assert problem.status == "escalated"
    step = ProblemStep.objects.filter(action="escalate").get()
    assert (step.week, step.by) == (last_week(), world.people["puskesmas_head"])
    again = head.post(address, data, headers=HTMX)  # the answer was lost
    assert again.status_code == 200
    assert ProblemStep.objects.filter(action="escalate").count() == 1
    stale = head.post(address, data | {"decision": "continue"}, headers=HTMX)
    assert stale.status_code == 409


def test_decision_without_a_choice_is_refused(head: Client, world: World) -> None:
    problem = raised(head, world)
    answer = head.post(reverse("reports:problem-decide", args=[problem.pk]), {"version": "1"})
    assert answer.status_code == 422
    assert "Pilih salah satu dari tiga." in answer.text


def test_follow_up_is_planned(head: Client, world: World) -> None:
    problem = raised(head, world)
    address = reverse("reports:follow-up-plan", args=[problem.pk])
    data = {"action": "Beli timbangan", "owner_name": "Kepala desa", "due_on": SOON, "version": "1"}
    assert head.post(address, data).status_code == 302
    assert FollowUp.objects.filter(action="Beli timbangan").exists()
    assert head.post(address, data | {"version": "2", "action": ""}).status_code == 422
    assert head.post(address, data).status_code == 409


def test_list_filters_by_state_place_and_cluster(head: Client, world: World) -> None:
    raised(head, world)
    address = reverse("reports:problem-list")
    assert "Timbangan bayi rusak" in head.get(address).text
    assert "Timbangan bayi rusak" in head.get(address + "?status=new").text
    assert "Timbangan bayi rusak" not in head.get(address + "?status=closed").text
    assert "Timbangan bayi rusak" not in head.get(address + "?cluster=K3").text
    assert "Timbangan bayi rusak" not in head.get(address + f"?facility={world.pustu.code}").text
    assert head.get(address + f"?facility={world.foreign.code}").status_code == 404


def test_next_page_never_leaves_the_site(head: Client, world: World) -> None:
    answer = head.post(reverse("reports:problem-raise"), given(world, next="https://example.org/x"))
    assert answer.headers["Location"].startswith("/problems/")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("week", {"week": last_week() + 2}),
        ("week", {"week": last_week() - 2000}),  # long before it opened
        ("people_count", {"people_count": -1}),
        ("cluster_code", {"cluster_code": "K9"}),
        ("group_code", {"group_code": "XX"}),
        ("indicator_code", {"indicator_code": "XX01"}),
    ],
)
def test_action_refuses_what_no_form_offers(
    world: World, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        raise_problem(
            facility=world.pustu, by=world["pustu_head"], title="Timbangan rusak",
            owner_name="PJ Klaster 2", due_on=dt.date.fromisoformat(SOON),
            **{"week": last_week(), **values},
        )  # fmt: skip
    assert set(caught.value.errors) == {field}
    assert not Problem.objects.exists()


def test_no_decision_in_a_week_to_come(head: Client, world: World) -> None:
    problem = raised(head, world)
    answer = head.post(
        reverse("reports:problem-decide", args=[problem.pk]),
        {
            "decision": "done",
            "version": 1,
            "comment": "Sudah selesai",
            "week": str(last_week() + 2),
        },
    )
    assert answer.status_code == 422
    problem.refresh_from_db()
    assert problem.status == "reported"


@pytest.mark.parametrize("week", ["0001-W10", "9999-W52", "2026-W54"])
def test_week_of_another_age_does_not_exist(head: Client, world: World, week: str) -> None:
    assert head.get(f"/reviews/{week}/{world.puskesmas.code}/").status_code == 404
    assert head.get("/reviews/", {"until": week}).status_code == 200

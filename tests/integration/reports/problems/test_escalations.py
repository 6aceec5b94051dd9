"""Escalation: by event, by the clock, by a person; the answer and who sees it."""

from __future__ import annotations

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import Area
from reports.models import Delivery, Escalation, FollowUp, Problem
from reports.problems.actions import decide_problem, finish_problem, raise_problem
from reports.problems.actions.escalation_clock import escalate_due
from reports.problems.actions.escalations import answer_due, answer_escalation, escalate
from reports.problems.queries.asked import asked_rows
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return build_world()


def report(world: World, place: str = "pustu", role: str = "pustu_head", **fields: Any) -> Problem:
    facility = getattr(world, place)
    given = {
        "title": "Vaksin kosong", "owner_name": "Bidan", "action": "Minta kiriman",
        "due_on": clock.today() + DAY, **fields,
    }  # fmt: skip
    return raise_problem(facility=facility, week=last_week(), by=world[role], **given)


def later(days: int) -> dt.datetime:
    return clock.now() + days * DAY


def asked(problem: Problem) -> list[tuple[str, str]]:
    rows = problem.escalations.order_by("pk").select_related("to_facility")
    return [(row.to_facility.code, row.reason) for row in rows]


# --- overdue twice ------------------------------------------------------------------------


def test_overdue_once_stays_and_a_week_more_goes_up(world: World) -> None:
    problem = report(world)
    assert escalate_due(district=world.district, now=later(3)) == []
    (row,) = escalate_due(district=world.district, now=later(8))
    problem.refresh_from_db()
    assert asked(problem) == [("P1", "overdue_twice")]
    assert (problem.status, row.raised_by, row.answered_at) == ("escalated", None, None)
    step = problem.steps.last()
    assert step is not None
    assert (step.action, step.to_status, step.by) == ("escalate", "escalated", None)


def test_clock_may_run_as_often_as_it_likes(world: World) -> None:
    problem = report(world)
    for _ in range(3):
        escalate_due(district=world.district, now=later(9))
    assert asked(problem) == [("P1", "overdue_twice")]
    assert Delivery.objects.filter(key__startswith="escalation:").count() == 1


def test_answered_and_overdue_twice_again_goes_one_level_higher(world: World) -> None:
    problem = report(world)
    (row,) = escalate_due(district=world.district, now=later(9))
    answer_escalation(
        escalation=row, by=world["puskesmas_head"], answer="Saya kirim besok", now=later(10)
    )
    assert escalate_due(district=world.district, now=later(30)) == []
    FollowUp.objects.create(
        problem=problem, action="Kirim", owner_name="Kapus", due_on=later(12).date()
    )
    escalate_due(district=world.district, now=later(22))
    assert asked(problem) == [("P1", "overdue_twice"), ("DINKES-19.06", "overdue_twice")]


def test_problem_of_a_puskesmas_goes_to_dinkes(world: World) -> None:
    problem = report(world, "puskesmas", "puskesmas_head")
    escalate_due(district=world.district, now=later(9))
    assert asked(problem) == [("DINKES-19.06", "overdue_twice")]


def test_closed_problem_is_left_alone(world: World) -> None:
    problem = report(world)
    finish_problem(
        problem=problem, by=world["pustu_head"], expected_version=problem.version,
        evidence="Vaksin sudah tiba",
    )  # fmt: skip
    assert escalate_due(district=world.district, now=later(30)) == []


def test_another_district_is_left_alone(world: World) -> None:
    problem = report(world, "foreign", "outsider")
    escalate_due(district=world.district, now=later(30))
    assert asked(problem) == []


# --- three villages -----------------------------------------------------------------------


def _villages(world: World) -> list[Area]:
    return list(Area.objects.filter(code__startswith="19.06.01.").order_by("code"))


def test_three_villages_with_one_indicator_go_up(world: World) -> None:
    villages = _villages(world)
    fields: dict[str, Any] = {"indicator_code": "IMM01", "due_on": later(20).date()}
    first = [report(world, village=villages[n], **fields) for n in (0, 1)]
    again = report(world, village=villages[1], **fields)
    assert escalate_due(district=world.district) == []  # two villages, three problems
    third = report(world, "other_pustu", "puskesmas_head", village=villages[2], **fields)
    assert len(escalate_due(district=world.district)) == 4
    for problem in (*first, again, third):
        assert asked(problem) == [("P1", "many_villages")]
    assert escalate_due(district=world.district) == []


def test_pustu_stands_for_its_village_and_category_with_cluster_is_the_same(world: World) -> None:
    fields: dict[str, Any] = {
        "category": "supplies",
        "cluster_code": "K2",
        "due_on": later(20).date(),
    }
    report(world, **fields)
    report(world, "other_pustu", "puskesmas_head", **fields)
    own = report(world, "puskesmas", "puskesmas_head", **fields)
    assert len(escalate_due(district=world.district)) == 3
    assert asked(own) == [("DINKES-19.06", "many_villages")]


def test_three_villages_over_two_puskesmas_go_to_dinkes(world: World) -> None:
    fields: dict[str, Any] = {"indicator_code": "IMM01", "due_on": later(20).date()}
    first = report(world, **fields)
    report(world, "other_pustu", "puskesmas_head", **fields)
    report(world, "sibling", "sibling_head", **fields)
    escalate_due(district=world.district)
    assert asked(first) == [("DINKES-19.06", "many_villages")]


def test_unlike_problems_are_not_the_same(world: World) -> None:
    for place, role in (("pustu", "pustu_head"), ("other_pustu", "puskesmas_head"),
                        ("puskesmas", "puskesmas_head")):  # fmt: skip
        report(world, place, role, cluster_code="K2", due_on=later(20).date())
    assert escalate_due(district=world.district) == []


# --- events -------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [
    {"event": "death"}, {"event": "outbreak"}, {"event": "violence"}, {"category": "outbreak"},
])  # fmt: skip
def test_event_goes_to_both_levels_at_once(world: World, fields) -> None:
    before = clock.now()
    problem = report(world, **fields)
    assert asked(problem) == [("P1", "event"), ("DINKES-19.06", "event")]
    problem.refresh_from_db()
    assert problem.status == "escalated"
    for row in problem.escalations.all():
        assert DAY <= row.answer_due_at - before < DAY + dt.timedelta(minutes=5)


def test_event_of_a_puskesmas_reported_by_its_officer_reaches_the_head_too(world: World) -> None:
    by_officer = report(world, "puskesmas", "cluster_officer", event="death")
    assert asked(by_officer) == [("P1", "event"), ("DINKES-19.06", "event")]
    by_head = report(world, "puskesmas", "puskesmas_head", event="death")
    assert asked(by_head) == [("DINKES-19.06", "event")]


def test_ordinary_problem_does_not_go_up(world: World) -> None:
    assert asked(report(world)) == []


# --- by a person --------------------------------------------------------------------------


def test_decision_to_escalate_asks_the_level_above(world: World) -> None:
    by_pustu = report(world)
    by_head = report(world)
    for problem, role in ((by_pustu, "pustu_head"), (by_head, "puskesmas_head")):
        for _ in range(2):  # the second time its answer was lost
            decide_problem(
                problem=problem, week=last_week(), decision="escalate", by=world[role],
                expected_version=1, comment="Mohon bantuan",
            )  # fmt: skip
    assert asked(by_pustu) == [("P1", "asked")]
    assert asked(by_head) == [("DINKES-19.06", "asked")]


def test_asking_a_level_twice_is_one_open_question(world: World) -> None:
    problem = report(world)
    rows = {
        escalate(problem=problem, to_facility=world.puskesmas, reason="asked").pk for _ in range(2)
    }
    assert len(rows) == 1


def test_answer_is_due_in_two_working_days(world: World) -> None:
    friday = dt.datetime(2026, 6, 12, 3, 0, tzinfo=dt.UTC)
    due = answer_due(world.district, "asked", friday)
    # Tuesday 16 June 2026 is a national holiday (Islamic New Year): Monday, then Wednesday.
    assert (due.date(), due.hour) == (dt.date(2026, 6, 17), 16)


# --- the answer ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role",
    ["admin", "dinkes", "cluster_officer", "pustu_head", "kader", "sibling_head", "outsider"],
)
def test_only_the_level_that_was_asked_answers(world: World, role: str) -> None:
    row = escalate(problem=report(world), to_facility=world.puskesmas, reason="asked")
    with pytest.raises(PermissionDenied):
        answer_escalation(escalation=row, by=world[role], answer="Saya jawab")


def test_answer_is_given_once(world: World) -> None:
    row = escalate(problem=report(world), to_facility=world.puskesmas, reason="asked")
    head = world["puskesmas_head"]
    with pytest.raises(InvalidInput):
        answer_escalation(escalation=row, by=head, answer="  ya ")
    for _ in range(2):
        row = answer_escalation(escalation=row, by=head, answer="Vaksin dikirim besok")
    assert row.problem.steps.filter(action="answer").count() == 1
    with pytest.raises(IllegalTransition):
        answer_escalation(escalation=row, by=head, answer="Jawaban yang lain")


def test_answer_reaches_those_who_reported(world: World, client: Client) -> None:
    problem = report(world)
    row = escalate(problem=problem, to_facility=world.puskesmas, reason="asked", comment="Tolong")
    answer_escalation(escalation=row, by=world["puskesmas_head"], answer="Vaksin dikirim besok")
    client.force_login(world["pustu_head"])
    page = client.get(reverse("reports:problem-detail", args=[problem.pk])).text
    assert "Vaksin dikirim besok" in page
    assert "Tolong" in page
    told = Delivery.objects.filter(key=f"answer:{row.pk}", channel="inbox")
    assert [one.recipient.username for one in told] == ["kapustu"]


def test_home_shows_what_needs_an_answer_above_all_else(world: World, client: Client) -> None:
    problem = report(world)
    row = escalate(problem=problem, to_facility=world.puskesmas, reason="asked")
    client.force_login(world["puskesmas_head"])
    page = client.get("/").text
    assert 0 < page.index("Perlu jawaban Anda") < page.index("Di bawah target")
    address = reverse("reports:escalation-answer", args=[row.pk])
    assert f'action="{address}"' in page
    refused = client.post(address, {"answer": "x"})
    assert refused.status_code == 422
    assert "Tuliskan keputusannya" in refused.text
    assert client.post(address, {"answer": "Kami kirim hari ini"}).status_code == 302
    assert "Perlu jawaban Anda" not in client.get("/").text
    assert client.post(address, {"answer": "Berubah pikiran"}).status_code == 409


def test_unanswered_in_time_is_pointed_out(world: World, client: Client) -> None:
    row = escalate(problem=report(world), to_facility=world.dinkes, reason="asked")
    Escalation.objects.filter(pk=row.pk).update(answer_due_at=clock.now() - DAY)
    for role, address in (("dinkes", "/"), ("pustu_head", reverse("reports:asked-list"))):
        client.force_login(world[role])
        page = client.get(address).text
        assert re.search(r"jawaban terlambat|terlambat \d+ hari", page.lower()), role


# --- what I asked of others ---------------------------------------------------------------


def test_list_of_what_was_asked_of_others(world: World, client: Client) -> None:
    upward = report(world, title="Naik ke atas")
    escalate(problem=upward, to_facility=world.puskesmas, reason="asked", comment="Mohon bidan")
    report(world, title="Surat camat", owner_kind="subdistrict", owner_name="Camat Uji")
    report(world, title="Milik sendiri")
    report(world, "sibling", "sibling_head", title="Puskesmas lain", owner_kind="school")
    client.force_login(world["pustu_head"])
    page = client.get(reverse("reports:asked-list")).text
    assert "Naik ke atas" in page
    assert "Camat Uji" in page
    assert "Milik sendiri" not in page
    assert "Puskesmas lain" not in page
    of_head = asked_rows(world["puskesmas_head"], clock.now())
    # The question of the Pustu is for the head itself, the letter to the Camat is not.
    assert [row.problem_title for row in of_head] == ["Surat camat"]


def test_answered_ones_are_shown_on_demand(world: World, client: Client) -> None:
    row = escalate(problem=report(world), to_facility=world.puskesmas, reason="asked")
    answer_escalation(escalation=row, by=world["puskesmas_head"], answer="Vaksin dikirim besok")
    client.force_login(world["pustu_head"])
    address = reverse("reports:asked-list")
    assert "Vaksin dikirim besok" not in client.get(address).text
    assert "Vaksin dikirim besok" in client.get(address, {"show": "all"}).text


# --- cost and concurrency -----------------------------------------------------------------


def test_clock_costs_the_same_however_many_problems_wait(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            escalate_due(district=world.district)
        return len(caught)

    report(world)
    few = queries()
    for _ in range(12):
        report(world)
    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_once() -> None:
    world = build_world()
    problem = report(world)
    now, start = later(9), threading.Barrier(4)

    def run(_n: int) -> None:
        start.wait()
        try:
            escalate_due(district=world.district, now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    escalate_due(district=world.district, now=now)
    assert asked(problem) == [("P1", "overdue_twice")]
    assert problem.steps.filter(action="escalate").count() == 1

"""Around midnight it is another day in the east than on the server: each district has its own.

The districts here are in WIT, where the day, and on Sundays the week, begins two hours before it
does in Jakarta, whose day is the server's; one district is moved there for comparison.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.models import District, FacilityStatus, Posting, User
from reports.context import shell
from reports.models import FollowUp, Problem
from tests import clock
from tests.factories.world import World, build_world
from tests.integration.api.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-11-19T00:30+09:00")]

YESTERDAY = dt.date(2026, 11, 18)  # and in Jakarta still today
TODAY = dt.date(2026, 11, 19)
SUNDAY = "2026-11-22T00:30+09:00"


@pytest.fixture
def world() -> World:
    world = build_world()
    District.objects.exclude(pk=world.district.pk).update(timezone="Asia/Jakarta")
    for place in (world.pustu, world.foreign):
        problem = Problem.objects.create(
            facility=place, week=clock.this_week() - 1, title=place.code, reported_at=clock.now()
        )
        FollowUp.objects.create(problem=problem, owner_name="Bidan", due_on=YESTERDAY)
    return world


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def overdue(user: User, rf) -> int:
    request = rf.get("/")
    request.user = user
    found: int = shell(request)["shell"]["overdue"]
    return found


def test_badge_counts_by_the_day_of_the_district(world: World, rf) -> None:
    assert overdue(world["puskesmas_head"], rf) == 1
    assert overdue(world["outsider"], rf) == 0
    assert overdue(world["admin"], rf) == 1  # both districts, each by its own day
    clock.move_to(clock.parse("2026-11-19T02:30+09:00"))
    assert overdue(world["admin"], rf) == 2


def test_board_agrees_with_the_badge(world: World) -> None:
    address = reverse("reports:problem-list")
    board = signed_in(world["admin"]).get(address).context["columns"]
    assert {card.title: card.days_overdue for card in board[0].cards} == {"P1-PT01": 1, "F1": 0}
    assert board[0].overdue == 1
    late = signed_in(world["admin"]).get(address, {"overdue": "1", "status": "open"})
    [column] = late.context["columns"]
    assert [card.title for card in column.cards] == ["P1-PT01"]


@pytest.mark.at(SUNDAY)
def test_problem_gets_older_with_the_week_of_the_district(world: World) -> None:
    Problem.objects.update(week=Week(2026, 46))  # to Saturday the 21st
    board = signed_in(world["admin"]).get(reverse("reports:problem-list")).context["columns"]
    assert {card.title: card.age_weeks for card in board[0].cards} == {"P1-PT01": 1, "F1": 0}


def test_posting_begins_and_ends_at_midnight_there(world: World) -> None:
    Posting.objects.filter(user__username__in=["kapus", "orang-luar"]).update(end_on=TODAY)
    assert world["puskesmas_head"].current_postings == []
    assert len(world["outsider"].current_postings) == 1
    Posting.objects.update(start_on=TODAY, end_on=None)
    assert len(world["puskesmas_head"].current_postings) == 1
    assert world["outsider"].current_postings == []


def test_posting_without_a_facility_goes_by_the_server(world: World) -> None:
    everywhere = world["admin"].postings
    everywhere.update(end_on=TODAY)
    assert everywhere.current().count() == 1
    everywhere.update(end_on=YESTERDAY)
    assert everywhere.current().count() == 0


def test_search_and_api_show_what_a_facility_is_today(world: World) -> None:
    opened = FacilityStatus.objects.filter(facility__in=[world.puskesmas, world.foreign])
    opened.update(end_on=TODAY)
    page = signed_in(world["admin"]).get(reverse("reports:facility-list"), {"q": "1"})
    shown = {hit.facility.code: hit.operating for hit in page.context["hits"]}
    assert (shown["P1"], shown["F1"]) == ("", "open")
    api = client_of(world["admin"])
    answer = api.get(reverse("api:facility-list"), {"kind": "puskesmas"}).json()["results"]
    statuses = {row["code"]: row["status"] for row in answer}
    assert statuses["P1"] is None
    assert statuses["F1"]["operating"] == "open"


@pytest.mark.at(SUNDAY)
def test_report_may_be_asked_for_of_the_week_that_has_begun(world: World) -> None:
    page = signed_in(world["puskesmas_head"]).get(reverse("reports:document-list"))
    assert (page.context["this_week"], page.context["last_week"]) == (
        Week(2026, 47),
        Week(2026, 46),
    )
    page = signed_in(world["outsider"]).get(reverse("reports:document-list"))
    assert page.context["this_week"] == Week(2026, 46)


@pytest.mark.at(SUNDAY)
def test_counts_of_a_week_are_taken_once_it_has_begun_there(world: World, tmp_path) -> None:
    for code in ("P1-PT01", "F1"):
        file = tmp_path / f"{code}.csv"
        file.write_text(f"kode_faskes,indikator,minggu,jumlah,penyebut\n{code},SPM01,2026-W47,1,\n")
    call_command("load_achievements", tmp_path / "P1-PT01.csv", verbosity=0)
    with pytest.raises(CommandError):
        call_command("load_achievements", tmp_path / "F1.csv", verbosity=0)
    assert Achievement.objects.get().facility == world.pustu


def test_times_are_those_where_the_reader_works(world: World) -> None:
    """On a page that does not say itself in which zone it is."""
    # The second request is somebody else's, in another zone.
    for role, place, moment in (
        ("pustu_head", world.pustu, "19 November pukul 00.30"),
        ("outsider", world.foreign, "18 November pukul 22.30"),
    ):
        problem = Problem.objects.get(facility=place)
        address = reverse("reports:problem-edit", args=[problem.pk])
        client = signed_in(world[role])
        for cause in ("Banjir", "Hujan"):
            typed = {"title": problem.title, "category": "other", "cause": cause, "version": "1"}
            answer = client.post(address, typed)
        assert answer.status_code == 409, role
        assert moment in " ".join(answer.text.split()), role

"""The second wall: without ``visible_to`` a query still sees nobody of another area."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from facilities.models import User
from ilp.database.area import AreaOfRequest
from ilp.keeping.areas import POLICIES
from reports.models import Attachment, FollowUp, HealthEvent, Problem
from reports.problems.actions import raise_problem
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def problems(world: World) -> dict[str, Problem]:
    """One at every place, reported by its head."""
    heads = {"pustu": "pustu_head", "sibling": "sibling_head", "foreign": "outsider"}
    return {
        place: raise_problem(
            facility=getattr(world, place), week=last_week(), by=world[head], title="Uji",
            owner_name="Kepala desa", owner_kind="village", due_on=(last_week() + 6).end,
        )
        for place, head in heads.items()
    }  # fmt: skip


@pytest.fixture
def asking(as_application) -> Any:
    """Run something as a request of a person does; None: nobody signed in."""

    @contextmanager
    def as_person(user: User | None) -> Iterator[list[Any]]:
        seen: list[Any] = []

        def view(request: Any) -> HttpResponse:
            if user is not None:
                request.user = User.objects.get(pk=user.pk)
                assert request.user.current_postings is not None
            seen.append(_everything())
            return HttpResponse()

        with as_application():
            AreaOfRequest(view)(RequestFactory().get("/"))
            yield seen[0]

    return as_person


def _everything() -> dict[str, Any]:
    """What queries see in which somebody forgot ``visible_to``."""
    return {
        "problems": {row.facility.code for row in Problem.objects.select_related("facility")},
        "follow-ups": FollowUp.objects.count(),
        "history": apps.get_model("reports", "ProblemEvent").objects.count(),
        "people": set(User.objects.values_list("username", flat=True)),
    }


def test_forgotten_visible_to_shows_nothing_foreign(
    world: World, problems: dict[str, Problem], asking
) -> None:
    with asking(world["pustu_head"]) as seen:
        assert seen["problems"] == {"P1-PT01"}
        assert seen["follow-ups"] == 1
        assert seen["history"] == 1
        # Those above are known, for they decide and are told; those beside are not.
        assert {"kapustu", "kapus", "dinkes", "admin", "kader"} <= seen["people"]
        assert not {"kapus-lain", "orang-luar"} & seen["people"]
    with asking(world["puskesmas_head"]) as seen:
        assert seen["problems"] == {"P1-PT01"}
    with asking(world["dinkes"]) as seen:
        assert seen["problems"] == {"P1-PT01", "P2"}
        assert "orang-luar" not in seen["people"]
    with asking(world["admin"]) as seen:
        assert seen["problems"] == {"P1-PT01", "P2", "F1"}


def test_before_anybody_is_known_there_is_nothing(problems: dict[str, Problem], asking) -> None:
    with asking(None) as seen:
        assert seen["problems"] == set()
        assert seen["follow-ups"] == seen["history"] == 0
        assert seen["people"]  # sign-in must find a person


def test_tasks_and_commands_see_everything(problems: dict[str, Problem], as_application) -> None:
    with as_application():
        assert _everything()["problems"] == {"P1-PT01", "P2", "F1"}


def test_foreign_rows_cannot_be_written(
    world: World, problems: dict[str, Problem], as_application
) -> None:
    def view(request: Any) -> HttpResponse:
        request.user = User.objects.get(pk=world["pustu_head"].pk)
        assert request.user.current_postings
        changed.append(Problem.objects.filter(pk=problems["foreign"].pk).update(title="x"))
        return HttpResponse()

    changed: list[int] = []
    with as_application():
        AreaOfRequest(view)(RequestFactory().get("/"))
    assert changed == [0]


def test_area_survives_a_rolled_back_transaction(
    world: World, problems: dict[str, Problem], as_application
) -> None:
    """A setting made inside a transaction goes with it: it is made again."""

    def view(request: Any) -> HttpResponse:
        request.user = User.objects.get(pk=world["pustu_head"].pk)
        assert request.user.current_postings
        with transaction.atomic():
            counts.append(Problem.objects.count())
            transaction.set_rollback(True)
        counts.append(Problem.objects.count())
        return HttpResponse()

    counts: list[int] = []
    with as_application():
        AreaOfRequest(view)(RequestFactory().get("/"))
        counts.append(Problem.objects.count())  # outside the request again
    assert counts == [1, 1, 3]


def test_one_statement_a_request_beside_the_health_check(
    world: World, problems: dict[str, Problem], as_application
) -> None:
    session: Any = connection
    told: list[str] = []

    def counting(execute: Any, *query: Any) -> Any:
        before = session._told
        answer = execute(*query)
        if session._told != before:
            told.append(session._told)
        return answer

    def view(request: Any) -> HttpResponse:
        request.user = User.objects.get(pk=person.pk)
        assert request.user.current_postings
        for _number in range(5):
            Problem.objects.count()
        return HttpResponse()

    person = world["pustu_head"]  # read before: the request begins with nothing
    with as_application():
        assert connection.is_usable()  # as before every request: clears the area
        session.execute_wrappers.insert(0, counting)  # around the one that tells it
        try:
            AreaOfRequest(view)(RequestFactory().get("/"))
        finally:
            session.execute_wrappers.remove(counting)
    assert told == [person.current_postings[0][1]]


def test_every_policy_stands_on_its_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies p JOIN pg_class c ON c.relname = p.tablename"
            " WHERE policyname = 'pantau_area' AND relrowsecurity"
        )
        assert {name for (name,) in cursor.fetchall()} == set(POLICIES)
    assert {m._meta.db_table for m in (Problem, FollowUp, HealthEvent, Attachment, User)} <= set(
        POLICIES
    )

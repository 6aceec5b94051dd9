"""Strings of every kind through every form of the pages: refused with a sentence and nothing
saved, or saved as the case says."""

from __future__ import annotations

import html

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement
from reports.models import Problem
from tests.factories.world import World, build_world, last_week
from tests.integration.text.doors import BACKEND, DOORS, SOON, Door
from tests.text_cases import TextCase, cases

pytestmark = pytest.mark.django_db
# One of each kind, long enough for a reason.
KINDS = {
    "nul-text", "line-separator", "escape-colour",  # T01, T02
    "bidi-rlo", "x000d-typed",  # T03, T04
    "nik-dots-4x4", "nik-full-width-digits", "not-nik-4",  # T05, T06
    "html-3", "formula-2", "emoji-joined",  # T07, T08, T10
}  # fmt: skip
SAMPLES = [one for one in cases("text", door="page") if one.id in KINDS]
# A note and a description stand for one line and for text with lines: all strings.
ALL = [one for one in cases("text", door="page") if one.id != "text-501"]


@pytest.fixture
def world() -> World:
    return build_world()


def _expected(door: Door, case: TextCase) -> str:
    if door.is_name:
        return " ".join(case.becomes.split())
    return case.becomes if door.has_lines else case.one_line


def check(world: World, door: Door, case: TextCase) -> None:
    before = door.stored()
    answer = door.post(world, case.value)
    context = (door.name, case.id, answer.status_code)
    if case.do == "refuse":
        assert answer.status_code == 422, context
        assert door.stored() in {None, "", before, "Kulkas rusak", "Bidan"}, context
        page = answer.content.decode()
        assert "16 angka" in page or "tidak dapat disimpan" in page, context
        if "\0" not in case.value:
            assert html.escape(case.value.strip()) in page.replace("&#39;", "&#x27;"), context
        return
    assert answer.status_code in {200, 302}, (*context, answer.content.decode()[:2000])
    assert door.stored() == _expected(door, case), context


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_every_form(world: World, door: Door) -> None:
    assert len(SAMPLES) == len(KINDS)
    for case in SAMPLES:
        with transaction.atomic():
            check(world, door, case)
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["note of a count", "description"])
def test_all_strings(world: World, name: str) -> None:
    (door,) = (one for one in DOORS if one.name == name)
    for case in ALL:
        with transaction.atomic():
            check(world, door, case)
            transaction.set_rollback(True)


def test_names(world: World) -> None:  # T03, T05, T11
    (door,) = (one for one in DOORS if one.name == "owner")
    for case in cases("name", door="page"):
        with transaction.atomic():
            check(world, door, case)
            transaction.set_rollback(True)


@pytest.mark.parametrize("door", [one for one in DOORS if not one.is_name], ids=str)
def test_a_patient_is_not_named(world: World, door: Door) -> None:
    answer = door.post(world, "Pasien a.n. Bubur belum datang")
    assert answer.status_code == 422
    assert "nama pasien" in answer.content.decode()
    assert "Bubur" not in (door.stored() or "")


TYPED = [("12,13", None), ("12/13", None), ("1.234", 1234), (" 12 ", 12)]  # E3


def _count_cases() -> list[tuple[str, int | None, bool]]:
    """(typed, number, whether it is refused)."""
    chosen = [
        (one.value, int(one.becomes or 0) if one.do == "clean" else None, one.may_be_refused)
        for one in cases("count", door="page")
        if one.value
    ]
    return [*chosen, *((typed, number, number is None) for typed, number in TYPED)]


def test_counts_of_a_review(world: World) -> None:  # T12, E3
    client = Client()
    client.force_login(world["pustu_head"], BACKEND)
    kwargs = {"week": str(last_week()), "code": world.pustu.code, "indicator": "KIA01"}
    url = reverse("reports:review-count", kwargs=kwargs)
    client.post(url, {"n-KIA01": "5", "v-KIA01": "0"})
    for typed, number, may_be_refused in _count_cases():
        with transaction.atomic():
            answer = client.post(url, {"n-KIA01": typed, "v-KIA01": "1"})
            stored = Achievement.objects.get().numerator
            if answer.status_code == 422:
                assert may_be_refused, typed
                assert stored == 5
                assert f'value="{html.escape(typed)}"' in answer.content.decode(), typed
            else:
                assert (answer.status_code, stored) == (302, number), typed
            transaction.set_rollback(True)


def test_number_of_people_of_a_problem(world: World) -> None:  # T12
    client = Client()
    client.force_login(world["puskesmas_head"], BACKEND)
    for typed, number, may_be_refused in _count_cases():
        data = {
            "facility": "P1", "week": str(last_week()), "title": "Kulkas rusak", "owner_name": "B",
            "due_on": SOON, "category": "equipment", "priority": "medium", "people_count": typed,
        }  # fmt: skip
        with transaction.atomic():
            answer = client.post(reverse("reports:problem-raise"), data)
            if answer.status_code == 422:
                assert may_be_refused, typed
                assert f'value="{html.escape(typed)}"' in answer.content.decode(), typed
                assert not Problem.objects.exists()
            else:
                assert Problem.objects.get().people_count == number, typed
            transaction.set_rollback(True)


LIMITS = {
    "note of a count": 300, "title of a problem": 200, "owner": 150, "description": 4000,
    "letter number": 100, "answer to a letter": 2000, "answer of the level above": 2000,
    "attendance": 120, "conclusion": 4000, "chair": 120, "local day": 100,
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_too_long_is_refused_and_stays_in_the_field(world: World, door: Door) -> None:  # T09
    text = ("bubur " * 1000)[: LIMITS.get(door.name, 500)] + "x"
    text = text.replace(" x", "yx")
    answer = door.post(world, text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert text in page
    assert str(LIMITS.get(door.name, 500)) in page or "terlalu panjang" in page
    assert door.stored() != text

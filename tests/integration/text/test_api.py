"""Strings of every kind through the address of the API that writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from rest_framework.test import APIClient

from clusters.models import Achievement
from tests.factories.world import World, build_world, last_week
from tests.text_cases import TextCase, cases

pytestmark = pytest.mark.django_db
Put = Callable[..., Any]


@pytest.fixture
def world() -> World:
    cache.clear()  # counts of requests
    return build_world()


@pytest.fixture
def put(world: World) -> Put:
    client = APIClient()
    client.force_authenticate(world["pustu_head"])
    url = reverse("api:review-count", args=[str(last_week()), "P1-PT01", "KIA01"])

    def send(**values: Any) -> Any:
        row = Achievement.objects.first()
        body = {"numerator": 7, "version": row.version if row else 0} | values
        # As it goes over the line: pure ASCII, half a character as its escape.
        return client.put(url, json.dumps(body), content_type="application/json")

    return send


@pytest.mark.parametrize("case", cases("text", door="api"), ids=str)
def test_note(put: Put, case: TextCase) -> None:  # T01 to T11
    answer = put(note=case.value)
    if case.do == "refuse":
        assert answer.status_code == 400
        ((field, (said,)),) = answer.json()["errors"].items()
        assert field == "note"
        assert len(said) > 20
        assert not Achievement.objects.exists()
        return
    assert answer.status_code == 200, answer.content
    assert answer.json()["note"] == case.one_line == Achievement.objects.get().note


@pytest.mark.parametrize("case", cases("count", door="api"), ids=str)
def test_count(put: Put, case: TextCase) -> None:  # T12
    put(numerator=5)
    answer = put(numerator=case.value)
    stored = Achievement.objects.get().numerator
    if answer.status_code == 400:
        assert case.may_be_refused
        assert list(answer.json()["errors"]) == ["numerator"]
        assert stored == 5
        return
    assert answer.status_code == 200, answer.content
    assert case.do == "clean"
    assert stored == (int(case.becomes) if case.becomes else None)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("12 13", 5), ("12\u00a013", 5), ("12,13", 5), ("12/13", 5), ("1.234", 1234), (" 12 ", 12)],
)
def test_two_numbers_are_none(put: Put, typed: str, stored: int) -> None:  # E3
    put(numerator=5)
    answer = put(numerator=typed)
    assert answer.status_code == (400 if stored == 5 else 200)
    assert Achievement.objects.get().numerator == stored
    if stored == 5:
        assert typed.replace("\u00a0", " ") in answer.json()["errors"]["numerator"][0].replace(
            "\u00a0", " "
        )


@pytest.mark.parametrize(
    "values",
    [
        {"\ud83d": 1}, {"numerator": "\ud83d"}, {"numerator": ["\ud83d"]}, {"note": ["\0"]},
        {"note": 1111111111111111}, {"note": {"a": "\udc00"}}, {"version": "\ud83d"}, {"\0": "\0"},
        {"numerator": 10**400}, {"note": "Pasien a.n. Bubur"},
    ],
)  # fmt: skip
def test_whatever_is_sent_is_answered_by_field(put: Put, values: Any) -> None:
    answer = put(**values)
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 1
    assert not Achievement.objects.exists()

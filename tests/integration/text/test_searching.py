"""A word is found however its apostrophes, accents and blanks are typed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from tests.factories.world import World, build_world
from tests.integration.text.doors import BACKEND
from tests.text_cases import CASES

pytestmark = pytest.mark.django_db
SEARCHES = [
    ("Ma'rang", ["ma'rang", "Ma’rang", "MA'RANG"]),  # T11
    ("Ma’rang", ["Ma'rang", "Ma’rang"]),
    ("Jum'at & Sab'tu", ["jum’at", "&", "Sab'tu"]),
    ("O''o", ["O''o", "o’’o"]),
    ("Pustu e\u0301 n\u0303 a\u0308", ["é", "ñ", "a\u0308", "ä"]),  # T10
    ("Desa\u00a0bubur", ["Desa bubur", "desa\u00a0bubur"]),
    ("bub\u00adur", ["bubur", "bub\u00adur"]),  # T02
]


@pytest.fixture
def world() -> World:
    return build_world()


def test_the_spellings_are_those_of_the_cases() -> None:
    names = {one.value for one in CASES if one.id.startswith("apostrophe-")}
    assert names == {name for name, _words in SEARCHES[:4]}


@pytest.mark.parametrize(("name", "words"), SEARCHES)
def test_page_and_api_find_it(world: World, name: str, words: list[str]) -> None:
    with connection.cursor() as cursor:  # as it was stored before there was a rule
        cursor.execute("UPDATE facilities_facility SET name = %s WHERE code = 'P1-PT01'", [name])
    client, api = Client(), APIClient()
    client.force_login(world["dinkes"], BACKEND)
    api.force_authenticate(world["dinkes"])
    for word in words:
        found = client.get(reverse("reports:facility-list"), {"q": word})
        assert "P1-PT01" in found.content.decode(), word
        rows = api.get(reverse("api:facility-list"), {"q": word}).json()["results"]
        assert [row["code"] for row in rows] == ["P1-PT01"], word

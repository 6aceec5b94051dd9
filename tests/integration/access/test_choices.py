"""What pages offer to choose from ends where one's area ends."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.world import World
from tests.integration.access.cast import SEES
from tests.integration.access.test_pages import PEOPLE, TABLE

pytestmark = pytest.mark.django_db

PLACES = ("puskesmas", "pustu", "other_pustu", "posyandu", "direct_posyandu", "sibling", "foreign")
# Who was asked for an answer, and whom one reports to: named, though not open to look into.
ABOVE = {"pustu_head": {"puskesmas"}}
LISTS = [name for name, row in TABLE.items() if row.roles == PEOPLE and row.method == "get"]


@pytest.mark.parametrize("role", ["puskesmas_head", "pustu_head", "sibling_head", "outsider"])
def test_lists_name_no_place_outside_the_area(
    role: str, world: World, made: dict[str, Any]
) -> None:
    client = Client()
    client.force_login(world[role], "django.contrib.auth.backends.ModelBackend")
    found = []
    for name in LISTS:
        path = TABLE[name].path(world, world.puskesmas, made)
        text = client.get(reverse(name, kwargs=path)).text
        for place in PLACES:
            facility = getattr(world, place)
            # With the sign after it, so that P1 is not found in P1-PT01.
            named = [f"{facility.name}{sign}" for sign in "<,\n ("]
            is_outside = place not in SEES[role] | ABOVE.get(role, set())
            if is_outside and any(words in text for words in named):
                found.append(f"{name}: {facility.name}")
    assert not found


def test_every_list_offers_something(world: World, made: dict[str, Any]) -> None:
    client = Client()
    client.force_login(world["dinkes"], "django.contrib.auth.backends.ModelBackend")
    for name in ("reports:problem-list", "reports:document-list"):
        assert f"{world.sibling.name}<" in client.get(reverse(name)).text

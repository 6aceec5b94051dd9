"""Whatever an address carries, no page fails. The product of all pages, parameters and values is
in ``tests/deep/parameters.py``; here every page gets every parameter, a few values at a time."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories.world import World
from tests.integration.access.parameters import (
    HOSTILE,
    PARAMETERS,
    check,
    pages,
    read_by_views,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_every_parameter_is_known() -> None:
    assert read_by_views() == set(PARAMETERS)


def test_every_page_with_every_parameter(world: World, made: dict[str, Any]) -> None:
    client = Client()
    client.force_login(world["puskesmas_head"], BACKEND)
    names, statuses = list(PARAMETERS), []
    for number, path in enumerate(pages(world, made)):
        statuses.append(check(client, path, PARAMETERS))
        # Another value for each, and other ones on the next page.
        values = HOSTILE[number % len(HOSTILE) :] + HOSTILE
        check(client, path, dict(zip(names, values, strict=False)))
    assert len(statuses) > 40
    assert statuses.count(200) > 20


@pytest.mark.parametrize("value", ["\0", "a\0b"])
def test_nul_is_refused_everywhere(world: World, made: dict[str, Any], value: str) -> None:
    client = Client()
    client.force_login(world["dinkes"], BACKEND)
    for path in pages(world, made):
        assert client.get(path, {"q": value}).status_code == 400, path

"""Every page and list with every parameter and every hostile value. See ``parameters.py``."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.test import Client

from ilp.api.throttling import PerUser
from tests.factories.world import World
from tests.integration.access.conftest import made, world  # noqa: F401 - fixtures
from tests.integration.access.parameters import HOSTILE, PARAMETERS, check, pages
from tests.integration.api import test_every_parameter as api
from tests.integration.api.conftest import client_of

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ENOUGH = 20_000


def _failures(client: Client, addresses: list[str], values: list[str]) -> tuple[int, list[str]]:
    tried, wrong = 0, []
    for path in addresses:
        for name in PARAMETERS:
            for value in values:
                tried += 1
                try:
                    check(client, path, {name: value})
                except AssertionError as error:
                    wrong.append(str(error))
    return tried, wrong


def test_every_address(world: World, made: dict[str, Any], monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr(PerUser, "limit", 10**9)
    client = Client(raise_request_exception=False)
    client.force_login(world["puskesmas_head"], BACKEND)
    tried, wrong = _failures(client, list(pages(world, made)), HOSTILE)
    machine = client_of(world["dinkes"])
    for path, names, _orders in api.lists(machine):
        for name in names if "{" not in path else []:
            for value in [*api.HOSTILE, *HOSTILE]:
                tried += 1
                answer = machine.get(path, {name: value})
                if answer.status_code >= 500 or "json" not in answer["Content-Type"]:
                    wrong.append(f"{path} {name} {value!r}: {answer.status_code}")
    sys.stdout.write(f"{tried} addresses, {len(wrong)} failures\n")
    assert not wrong, "\n".join(wrong[:50])
    assert tried >= ENOUGH

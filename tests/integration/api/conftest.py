from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from knox.models import AuthToken
from rest_framework.test import APIClient

from facilities.models import User
from tests.factories.world import World, build_world


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture(autouse=True)
def _no_old_throttle() -> None:
    cache.clear()


def client_of(user: User) -> APIClient:
    _row, token = AuthToken.objects.create(user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def api(world: World) -> APIClient:
    """The provincial client of the first district."""
    return client_of(world["province"])


@pytest.fixture
def as_role(world: World) -> Callable[[str], APIClient]:
    return lambda role: client_of(world[role])

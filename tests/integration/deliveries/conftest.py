from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from celery import current_app

from reports import nudges
from tests.factories.world import World, build_world


@pytest.fixture
def world(db) -> World:
    """The cast, with an address for everybody and no quiet hours."""
    world = build_world()
    world.district.quiet_from = world.district.quiet_until
    world.district.save()
    for person in world.people.values():
        person.email = f"{person.username}@dinkes.example"
        person.save()
    return world


@pytest.fixture(autouse=True)
def _broker_heard_again(monkeypatch) -> None:
    monkeypatch.setattr(nudges, "_silent_until", 0.0)


@pytest.fixture
def own_broker(broker_url: str, worker_id: str, monkeypatch) -> Iterator[redis.Redis]:
    """An empty database of the real Valkey, to which this process sends its messages."""
    number = 1 + int(worker_id.removeprefix("gw").replace("master", "0"))
    client = redis.Redis.from_url(broker_url.replace("redis+socket://", "unix://"), db=number)
    client.flushdb()
    monkeypatch.setattr(current_app.conf, "broker_url", f"{broker_url}?virtual_host={number}")
    yield client
    client.flushdb()
    client.close()

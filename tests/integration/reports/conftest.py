"""A broker of one's own, for the rooms that send messages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from celery import current_app

from reports.deliveries import nudges


@pytest.fixture(autouse=True)
def _broker_heard_again(monkeypatch) -> None:
    """A broker that was away in one test is tried again in the next."""
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

from __future__ import annotations

import pytest
import redis
from django.db import connection

pytestmark = pytest.mark.real_time


def test_database_checksums_and_collation(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_checksums")
        assert cursor.fetchone() == ("on",)
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database"
            " WHERE datname = 'pantau'"
        )
        assert cursor.fetchone() == ("UTF8", "b", "C.UTF-8")


def test_broker_keeps_an_append_only_file(broker: redis.Redis) -> None:
    assert broker.config_get("appendonly") == {"appendonly": "yes"}

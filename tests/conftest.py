"""Everything runs on a real PostgreSQL and a real Valkey, started by ``scripts/test``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.utils import translation

from ilp import env


@pytest.fixture(autouse=True, scope="session")
def _plain_static_files() -> Iterator[None]:
    """Pages under test name static files without a manifest: there was no collectstatic."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    storages = django_settings.STORAGES
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = {**storages, "staticfiles": plain}
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise looks
    yield
    django_settings.STORAGES = storages


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path) -> None:
    """Uploads and PDFs go to the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REPORTS_DIR = tmp_path / "reports"


@pytest.fixture(scope="session")
def broker_url() -> str:
    """The address of the real Valkey."""
    return env.redis_url()


@pytest.fixture
def broker(broker_url: str) -> Iterator[redis.Redis]:
    """A client of the real Valkey, in an empty database of its own."""
    client = redis.Redis.from_url(env.broker_client_url(broker_url), db=9)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture(autouse=True)
def _indonesian() -> None:
    """Every test starts in the default language, whatever the one before it chose."""
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Processes that a test ended with kill -9, and server threads a browser kept waiting, may
    hold a session for a moment longer; the test database could not be dropped then."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

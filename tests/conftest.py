"""Everything runs on a real PostgreSQL and a real Valkey, started by ``scripts/test``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.test.client import ClientHandler
from django.utils import translation
from psycopg.pq import TransactionStatus

from ilp import env
from ilp.keeping.roles import working_role
from tests import clock
from tests.template_database import use_template

_STARTED = time.perf_counter()
# The same examples in every run, so that a build fails by what was changed and by nothing else;
# with PANTAU_TEST_RANDOM=1 new ones. A busy machine is no fault of an example.
hypothesis.settings.register_profile(
    "suite",
    derandomize=os.environ.get("PANTAU_TEST_RANDOM") != "1",
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported that looks at the clock."""
    clock.move_to(clock.given_moment())


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Note how long the whole suite took; ``scripts/measure`` prints it."""
    record = os.environ.get("PANTAU_SUITE_RECORD")
    if record and exitstatus == 0 and not hasattr(session.config, "workerinput"):
        seconds = time.perf_counter() - _STARTED
        Path(record).write_text(f"{seconds:.0f} s, {session.testscollected} tests\n")


def _begin(node: pytest.Item | pytest.Module) -> None:
    own = node.get_closest_marker("at")
    if node.get_closest_marker("real_time"):
        clock.be_real()
    else:
        clock.move_to(clock.parse(own.args[0]) if own else clock.given_moment())


@pytest.fixture(autouse=True, scope="module")
def _moment_of_the_module(request: pytest.FixtureRequest) -> None:
    """What a module makes once for its tests is made at their moment, too."""
    _begin(request.node)


@pytest.fixture(autouse=True)
def _moment(request: pytest.FixtureRequest) -> None:
    """Each test begins at the same moment, its own or the given one, unless in real time."""
    _begin(request.node)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker) -> None:
    """The sessions of the tests have the tests' time, and their database is a copy."""
    options = connection.settings_dict["OPTIONS"]
    # A machine that is busy with the rest of the suite is no fault of the statement.
    for limit in ("statement_timeout=", "lock_timeout="):
        options["options"] = options["options"].replace(limit, f"{limit}6")
    clock.shift_database(options)
    with django_db_blocker.unblock():
        use_template()


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


@pytest.fixture(autouse=True, scope="session")
def _role_of_requests() -> Iterator[None]:
    """With ``PANTAU_TEST_ROLE=application`` the database answers every request of a test client as
    the application's role, as on a site. Otherwise as the owner, who sees behind the second wall:
    what a query forgot to hide shows."""
    if os.environ.get("PANTAU_TEST_ROLE") != "application":
        yield
        return
    call = ClientHandler.__call__

    def as_application(self: ClientHandler, environ: dict[str, Any]) -> Any:
        set_role(f"SET ROLE {working_role()}")
        try:
            return call(self, environ)
        finally:
            set_role("RESET ROLE")

    ClientHandler.__call__ = as_application  # type: ignore[method-assign]
    yield
    ClientHandler.__call__ = call  # type: ignore[method-assign]


def set_role(statement: str) -> None:
    """Beside Django's cursors: not counted. A failed transaction takes the role away itself."""
    connection.ensure_connection()
    raw = connection.connection
    if raw.info.transaction_status != TransactionStatus.INERROR:
        raw.execute(statement)


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

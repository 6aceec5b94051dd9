"""A worker that lives but finishes nothing is started again; a silent world is not blamed on it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from ilp import env
from ilp.launch.process import Program
from ilp.launch.supervisor import Supervisor
from ilp.launch.watchdog import STALE_SECONDS, Watchdog
from ilp.models import Heartbeat
from ilp.tasks import canary

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_time]
LONG = timedelta(seconds=STALE_SECONDS + 30)


@pytest.fixture(autouse=True)
def _test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog reads the database of the test, not that of the installation."""
    name = connection.settings_dict["NAME"]
    url = f"postgresql:///{name}?host={env.socket_dir()}&user=pantau"
    monkeypatch.setenv("DATABASE_URL", url)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "children.json")
    wait = "import signal; signal.pause()"
    for name in ("worker", "reconcile"):
        supervisor.launch(Program(name=name, command=[sys.executable, "-c", wait]))
    yield supervisor
    supervisor.stop_all()


def pid_after_a_look(supervisor: Supervisor, name: str, *, up: float) -> tuple[int, int]:
    child = supervisor.child(name)
    assert child is not None
    child.started_at = time.monotonic() - up
    Watchdog(supervisor, (name,))()
    after = supervisor.child(name)
    assert after is not None
    return child.pid, after.pid


def beat(name: str, *, ago: timedelta) -> None:
    Heartbeat.objects.beat(name)
    Heartbeat.objects.filter(name=name).update(at=Now() - ago)


def test_silent_worker_is_started_again(supervisor: Supervisor) -> None:
    beat("beat", ago=timedelta(seconds=5))
    beat("worker", ago=LONG)
    before, after = pid_after_a_look(supervisor, "worker", up=STALE_SECONDS + 60)
    assert before != after


def test_worker_that_has_just_started_gets_its_time(supervisor: Supervisor) -> None:
    beat("beat", ago=timedelta(seconds=5))
    beat("worker", ago=LONG)
    before, after = pid_after_a_look(supervisor, "worker", up=10)
    assert before == after


def test_working_worker_is_left_alone(supervisor: Supervisor) -> None:
    beat("beat", ago=timedelta(seconds=5))
    canary()
    before, after = pid_after_a_look(supervisor, "worker", up=STALE_SECONDS + 60)
    assert before == after


def test_worker_is_not_blamed_for_a_clock_that_sends_no_canary(supervisor: Supervisor) -> None:
    beat("beat", ago=LONG)
    beat("worker", ago=LONG)
    before, after = pid_after_a_look(supervisor, "worker", up=STALE_SECONDS + 60)
    assert before == after


def test_worker_is_not_blamed_for_a_missing_broker(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat("beat", ago=timedelta(seconds=5))
    beat("worker", ago=LONG)
    monkeypatch.setenv("REDIS_URL", f"redis+socket://{settings.DATA_DIR}/no-such.sock")
    before, after = pid_after_a_look(supervisor, "worker", up=STALE_SECONDS + 60)
    assert before == after


def test_reconciler_that_fell_silent_is_started_again(supervisor: Supervisor) -> None:
    beat("reconcile", ago=LONG)
    before, after = pid_after_a_look(supervisor, "reconcile", up=STALE_SECONDS + 200)
    assert before != after

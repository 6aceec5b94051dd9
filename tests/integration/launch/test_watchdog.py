"""What the watchdog makes of real children; the rules are in tests/unit/ilp/test_signs.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ilp import env
from ilp.launch import parts
from ilp.launch.process import Child, Program, wait_for
from ilp.launch.processor import usage
from ilp.launch.supervisor import Supervisor
from ilp.launch.watchdog import Watchdog, World

pytestmark = pytest.mark.real_time
WELL = World(has_database=True, has_broker=True, has_clock=True)
TELLS = "from ilp.launch.life import tell; tell('code loaded'); tell('ready'); "
SLEEPS = "import signal; signal.pause()"
# Burns half a second of processor in a child of its own, then waits: the family has used it.
FORKS = "import os, time; os.fork() or [None for _ in iter(lambda: time.process_time() < .5, 0)]; "


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setenv("PANTAU_QUIET_SECONDS", "0.001")  # who sleeps at two looks is stuck
    supervisor = Supervisor(tmp_path / "children.json")
    yield supervisor
    supervisor.stop_all()


def launch(supervisor: Supervisor, name: str, script: str) -> Child:
    command = [sys.executable, "-c", script]
    return supervisor.launch(Program(name=name, command=command, cwd=env.BASE_DIR, slots=1))


def test_child_tells_how_far_it_is_and_readyz_can_read_it(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_QUIET_SECONDS", "3600")
    watchdog = Watchdog(supervisor, ("worker",), tmp_path, lambda: WELL)
    launch(supervisor, "worker", SLEEPS)
    watchdog.look()
    assert parts.noted(tmp_path)["worker"].state == "starting"
    supervisor.restart("worker")
    child = launch(supervisor, "worker", TELLS + SLEEPS)

    def has_told() -> bool:
        watchdog.look()
        return child.ready_at is not None

    assert wait_for(has_told, seconds=300)
    found = parts.noted(tmp_path)["worker"]
    assert (found.state, found.step) == ("working", "code loaded")


@pytest.mark.parametrize(
    ("name", "world", "is_blamed"),
    [
        ("worker", WELL, True),
        ("worker", World(has_database=False, has_broker=True, has_clock=True), False),
        ("worker", World(has_database=True, has_broker=False, has_clock=True), False),
        ("worker", World(has_database=True, has_broker=True, has_clock=False), False),
        ("beat", World(has_database=True, has_broker=True, has_clock=False), True),
        ("beat", World(has_database=True, has_broker=False, has_clock=False), False),
        ("reconcile", World(has_database=True, has_broker=False, has_clock=False), True),
    ],
)
def test_only_a_restart_that_can_help(
    supervisor: Supervisor, tmp_path: Path, name: str, world: World, *, is_blamed: bool
) -> None:
    child = launch(supervisor, name, SLEEPS)
    watchdog = Watchdog(supervisor, (name,), tmp_path, lambda: world)

    def is_ended() -> bool:
        watchdog.look()
        return supervisor.is_waiting(name)

    if is_blamed:
        assert wait_for(is_ended, seconds=300)
        assert not child.running()
    else:
        assert wait_for(lambda: not usage(child.pid).is_at_work, seconds=300)
        assert not any(is_ended() for _look in range(20))
        assert child.running()


def test_usage_counts_the_living_and_the_dead_of_the_family(supervisor: Supervisor) -> None:
    child = launch(supervisor, "worker", FORKS + SLEEPS)
    assert wait_for(lambda: usage(child.pid).seconds >= 0.5, seconds=300)
    assert child.pid in usage(child.pid).pids

"""Case F1 (X1) of the faults: starting, busy and stuck are told apart, without a storm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ilp.launch.backoff import FIRST, LONGEST, BackOff, End
from ilp.launch.processor import Usage
from ilp.launch.signs import EVERY_SECONDS, Signs, State

WORKER, FIRST_SLOT, SECOND_SLOT = 100, 101, 102
FAMILY = frozenset({WORKER, FIRST_SLOT, SECOND_SLOT})


class Machine:
    """A clock and a processor: ``share`` is what the child gets of one processor."""

    def __init__(self, signs: Signs) -> None:
        self.signs = signs
        self.at = self.cpu = 0.0
        self.pids = FAMILY

    def looks(
        self, seconds: float, *, share: float, wants: bool = True, can_help: bool = True
    ) -> Iterator[State]:
        """What each look finds while so many seconds go by."""
        end = self.at + seconds
        while self.at < end:
            self.at += EVERY_SECONDS
            self.cpu += share * EVERY_SECONDS
            seen = Usage(self.cpu, is_at_work=wants, pids=self.pids)
            yield self.signs.look(self.at, seen, can_help=can_help)

    def during(self, seconds: float, *, share: float, wants: bool = True) -> set[State]:
        return set(self.looks(seconds, share=share, wants=wants))


@pytest.fixture
def machine() -> Machine:
    return Machine(Signs(slots=2))


@pytest.fixture
def ready(machine: Machine) -> Machine:
    machine.signs.hear(WORKER, "ready")
    return machine


def test_f1_starved_start_of_200_seconds_is_left_alone(machine: Machine) -> None:
    assert machine.during(200, share=0.03) == {State.STARTING}
    machine.signs.hear(WORKER, "ready")
    assert machine.during(30, share=0.03) == {State.WORKING}


def test_f1_child_that_waits_for_a_processor_is_not_asleep(machine: Machine) -> None:
    assert machine.during(3600, share=0.0, wants=True) == {State.STARTING}


def test_start_that_sleeps_is_stuck(machine: Machine) -> None:
    assert State.STUCK in machine.during(120, share=0.0, wants=False)


def test_start_that_burns_processor_time_without_end_is_stuck(machine: Machine) -> None:
    assert State.STUCK in machine.during(600, share=1.0)


def test_each_step_of_the_start_is_progress(machine: Machine) -> None:
    for step in ("code loaded", "fonts loaded", "ready"):
        assert machine.during(80, share=0.0, wants=False) == {State.STARTING}
        machine.signs.hear(WORKER, step)
    assert machine.signs.step == "fonts loaded"


def test_f1_worker_with_two_long_documents_is_busy(ready: Machine) -> None:
    ready.signs.hear(FIRST_SLOT, "begin")
    ready.signs.hear(SECOND_SLOT, "begin")
    assert ready.during(400, share=1.0) == {State.BUSY}
    ready.signs.hear(FIRST_SLOT, "end")
    assert ready.during(60, share=0.01, wants=False) == {State.WORKING}


def test_idle_worker_that_takes_nothing_is_stuck(ready: Machine) -> None:
    """Answers ping, has free slots, and consumes no canary: after a stalled broker."""
    assert State.STUCK in ready.during(120, share=0.005, wants=False)


def test_one_hung_task_beside_a_free_slot_does_not_hide_that_nothing_is_taken(
    ready: Machine,
) -> None:
    ready.signs.hear(FIRST_SLOT, "begin")
    assert State.STUCK in ready.during(120, share=0.0, wants=False)


def test_tasks_that_sleep_for_ever_in_all_slots_are_stuck(ready: Machine) -> None:
    ready.signs.hear(FIRST_SLOT, "begin")
    ready.signs.hear(SECOND_SLOT, "begin")
    assert ready.during(200, share=0.0, wants=False) == {State.BUSY}
    assert State.STUCK in ready.during(120, share=0.0, wants=False)


def test_killed_slot_is_no_task_any_more(ready: Machine) -> None:
    ready.signs.hear(FIRST_SLOT, "begin")
    ready.signs.hear(SECOND_SLOT, "begin")
    ready.pids = FAMILY - {SECOND_SLOT}
    assert ready.during(EVERY_SECONDS, share=0.0) == {State.WORKING}


def test_canaries_keep_a_working_worker_alive(ready: Machine) -> None:
    for _canary in range(50):
        ready.signs.hear(FIRST_SLOT, "begin")
        ready.signs.hear(FIRST_SLOT, "end")
        assert ready.during(20, share=0.0, wants=False) == {State.WORKING}


def test_silence_without_database_or_broker_is_not_its_fault(ready: Machine) -> None:
    away = set(ready.looks(3600, share=0.0, wants=False, can_help=False))
    assert away == {State.WORKING}
    assert ready.during(80, share=0.0, wants=False) == {State.WORKING}  # it gets its time anew


def test_seldom_looks_of_a_starved_launcher_count_little(ready: Machine) -> None:
    state = State.WORKING
    for _look in range(5):
        ready.at += 60
        state = ready.signs.look(ready.at, Usage(0.0, is_at_work=False, pids=FAMILY))
    assert state is State.WORKING


def test_f1_pauses_double_up_to_ten_minutes() -> None:
    back_off = BackOff(jitter=lambda: 1.0)
    pauses = [back_off.pause(End.STUCK, 0) for _restart in range(9)]
    assert pauses == [5, 10, 20, 40, 80, 160, 320, LONGEST, LONGEST]


def test_pause_of_a_crash_begins_small_and_again_after_a_useful_life() -> None:
    back_off = BackOff(jitter=lambda: 1.0)
    assert [back_off.pause(End.CRASHED, 0) for _crash in range(4)] == [0.5, 1, 2, 4]
    assert back_off.pause(End.CRASHED, 61) == FIRST


def test_part_that_was_killed_in_its_work_is_back_at_once_however_often() -> None:
    back_off = BackOff(jitter=lambda: 1.0)
    assert [back_off.pause(End.KILLED, 5) for _kill in range(9)] == [FIRST] * 9
    assert [back_off.pause(End.KILLED, 0) for _kill in range(3)] == [0.5, 1, 2]


def test_parts_do_not_start_in_step() -> None:
    first, second = BackOff(), BackOff()
    pauses = [(first.pause(End.CRASHED, 0), second.pause(End.CRASHED, 0)) for _restart in range(10)]
    assert any(one != other for one, other in pauses)
    assert max(max(pair) for pair in pauses) <= LONGEST

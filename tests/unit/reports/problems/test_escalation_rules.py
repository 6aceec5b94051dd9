"""When the clock puts a problem higher: the rules on plain objects, no database."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.models import FollowUp, Problem
from reports.problems.queries.escalation_rules import overdue_points, same_problem

TODAY = dt.date(2026, 6, 20)


def _step(due: int, done: int | None = None) -> FollowUp:
    """A follow-up due and done so many days before today."""
    return FollowUp(
        due_on=TODAY - dt.timedelta(days=due),
        done_on=None if done is None else TODAY - dt.timedelta(days=done),
    )


@pytest.mark.parametrize(
    ("steps", "points"),
    [
        ([_step(-1)], 0),
        ([_step(0)], 0),  # due today is not late yet
        ([_step(1)], 1),
        ([_step(6)], 1),
        ([_step(7)], 2),
        ([_step(30)], 2),
        ([_step(5, done=5)], 0),  # done on the day
        ([_step(5, done=4)], 1),  # late, but done: one
        ([_step(30, done=1)], 1),
        ([_step(9, done=8), _step(1)], 2),
        ([_step(9, done=9), _step(1)], 1),
        ([], 0),
    ],
)
def test_a_missed_date_counts_one_and_a_week_later_two(steps, points) -> None:
    assert overdue_points(steps, TODAY, None) == points


def test_dates_before_the_last_question_do_not_count_again() -> None:
    steps = [_step(20), _step(3)]
    assert overdue_points(steps, TODAY, TODAY - dt.timedelta(days=10)) == 1
    assert overdue_points(steps, TODAY, TODAY - dt.timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"indicator_code": "IMM01", "category": "supplies"}, ("indicator", "IMM01")),
        ({"category": "supplies", "cluster_code": "K2"}, ("category", "supplies", "K2")),
        ({"category": "supplies"}, None),
        ({"category": "other", "cluster_code": "K2"}, None),
    ],
)
def test_what_makes_two_problems_the_same(fields, key) -> None:
    assert same_problem(Problem(**fields)) == key

"""Priority from USG and due dates from priority, against the documented table."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from reports.problems.priorities import next_workshop, suggest_due_on, suggest_priority

RANK = ["low", "medium", "high", "emergency"]


@pytest.mark.parametrize(
    ("scores", "priority"),
    [
        ((1, 1, 1), "low"), ((2, 2, 2), "low"), ((3, 2, 2), "medium"), ((4, 3, 3), "medium"),
        ((4, 4, 3), "high"), ((5, 4, 4), "high"), ((5, 5, 4), "emergency"),
        ((5, 5, 5), "emergency"),
    ],
)  # fmt: skip
def test_sum_of_usg(scores: tuple[int, int, int], priority: str) -> None:
    assert suggest_priority("", *scores) == priority


def test_higher_score_never_lowers_the_priority() -> None:
    for scores in product(range(1, 5), repeat=3):
        before = RANK.index(suggest_priority("", *scores))
        for place in range(3):
            more = [score + (at == place) for at, score in enumerate(scores)]
            assert RANK.index(suggest_priority("", *more)) >= before


def test_event_is_an_emergency_and_missing_scores_are_medium() -> None:
    assert suggest_priority("death", 1, 1, 1) == "emergency"
    assert suggest_priority("", 5, None, 5) == "medium"
    assert suggest_priority() == "medium"


def test_due_dates() -> None:
    today = dt.date(2026, 6, 10)
    days = {name: (suggest_due_on(name, today) - today).days for name in RANK}
    assert (days["emergency"], days["high"], days["medium"]) == (1, 7, 14)
    assert suggest_due_on("low", today) == dt.date(2026, 7, 6)


def test_workshop_is_a_first_monday_two_weeks_ahead_or_more() -> None:
    for offset in range(800):
        today = dt.date(2026, 1, 1) + dt.timedelta(days=offset)
        day = next_workshop(today)
        assert day.weekday() == 0
        assert day.day <= 7
        assert 14 <= (day - today).days <= 62

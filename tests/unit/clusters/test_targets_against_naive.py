"""Every column against the second, naive implementation in naive.py."""

from __future__ import annotations

import dataclasses
import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.targets import Counts, Definition, elapsed_share, evaluate, is_due, one_decimal, rank
from clusters.weeks import Week, weeks_in_year
from tests.unit.clusters import naive
from tests.unit.clusters.cases import PROFILES, counts_of, populations, targets

CALC_TYPES = ["cumulative", "period_rate", "snapshot", "ratio_of_found", "count"]
DIRECTIONS = ["higher", "lower"]
FREQUENCIES = ["weekly", "monthly", "quarterly"]

profiles = st.one_of(
    st.sampled_from(list(PROFILES.values())),
    st.lists(st.decimals(0, 100, places=3) | st.just(Decimal(0)), min_size=12, max_size=12).map(
        tuple
    ),
)
# Years of 52 and of 53 weeks, starting on every weekday.
years = st.sampled_from([2014, 2019, 2020, 2022, 2024, 2025, 2026, 2027, 2028])
weeks = years.flatmap(
    lambda year: st.integers(1, weeks_in_year(year)).map(lambda number: Week(year, number))
)


@pytest.mark.parametrize(
    ("calc_type", "direction", "frequency"),
    list(itertools.product(CALC_TYPES, DIRECTIONS, FREQUENCIES)),
)
@given(data=st.data())
@settings(max_examples=30)
def test_columns_match_the_naive_ones(
    calc_type: str, direction: str, frequency: str, data: st.DataObject
) -> None:
    definition = Definition(
        calc_type, direction, frequency, data.draw(targets), data.draw(profiles)
    )
    population, week = data.draw(populations), data.draw(weeks)
    counts = data.draw(counts_of(definition, population, week))

    figures = evaluate(definition, population, counts, week)

    expected = naive.columns(definition, population, counts, week.year, week.number)
    assert dataclasses.asdict(figures) == expected


@given(weeks, profiles)
@settings(max_examples=150)
def test_elapsed_share_matches_the_naive_one(week: Week, profile: tuple[Decimal, ...]) -> None:
    part, whole = naive.elapsed(week.year, week.number, profile)
    share = elapsed_share(week, profile)
    assert Decimal(share.numerator) * whole == part * Decimal(share.denominator)


@given(weeks, st.sampled_from(FREQUENCIES), profiles)
@settings(max_examples=150)
def test_is_due_matches_the_naive_one(
    week: Week, frequency: str, profile: tuple[Decimal, ...]
) -> None:
    assert is_due(week, frequency, profile) == naive.due(week.year, week.number, frequency, profile)


@given(st.fractions(min_value=0, max_value=10**9, max_denominator=10**6))
def test_one_decimal_is_the_nearest_tenth_half_up(value: Fraction) -> None:
    shown = one_decimal(value)
    assert shown is not None
    assert shown.as_tuple().exponent == -1
    assert Fraction(-1, 20) <= value - Fraction(shown) < Fraction(1, 20)


@given(st.lists(st.none() | st.decimals(0, 120, places=1), max_size=40))
def test_rank_counts_how_many_are_better(values: list[Decimal | None]) -> None:
    for direction in DIRECTIONS:
        ranks = rank(values, direction)
        for value, place in zip(values, ranks, strict=True):
            if value is None:
                assert place is None
                continue
            others = [v for v in values if v is not None]
            better = [v for v in others if (v > value if direction == "higher" else v < value)]
            assert place == len(better) + 1


def test_no_counts_at_all_give_no_figures() -> None:
    for calc_type, direction, frequency in itertools.product(CALC_TYPES, DIRECTIONS, FREQUENCIES):
        definition = Definition(calc_type, direction, frequency, Decimal(80))
        figures = evaluate(definition, 200, Counts(), Week(2026, 30))
        assert (figures.week_count, figures.cumulative, figures.coverage) == (None, None, None)
        assert (figures.gap, figures.percent_of_target, figures.need_per_week) == (None, None, None)
        assert (figures.trend, figures.is_on_target, figures.status) == (None, None, None)
        assert figures.colour == "grey"

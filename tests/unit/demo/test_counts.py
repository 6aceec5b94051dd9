"""The made-up counts obey the rules real ones must."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.catalogue import DATA, indicator_values
from clusters.models import Indicator
from clusters.weeks import Week
from clusters.windows import is_due
from facilities.tabular.shipped import read_shipped
from ilp.demo.counts import Place, counts_of, population

INDICATORS = [
    Indicator(**indicator_values(row, order))
    for order, row in enumerate(read_shipped(DATA / "indicators.csv"), start=1)
]
GROUPS = sorted({code for one in INDICATORS for code in one.denominator_groups + one.group_codes})
WEEKS = list(Week(2025, 40).until(Week(2026, 46)))


def place(size=400, *, unknown=()):
    people = {group: size for group in [*GROUPS, "SEMUA"] if group not in unknown}
    return Place("U1", {2025: people, 2026: people}, posyandu=3, pustu=4)


@given(st.sampled_from(INDICATORS), st.integers(0, 3000), st.integers(0, 99))
def test_counts_are_possible(indicator, size, seed):
    here = place(size)
    per_year: dict[int, int] = {}
    for count in counts_of(here, indicator, WEEKS, seed):
        assert is_due(count.week, indicator.frequency, indicator.profile)
        assert count.numerator >= 0
        assert (count.denominator is not None) == indicator.needs_denominator
        if count.denominator is not None:
            assert count.numerator <= count.denominator
        per_year[count.week.year] = per_year.get(count.week.year, 0) + count.numerator
    if indicator.calc_type == "cumulative" and not indicator.needs_denominator:
        people = population(here, indicator, 2026) or 0
        goal = people * float(indicator.annual_target) / 100
        assert all(total <= 1.15 * goal + 1 for total in per_year.values())


def test_same_seed_same_counts_and_another_seed_others():
    one = next(one for one in INDICATORS if one.code == "SPM01")
    first, again, other = (list(counts_of(place(), one, WEEKS, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_group_without_figure_has_no_counts():
    one = next(one for one in INDICATORS if one.code == "SPM11")
    assert list(counts_of(place(unknown={"TBDUGA"}), one, WEEKS, 1)) == []


@pytest.mark.parametrize(("code", "months"), [("GIZ04", {2, 8}), ("IMM03", {8, 9, 10, 11, 12, 1})])
def test_seasonal_indicators_come_in_their_months(code, months):
    one = next(one for one in INDICATORS if one.code == code)
    assert {count.week.end.month for count in counts_of(place(), one, WEEKS, 1)} <= months


def test_deaths_are_rare():
    deaths = [one for one in INDICATORS if one.is_alert]
    total = sum(
        count.numerator
        for one in deaths
        for seed in range(40)
        for count in counts_of(place(400), one, WEEKS, seed)
    )
    assert total < 400 * 40 * 2 * Decimal("0.02")


@pytest.mark.parametrize(("code", "times"), [("MAN04", 10), ("MAN05", 3)])
def test_meetings_are_held_every_year_anew(code, times):
    one = next(one for one in INDICATORS if one.code == code)
    held = [count for count in counts_of(place(), one, WEEKS, 3) if count.week.year == 2026]
    assert sum(count.numerator for count in held) in {times - 1, times}

"""The formulas against the worked example of the domain notes, and what rounding may not do."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.estimates import Rates, apportion, estimate_group, round_people

weights = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 20_000), max_size=12
)


@given(weights, st.integers(0, 500_000))
def test_parts_add_up_and_are_less_than_one_person_off(parts, total):
    whole = sum(parts.values())
    if not whole:
        total = 0
    shared = apportion(total, parts)
    assert sum(shared.values()) == total
    for key, weight in parts.items():
        exact = Fraction(total * weight, whole) if whole else Fraction(0)
        assert abs(shared[key] - exact) < 1


def test_nothing_to_share_by_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        apportion(5, {"a": 0})


def test_equal_remainders_go_to_the_code_that_sorts_first():
    assert apportion(1, {"b": 5, "a": 5}) == {"a": 1, "b": 0}


@pytest.mark.parametrize(
    ("group", "people"),
    [("BUMIL", 1815), ("BULIN", 1733), ("BUFAS", 1733), ("NEO", 1650), ("BAYI", 1622)],
)
def test_birth_groups_of_a_hundred_thousand(group, people):
    figures = estimate_group(group, population={"x": 100_000}, known={}, share=None, rates=Rates())
    assert figures == {"x": people}


def test_a_districts_own_birth_rate_counts():
    rates = Rates(births=Decimal("0.020"))
    figures = estimate_group("NEO", population={"x": 1000}, known={}, share=None, rates=rates)
    assert figures == {"x": 20}


def test_villages_add_up_to_the_rounded_district():
    population = {f"v{n}": 333 for n in range(7)}
    figures = estimate_group(
        "LANSIA", population=population, known={}, share=Decimal("0.1178"), rates=Rates()
    )
    assert figures is not None
    assert sum(figures.values()) == round_people(Decimal("0.1178") * 333 * 7)


def test_derived_groups_follow_the_figure_they_derive_from():
    known = {"BAYI": {"x": 41}, "BALITA": {"x": 200}}
    share = Decimal("0.5")  # must not be used
    for group, people in (("BADUTA", 82), ("BAYI6", 21), ("ANBAL", 159)):
        figures = estimate_group(group, population={"x": 9}, known=known, share=share)
        assert figures == {"x": people}


def test_group_without_formula_is_unknown():
    assert estimate_group("TBDUGA", population={"x": 9}, known={}, share=None) is None

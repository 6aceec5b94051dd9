"""Strategies and profiles shared by the tests of the computed columns."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from clusters.targets import Counts, Definition
from clusters.weeks import Week


def profile(text: str) -> tuple[Decimal, ...]:
    """Written as in the catalogue: twelve weights with bars between them."""
    return tuple(Decimal(weight) for weight in text.split("|"))


LINEAR: tuple[Decimal, ...] = ()
VITAMIN_A = profile("0|50|0|0|0|0|0|50|0|0|0|0")
BIAS = profile("0|0|0|0|0|0|0|50|0|0|50|0")
SCHOOL = profile("0|0|0|0|0|0|20|30|20|15|10|5")
PROFILES = {"linear": LINEAR, "vitamin A": VITAMIN_A, "BIAS": BIAS, "school": SCHOOL}

# Whole percentages, halves, the edges, and none at all.
targets = st.sampled_from(
    [Decimal(text) for text in ("0", "14", "33.33", "58", "80", "90", "95", "99.5", "100")]
) | st.decimals(0, 100, places=2)
populations = st.none() | st.sampled_from([0, 1, 9, 10, 100]) | st.integers(0, 20_000)


@st.composite
def counts_of(
    draw: st.DrawFn, definition: Definition, population: int | None, week: Week
) -> Counts:
    """Counts with gaps, half of them near the target, where the classes change."""
    size = population if population is not None else draw(st.none() | st.integers(0, 3000))
    near = int(definition.annual_target * (size or 10) / 100 * week.number / week.of_year)
    if definition.calc_type in {"period_rate", "snapshot", "ratio_of_found"}:
        near = int(definition.annual_target * (size or 10) / 100)
    number = (
        st.none()
        | st.integers(0, 30)
        | st.integers(max(0, near * 7 // 10), near * 13 // 10 + 2)
        | st.integers(max(0, near - 1), near + 1)
        | st.sampled_from([near * 8 // 10, near * 9 // 10, near * 10 // 9, near * 10 // 8])
    )
    of = st.none() | st.integers(0, 30) | st.just(size)
    return Counts(
        week=draw(number),
        week_denominator=draw(of),
        running=draw(number),
        running_denominator=draw(of),
        value=draw(number),
        value_denominator=draw(of),
        recent=draw(number),
        recent_denominator=draw(of),
        previous=draw(number),
        previous_denominator=draw(of),
        is_reported=draw(st.booleans()),
    )

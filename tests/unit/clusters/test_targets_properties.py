"""What must hold for the computed columns whatever the figures are."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clusters.targets import Counts, Definition, elapsed_share, evaluate, first_week_with_target
from clusters.weeks import Week, weeks_in_year
from tests.unit.clusters.cases import PROFILES, counts_of, targets

CALC_TYPES = ["cumulative", "period_rate", "snapshot", "ratio_of_found", "count"]
COLOURS = ["red", "yellow", "green"]

definitions = st.builds(
    Definition,
    st.sampled_from(CALC_TYPES),
    st.sampled_from(["higher", "lower"]),
    st.sampled_from(["weekly", "monthly", "quarterly"]),
    targets,
    st.sampled_from(list(PROFILES.values())),
)
weeks = st.sampled_from([2025, 2026]).flatmap(
    lambda year: st.integers(1, weeks_in_year(year)).map(lambda number: Week(year, number))
)
populations = st.integers(1, 5000)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Definition, int, Counts, Week]:
    definition, population, week = draw(definitions), draw(populations), draw(weeks)
    return definition, population, draw(counts_of(definition, population, week)), week


def with_more_done(counts: Counts, more: int) -> Counts:
    done = (counts.running or 0) + more
    return replace(counts, running=done, value=done)


@given(cases(), st.integers(0, 3000), st.integers(1, 3000))
@settings(max_examples=60)
def test_more_achieved_never_worsens(
    case: tuple[Definition, int, Counts, Week], done: int, more: int
) -> None:
    """One more person never lowers gap, coverage or percent and never raises the need; colour
    and judgement move to the good side for ``higher``, to the bad side for ``lower``."""
    definition, population, counts, week = case
    counts = replace(counts, running=done, value=done)
    before = evaluate(definition, population, counts, week)
    after = evaluate(definition, population, with_more_done(counts, more), week)

    if before.gap is not None:
        assert after.gap == before.gap + more
    for name in ("coverage", "percent_of_target"):
        old, new = getattr(before, name), getattr(after, name)
        assert (old is None) == (new is None)
        assert old is None or new >= old
    if before.need_per_week is not None:
        assert after.need_per_week is not None
        assert 0 <= after.need_per_week <= before.need_per_week
    if before.is_on_target is not None:
        worse, better = (before, after) if definition.direction == "higher" else (after, before)
        assert better.is_on_target or not worse.is_on_target
        assert COLOURS.index(better.colour) >= COLOURS.index(worse.colour)
    assert (before.target_to_date, before.trend) == (after.target_to_date, after.trend)


@given(cases())
@settings(max_examples=60)
def test_direction_mirrors(case: tuple[Definition, int, Counts, Week]) -> None:
    """The figures stay, only the judgement turns round; a whole-numbered target divides them."""
    definition, population, counts, week = case
    assume(definition.calc_type != "cumulative")  # its need is asked of ``higher`` only
    higher = evaluate(replace(definition, direction="higher"), population, counts, week)
    lower = evaluate(replace(definition, direction="lower"), population, counts, week)
    assert (higher.trend, higher.coverage, higher.checks) == (
        lower.trend,
        lower.coverage,
        lower.checks,
    )
    if higher.target_to_date is None or lower.target_to_date is None:
        assert (higher.gap, lower.gap) == (None, None)
        return
    assert 0 <= higher.target_to_date - lower.target_to_date <= 1
    if higher.is_on_target is None or lower.is_on_target is None:
        return
    on_the_target = higher.target_to_date == lower.target_to_date == higher.cumulative
    assert (higher.is_on_target and lower.is_on_target) == on_the_target
    if on_the_target and higher.trend in {"up", "down"}:
        assert {higher.status, lower.status} == {"baik", "kurang"}
    elif not on_the_target and higher.trend in {"up", "down"}:
        assert (higher.status, lower.status) in {
            ("baik", "jelek"), ("jelek", "baik"), ("kurang", "cukup"), ("cukup", "kurang"),
        }  # fmt: skip


@given(definitions, st.none() | populations, weeks, st.data())
@settings(max_examples=60)
def test_none_never_becomes_zero(
    definition: Definition, population: int | None, week: Week, data: st.DataObject
) -> None:
    counts = data.draw(counts_of(definition, population, week))
    counts = replace(counts, running=None, value=None)
    figures = evaluate(definition, population, counts, week)
    for name in ("cumulative", "coverage", "gap", "percent_of_target", "need_per_week", "status"):
        assert getattr(figures, name) is None, name
    assert figures.colour == "grey"
    for name in ("recent", "previous"):
        if getattr(counts, name) is None:
            assert getattr(figures, name) is None
            assert getattr(figures, f"{name}_percent") is None
            assert figures.trend is None


@given(cases())
@settings(max_examples=60)
def test_judgement_is_whole_or_absent(case: tuple[Definition, int, Counts, Week]) -> None:
    figures = evaluate(*case)
    assert (figures.colour == "grey") == (figures.is_on_target is None)
    if figures.status is not None:
        assert figures.trend is not None
        assert (figures.status in {"baik", "kurang"}) == figures.is_on_target
    if figures.is_on_target and figures.colour != "grey":
        assert figures.colour == "green"


@given(cases(), st.integers(2, 50))
@settings(max_examples=60)
def test_a_larger_place_in_the_same_state_is_judged_alike(
    case: tuple[Definition, int, Counts, Week], times: int
) -> None:
    """Percentages and trend of rates do not depend on size (but for checks and rounding)."""
    definition, population, counts, week = case
    assume(definition.calc_type not in {"count", "cumulative"})
    scaled = {
        name: value * times
        for name, value in dataclasses.asdict(counts).items()
        if value is not None and name != "is_reported"
    }
    many = dataclasses.replace(counts, **scaled)
    small = evaluate(definition, population, counts, week)
    large = evaluate(definition, population * times, many, week)
    for name in ("coverage", "percent_of_target", "recent_percent", "trend"):
        assert getattr(small, name) == getattr(large, name)
    if definition.annual_target:
        assert (small.colour, small.status) == (large.colour, large.status)


@given(
    st.sampled_from(range(1990, 2061)),
    st.sampled_from(list(PROFILES.values()))
    | st.lists(st.integers(0, 50).map(Decimal), min_size=12, max_size=12).map(tuple),
)
@settings(max_examples=60)
def test_elapsed_share_only_grows_and_ends_at_one(year: int, profile: tuple[Decimal, ...]) -> None:
    weeks = list(Week(year, 1).until(Week(year, weeks_in_year(year))))
    shares = [elapsed_share(week, profile) for week in weeks]
    assert shares == sorted(shares)
    assert shares[0] >= 0
    assert shares[-1] == 1
    is_linear = not any(profile)
    if is_linear:
        assert shares.index(Fraction(1)) == len(shares) - 1
        assert {b - a for a, b in pairwise(shares)} == {shares[0]}
    first = first_week_with_target(year, profile)
    assert [share > 0 for share in shares] == [week >= first for week in weeks]


@given(weeks, populations, targets, st.sampled_from(list(PROFILES.values())))
@settings(max_examples=60)
def test_keeping_to_the_need_reaches_the_year(
    week: Week, population: int, target: Decimal, profile: tuple[Decimal, ...]
) -> None:
    definition = Definition("cumulative", "higher", "weekly", target, profile)
    figures = evaluate(definition, population, Counts(week=0, running=0), week)
    weeks_left = week.of_year - week.number
    if not weeks_left:
        assert figures.need_per_week is None
        return
    assert figures.need_per_week is not None
    whole_year = Fraction(target) * population / 100
    # The shown figure is rounded by at most half a tenth a week.
    assert abs(Fraction(figures.need_per_week) * weeks_left - whole_year) <= Fraction(
        weeks_left, 20
    )

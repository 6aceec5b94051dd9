"""Which figures are asked about: the examples of the rules, and what holds for any figures."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clusters.catalogue import DATA
from clusters.plausibility import Rule, Subject, find_warnings, partners, rules_for

POP = Rule("POP", "above_population", factor=Decimal("1.2"))
USUAL = Rule("USUAL", "above_usual", factor=Decimal(3), minimum=10)
FALL = Rule("FALL", "falling", factor=Decimal("0.8"), minimum=5)
NEVER = Rule("NEVER", "falling", indicator="KES02", factor=Decimal(1))
PAIR = Rule("PAIR", "not_above", indicator="KIA02", other="KIA01", minimum=5)


def subject(code: str = "KIA02", calc_type: str = "cumulative", **more: object) -> Subject:
    values: dict[str, object] = {"count": 4, "total": 4, "cumulative": 40, "population": 100} | more
    return Subject(code, f"Nama {code}", "ibu hamil", calc_type, **values)  # type: ignore[arg-type]


def said(*subjects: Subject, rules: list[Rule]) -> list[str]:
    return [one.rule for rows in find_warnings(subjects, rules).values() for one in rows]


def message(*subjects: Subject, rule: Rule) -> str:
    [[one]] = find_warnings(subjects, [rule]).values()
    return one.message


@pytest.mark.parametrize(
    ("cumulative", "population", "is_odd"),
    [(120, 100, False), (121, 100, True), (5, 4, True), (6, 5, False), (9, 0, False),
     (9, None, False), (None, 100, False)],
)  # fmt: skip
def test_above_the_target_population(cumulative, population, is_odd) -> None:
    one = subject(cumulative=cumulative, population=population)
    assert bool(said(one, rules=[POP])) is is_odd


def test_rate_of_a_period_is_held_against_the_population_by_its_own_figure() -> None:
    assert not said(subject(calc_type="period_rate", total=90, cumulative=500), rules=[POP])
    text = message(subject(calc_type="period_rate", total=130, cumulative=5), rule=POP)
    assert text == "130 pada periode ini, padahal sasarannya 100 ibu hamil (130%)."


def test_events_have_no_population() -> None:
    assert not said(subject(calc_type="count", cumulative=900), rules=[POP])


@pytest.mark.parametrize(
    ("count", "earlier", "is_odd"),
    [
        (3, (1, 1, 1, 1), False),  # 1 to 3 is chance
        (10, (3, 3, 3, 3), True),
        (9, (3, 3, 3, 3), False),
        (12, (4, 4, 4, 4), False),  # three times is not more than three times
        (13, (4, 4, 4, 4), True),
        (99, (4, 4, 4), False),  # too few reports to know what is usual
        (30, (0, 0, 0, 0), True),
        (30, (11, 11, 11, 11, 11, 11, 11, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), False),
        (0, (40, 40, 40, 40), False),
    ],
)
def test_three_times_the_usual(count, earlier, is_odd) -> None:
    assert bool(said(subject(count=count, earlier=earlier), rules=[USUAL])) is is_odd


def test_the_usual_is_told_with_its_half() -> None:
    text = message(subject(count=1500, earlier=(4, 5, 4, 5)), rule=USUAL)
    assert text == "1.500 minggu ini; biasanya sekitar 4,5 (nilai tengah 4 laporan terakhir)."
    with translation.override("en"):
        text = message(subject(count=1500, earlier=(4, 5, 4, 5)), rule=USUAL)
    assert text == "1,500 this week; usually about 4.5 (middle of the last 4 reports)."


@pytest.mark.parametrize(
    ("count", "earlier", "is_odd"),
    [(7, (10, 3), True), (8, (10,), False), (0, (10,), True), (0, (4,), False), (7, (), False)],
)
def test_state_that_falls_far(count, earlier, is_odd) -> None:
    one = subject("PTM01", "snapshot", count=count, earlier=earlier)
    assert bool(said(one, rules=[FALL])) is is_odd
    assert not said(replace(one, calc_type="cumulative"), rules=[FALL])


def test_rule_of_an_indicator_takes_the_place_of_the_general_one() -> None:
    one = subject("KES02", "snapshot", count=99, earlier=(100,))
    assert said(one, rules=[FALL, NEVER]) == ["NEVER"]
    assert said(replace(one, count=100), rules=[FALL, NEVER]) == []
    assert [rule.code for rule in rules_for("KES02", [POP, FALL, NEVER, PAIR])] == ["POP", "NEVER"]


@pytest.mark.parametrize(
    ("mine", "other", "is_odd"), [(41, 40, True), (40, 40, False), (4, 1, False), (5, 4, True)]
)
def test_part_above_its_whole(mine, other, is_odd) -> None:
    k4, k1 = subject(cumulative=mine), subject("KIA01", cumulative=other)
    assert bool(said(k4, k1, rules=[PAIR])) is is_odd
    assert not said(k4, rules=[PAIR])  # without the other there is nothing to compare
    assert not said(k4, replace(k1, cumulative=None), rules=[PAIR])


def test_part_above_its_whole_names_both() -> None:
    text = message(subject(cumulative=52), subject("KIA01", cumulative=48), rule=PAIR)
    assert text == "Nama KIA02: 52, lebih banyak daripada Nama KIA01: 48."
    assert partners("KIA01", [PAIR, POP]) == {"KIA01", "KIA02"}
    assert partners("KIA02", [PAIR, POP]) == {"KIA02"}


numbers = st.none() | st.integers(0, 400)
subjects = st.lists(
    st.builds(
        Subject,
        code=st.sampled_from(["KIA01", "KIA02", "KES02", "SPM01"]),
        name=st.just("Nama"),
        noun=st.sampled_from(["", "bayi"]),
        calc_type=st.sampled_from(
            ["cumulative", "period_rate", "snapshot", "ratio_of_found", "count"]
        ),
        count=numbers,
        total=numbers,
        cumulative=numbers,
        population=numbers,
        earlier=st.lists(st.integers(0, 400), max_size=10).map(tuple),
    ),
    max_size=4,
    unique_by=lambda one: one.code,
)
ALL = [POP, USUAL, FALL, NEVER, PAIR]


def _naive(one: Subject, others: dict[str, Subject]) -> set[str]:
    """The rules once more, each as one plain condition."""
    found: set[str] = set()
    if one.count is None:
        return found
    reached = one.total if one.calc_type == "period_rate" else one.cumulative
    if one.count > 0:
        if one.calc_type != "count" and reached is not None and one.population:
            found |= {"POP"} if reached * 5 > one.population * 6 else set()
        weeks = sorted(one.earlier[:8])
        if len(weeks) >= 4 and one.count >= 10:
            twice_usual = weeks[(len(weeks) - 1) // 2] + weeks[len(weeks) // 2]
            found |= {"USUAL"} if 2 * one.count > 3 * twice_usual else set()
        other = others.get("KIA01")
        if one.code == "KIA02" and other is not None and reached is not None and reached >= 5:
            is_rate = other.calc_type == "period_rate"
            whole = other.total if is_rate else other.cumulative
            same = is_rate == (one.calc_type == "period_rate")
            found |= {"PAIR"} if same and whole is not None and reached > whole else set()
    if one.calc_type == "snapshot" and one.earlier:
        before = one.earlier[0]
        if one.code == "KES02":
            found |= {"NEVER"} if one.count < before else set()
        elif before >= 5 and one.count * 5 < before * 4:
            found.add("FALL")
    return found


@given(subjects)
def test_any_figures_give_what_the_plain_conditions_say(rows: list[Subject]) -> None:
    found = find_warnings(rows, ALL)
    others = {one.code: one for one in rows}
    for one in rows:
        assert {row.rule for row in found.get(one.code, ())} == _naive(one, others)
    assert all(found.values())


@given(subjects, st.permutations(ALL))
def test_order_changes_nothing_and_every_message_names_its_number(
    rows: list[Subject], rules: list[Rule]
) -> None:
    found = find_warnings(rows, rules)
    again = find_warnings(list(reversed(rows)), ALL)
    assert {code: {w.rule: w.message for w in ws} for code, ws in found.items()} == {
        code: {w.rule: w.message for w in ws} for code, ws in again.items()
    }
    for one in rows:
        for warning in found.get(one.code, ()):
            figures = {str(one.count), str(one.total), str(one.cumulative)}
            assert any(figure in warning.message for figure in figures)
            assert "  " not in warning.message


def test_shipped_rules_name_known_indicators_that_can_be_compared() -> None:
    with (DATA / "plausibility.csv").open(encoding="utf-8", newline="") as file:
        rules = list(csv.DictReader(file))
    with (DATA / "indicators.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"]: row for row in csv.DictReader(file)}
    assert len({row["code"] for row in rules}) == len(rules)
    for row in rules:
        assert row["source"].strip()
        assert Decimal(row["factor"]) > 0
        if row["kind"] == "not_above":
            mine, other = known[row["indicator"]], known[row["other"]]
            # What is reported less often than its whole is never ahead of it by mere timing.
            slow = ["weekly", "monthly", "campaign", "quarterly", "semester", "yearly"]
            assert slow.index(mine["frequency"]) >= slow.index(other["frequency"]), row["code"]
            assert (mine["calc_type"] == "period_rate") == (other["calc_type"] == "period_rate")
        elif row["indicator"]:
            assert known[row["indicator"]]["calc_type"] == "snapshot"
        assert len(row["code"]) <= 24
        assert len(row["source"]) <= 300

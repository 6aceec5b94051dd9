"""The judgement computed twice: what the case files say, the plain second computation
(naive.py) gives too; and on random cases both computations say the same."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from tests.unit.clusters.judgement import naive, naive_basics, twice
from tests.unit.clusters.judgement.adapter import CASES, load

# Of the form of a page and not of the judgement, or said in words for people.
NOT_COMPARED = {
    "on", "unit", "note", "must_not_be", "must_not_say", "findings", "unit_word", "indicator",
    "stored_total_differences", "on_week",
}  # fmt: skip
OF_THEIR_OWN = {"all-missing-week", "deaths-first", "target-changed-mid-year",
                "week-across-two-months", "whole-people-targets"}  # fmt: skip


def with_what_follows(found: naive_basics.Line) -> naive_basics.Line:
    is_judged = found["status"] not in (None, "data belum lengkap")
    coverage = found.get("coverage", found.get("value"))
    return {
        "value": coverage,
        "coverage": coverage,
        "target_over_reported_unit_months": found.get("target_to_date"),
        "judged": is_judged,
        "in_ranking": is_judged,
        "in_gap_list": found.get("above") is False,
    } | found


def same(key: str, right: Any, found: Any) -> bool:
    if key == "missing":
        return sorted(found) == sorted(right)
    if key == "status" and "not red" in str(right):
        return bool(found != "Jelek")
    if key == "words":
        return bool(found == right or (found and right.startswith(found)))
    return bool(found == right)


def check(expected: naive_basics.Line, found: naive_basics.Line) -> None:
    for key, right in expected.items():
        if key not in NOT_COMPARED:
            assert key in found, key
            assert same(key, right, found[key]), (key, right, found[key])
    for key, wrong in expected.get("must_not_be", {}).items():
        assert found[key] not in (wrong if isinstance(wrong, list) else [wrong])


@pytest.mark.parametrize(
    "name", sorted({file.stem for file in CASES.glob("*.json")} - OF_THEIR_OWN)
)
def test_every_case_file(name: str) -> None:
    case = load(name)
    for expected in case["expect"]:
        on = dt.date.fromisoformat(expected["on"])
        check(expected, with_what_follows(naive.judge(case, expected["unit"], on)))


def test_week_without_reports() -> None:
    case = load("all-missing-week")
    for expected in case["expect"]:
        check(expected, naive.week(case, expected["unit"], expected["on_week"]))


def test_deaths() -> None:
    case = load("deaths-first")
    found = naive.deaths(case)
    for expected in case["expect"]:
        check({key: right for key, right in expected.items() if key in found}, found)
        if "typed_total_KIA15" in expected:
            assert expected["typed_total_KIA15"] - found["KIA15"] == expected["difference_shown"]


def test_target_changed() -> None:
    case = load("target-changed-mid-year")
    change = case["target_change"]
    for expected in case["expect"]:
        on = dt.date.fromisoformat(expected["on"])
        for name, is_retroactive in (("from_month", False), ("retroactive", True)):
            case["target_change"] = {**change, "retroactive": is_retroactive}
            case["counts"]["rows"] = [["A", f"2026-{m:02}", None, 1, None] for m in range(1, 13)]
            check(expected[name] | {"closed": expected["closed"]}, naive.judge(case, "A", on))


def test_week_across_two_months() -> None:
    for one in load("week-across-two-months")["expect"]:
        found = naive_basics.months_of_week(one["week"], one["count"], one["extra_number"])
        assert found == one["months"]
        assert str(naive_basics.week_start(one["week"])) == one["first_day"]


def test_parts_add_up() -> None:
    case = load("whole-people-targets")
    people = {code: case["units"][code]["S"] for code in case["units"]["P"]["parts"]}
    exact = {code: Fraction(s * 90, 100) for code, s in people.items()}
    year = naive_basics.split(360, exact, people)
    months = naive_basics.parts_to_date(360, year, people, naive_basics.MONTHS)
    for expected in case["expect"][:-1]:
        parts = year if expected["what"] == "year" else months[int(expected["what"][-2:]) - 1]
        assert parts == expected["parts"]
        assert sum(parts.values()) == expected["sum"]


def test_random_cases_are_judged_alike_by_both() -> None:
    found = twice.compare(seed=20261118, number=2000)
    assert not found.differences
    assert set(found.statuses) == twice.STATUSES
    assert set(found.profiles) == twice.ALL_PROFILES


@pytest.mark.parametrize(
    ("kind", "profile", "rows", "forced"),
    [
        (
            "cumulative",
            "LINEAR_M",
            [(f"2026-{month:02}", 9, None) for month in range(1, 11)],
            False,
        ),
        ("cumulative", "LINEAR_M", [(f"2026-{month:02}", 8, None) for month in range(1, 11)], True),
        ("rate", "LAST_M", [("2026-09", 90, 100), ("2026-10", 90, 100)], False),
        ("rate", "LAST_M", [("2026-09", 89, 100), ("2026-10", 89, 100)], True),
    ],
)
def test_exactly_ninety_percent_forces_no_decision(
    kind: str, profile: str, rows: list[tuple[str, int, int | None]], forced: bool
) -> None:
    case = {
        "indicator": {
            "code": "KIA02",
            "kind": kind,
            "profile": profile,
            "T": 100,
            "direction": "higher",
            "noun": "orang",
        },
        "units": {"A": {"level": "pustu", "S": 120}},
        "counts": {"rows": [["A", period, None, n, d] for period, n, d in rows]},
        "expect": [],
    }
    on = dt.date(2026, 11, 10)
    for found in (naive.judge(case, "A", on), twice.first_verdict(case, "A", on)):
        assert (found["status"], found["decision_forced"]) == ("Jelek", forced)

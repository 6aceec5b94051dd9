"""The smallest lines on which the product and the plain computation once differed, each with the
sentence of the rules that settled it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.unit.clusters.judgement import naive, twice

Row = tuple[str, str, int, int | None]


def line(kind: str, profile: str, target: float, rows: list[Row], **more: Any) -> dict[str, Any]:
    """A case of the units of the rows, 100 people each unless `people` says otherwise."""
    people = more.pop("people", 100)
    names = sorted({row[0] for row in rows} | set(more.pop("silent", ())))
    units: dict[str, Any] = {one: {"level": "pustu", "S": people} for one in names}
    for one in more.pop("unknown", ()):
        units[one] = {"level": "pustu", "S": None}
    if len(units) > 1:
        units["P"] = {"level": "puskesmas", "parts": list(units)}
    indicator = {"code": "KIA02", "kind": kind, "profile": profile, "T": target, "noun": "orang",
                 "direction": more.pop("direction", "higher")}  # fmt: skip
    counts = {"rows": [[unit, period, None, n, d] for unit, period, n, d in rows]}
    return {"indicator": indicator, "units": units, "counts": counts, "expect": [], **more}


def months(*counts: int) -> list[Row]:
    return [("A", f"2026-{month:02}", n, None) for month, n in enumerate(counts, 1)]


def change(month: int, old: int, new: int) -> dict[str, Any]:
    return {"from": f"2026-{month:02}-01", "old": old, "new": new}


SETTLED: dict[str, tuple[dict[str, Any], str, str, dict[str, Any]]] = {
    "15.1 a plan has 7 days of grace, late and red from the 8th day (of a month: from the 6th)": (
        line("plan", "PLAN_M", 12, [], silent="A", held_on=["2026-01-20"]),
        "A", "2026-03-06", {"late": 0},
    ),
    "3 need per month <= 1.25 x A(m): Cukup (BUDGET: need per quarter against a month)": (
        line("cumulative", "BUDGET", 100, months(2, 3, 3, 3, 2, 3, 2, 3, 4), people=39),
        "A", "2026-10-10", {"need_per_month": 4.7, "status": "Cukup", "decision_forced": False},
    ),
    "3 need = (N - K) / months left (quarters: three times as much under the same name)": (
        line("cumulative", "LINEAR_Q", 100, [("A", "2026-Q1", 28, None)]),
        "A", "2026-05-10", {"need_per_month": 8.0},
    ),
    "15.3 target changed: the exact parts of what was reported, rounded once (full - missing)": (
        line("cumulative", "LINEAR_M", 95, months(14, 14), people=179,
             target_change=change(5, 95, 60)),
        "A", "2026-04-10", {"target_to_date": 28},
    ),
    "15.3 the same, nothing reported: nothing is due of it": (
        line("cumulative", "LINEAR_S", 100, [], silent="A", people=117,
             target_change=change(8, 100, 80)),
        "A", "2026-07-10", {"target_to_date": 0},
    ),
    "15.3 only where the target changed: one renewed at the same percentage has not": (
        line("cumulative", "LINEAR_M", 80, months(*[25] * 11), people=369,
             target_change=change(7, 80, 80)),
        "A", "2026-12-10", {"target_to_date": 270},
    ),
    "15.8 incomplete population: no percentage, no status (judged while that unit is silent)": (
        line("snapshot", "LAST_M", 70, [(unit, "2026-03", 80, None) for unit in "ABCD"],
             unknown="E"),
        "P", "2026-04-10", {"value": None, "status": None},
    ),
    "15.4 campaigns compare with the campaign before (BIAS: never a trend)": (
        line("cumulative", "BIAS_AUG", 95,
             [("A", "2025-08", 97, None), ("A", "2026-08", 85, None)]),
        "A", "2026-10-10", {"trend": "turun", "status": "Jelek", "decision_forced": True},
    ),
    "2, 4f nothing is due before the campaign closes (no target until January closes)": (
        line("cumulative", "BIAS_AUG", 95, [], silent="A"),
        "A", "2026-01-10", {"target_to_date": 0},
    ),
    "1, 5, 6 a silent unit is grey and named until the next closing (forgotten at New Year)": (
        line("campaign rate", "FEB_AUG", 80, [("A", "2026-02", 90, 100)]),
        "A", "2027-01-01",
        {"closed": "2026-C08", "status": "data belum lengkap", "missing_units": ["A"]},
    ),
    "8 below 10 no percentage (SCHOOL and BUDGET give one before anything is due)": (
        line("cumulative", "SCHOOL", 100, months(1), people=8),
        "A", "2026-03-10", {"coverage": None},
    ),
    "3, FORMAT.md percent_of_target = K / TK, also where lower is better (turned round)": (
        line("cumulative", "LINEAR_M", 100, months(15, 10), people=120, direction="lower"),
        "A", "2026-03-10", {"percent_of_target": 125.0},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTLED)
def test_what_the_rules_say(name: str) -> None:
    case, unit, on, right = SETTLED[name]
    found = naive.judge(case, unit, dt.date.fromisoformat(on))
    assert {key: found[key] for key in right} == right


@pytest.mark.parametrize("name", SETTLED)
def test_the_product_says_so_too(name: str) -> None:
    case, unit, on, right = SETTLED[name]
    found = twice.first_verdict(case, unit, dt.date.fromisoformat(on))
    assert {key: found[key] for key in right} == right

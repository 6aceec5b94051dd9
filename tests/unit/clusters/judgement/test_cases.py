"""J01–J26: small failing inputs with their right results, on the pure functions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from clusters.judgement import due, totals
from clusters.judgement.periods import Period
from clusters.judgement.rounding import one_decimal
from clusters.judgement.verdict import Verdict
from tests.unit.clusters.judgement.adapter import Case, load

BY_MONTH = {
    "J01": "monthly-on-schedule",
    "J02": "strong-month-then-weaker",
    "J03": "every-status-word",
    "J04": "quarterly-meeting-plan",
    "J05": "quarterly-count-on-schedule",
    "J06": "campaign-vitamin-a",
    "J07": "campaign-bias",
    "J08": "rate-one-silent",
    "J09": "rate-two-silent",
    "J10": "cumulative-one-month-missing",
    "J11": "cumulative-two-months-missing",
    "J12": "village-without-population",
    "J13": "unknown-population",
    "J15": "snapshot-trend-new-year",
    "J16": "once-a-year-denominator",
    "J20": "small-numbers",
    "J21": "over-100-percent",
    "J22": "lower-is-better",
}
STATUS = {"baik": "Baik", "kurang": "Kurang", "cukup": "Cukup", "jelek": "Jelek",
          "check": "periksa data", "incomplete": "data belum lengkap", None: None}  # fmt: skip
TREND = {"up": "naik", "flat": "tetap", "down": "turun", None: "-"}
BETTER = {"up": "memburuk", "flat": "tetap", "down": "membaik", None: "-"}


def number(value: Fraction | int | None) -> float | int | None:
    if value is None or isinstance(value, int):
        return value
    return float(one_decimal(value) or 0)


def label(period: Period | None) -> str | None:
    return None if period is None else str(period)


def as_compared(verdict: Verdict, case: Case, on: dt.date) -> dict[str, Any]:
    """The verdict in the words of the case files (FORMAT.md)."""
    complete = verdict.completeness
    lower = case.raw["indicator"]["direction"] == "lower"
    months = [str(one) for one in verdict.period.up_to()] if verdict.period else []
    running = due.due(case.profile, on).running
    return {
        "closed": label(verdict.period),
        "S": verdict.population,
        "target_year": verdict.target_year,
        "target_to_date": verdict.target_to_date,
        "target_over_reported_unit_months": verdict.target_to_date,
        "full_target_to_date": verdict.full_target_to_date,
        "cumulative": verdict.cumulative,
        "numerator": verdict.numerator,
        "denominator": verdict.denominator,
        "value": number(verdict.coverage),
        "coverage": number(verdict.coverage),
        "gap": verdict.gap,
        "tolerance": number(verdict.tolerance),
        "above": verdict.above,
        "trend": (BETTER if lower else TREND)[verdict.trend],
        "percent_of_target": number(verdict.percent_of_target),
        "need_per_month": number(verdict.need),
        "due": verdict.due,
        "late": verdict.late,
        "status": STATUS[verdict.status],
        "decision_forced": verdict.is_forced,
        "sending_needs_a_reason": verdict.needs_reason,
        "completeness": number(complete.share * 100) if complete and complete.share else None,
        "completeness_words": complete
        and f"{complete.reported} dari {complete.expected} unit-bulan",
        "units_reported": complete and f"{complete.reported} dari {complete.expected}",
        "missing_units": complete and [unit for unit, _place in complete.missing],
        "missing": complete and sorted(f"{u} {months[p]}" for u, p in complete.missing if months),
        "judged": verdict.status not in (None, "incomplete"),
        "in_ranking": verdict.status not in (None, "incomplete"),
        "in_gap_list": verdict.above is False,
        "words": "sweeping" if running else "not_due" if "not_due" in verdict.remarks else "",
    }


def test_target_changed_in_the_year() -> None:
    """J17"""
    case = Case(load("target-changed-mid-year"))
    change = case.raw["target_change"]
    start = dt.date.fromisoformat(change["from"]).month
    plain = case.definition("A")
    changed = replace(plain, targets=((1, Decimal(change["old"])), (start, Decimal(change["new"]))))
    retroactive = replace(plain, targets=((1, Decimal(change["new"])),))
    for expected in case.raw["expect"]:
        period = due.due(case.profile, dt.date.fromisoformat(expected["on"])).period
        assert str(period) == expected["closed"]
        for name, definition in (("from_month", changed), ("retroactive", retroactive)):
            plan = totals.plan_of(definition, 1200, period.up_to())
            right = expected[name]
            assert (plan.to_date[-1], plan.year) == (right["target_to_date"], right["target_year"])


def test_parts_add_up_in_every_month() -> None:
    """J19"""
    case = Case(load("whole-people-targets"))
    definition, codes = case.definition("P"), case.raw["units"]["P"]["parts"]
    people = {code: case.raw["units"][code]["S"] for code in codes}
    whole = totals.plan_of(definition, 400, Period("month", 2026, 12).up_to())
    plans = totals.plans_of_parts(definition, whole, people, Period("month", 2026, 12).up_to())
    for expected in case.raw["expect"][:-1]:
        what = expected["what"]
        of = {
            code: plan.year if what == "year" else plan.to_date[int(what[-2:]) - 1]
            for code, plan in plans.items()
        }
        assert of == expected["parts"]
        assert sum(of.values()) == expected["sum"]
    for month in range(12):
        assert sum(plan.to_date[month] for plan in plans.values()) == whole.to_date[month]
        for plan in plans.values():
            assert month == 0 or plan.to_date[month] >= plan.to_date[month - 1]


def compare(expected: dict[str, Any], found: dict[str, Any]) -> None:
    for key, right in expected.items():
        if key == "words":
            words = {"belum jatuh tempo": "not_due", "sweeping sampai 30 September": "sweeping"}
            if right in words:
                assert found[key] == words[right], key
            continue
        if key == "status" and str(right).startswith("not red"):
            assert found[key] != "Jelek"
            continue
        if key == "missing":
            assert found[key] == sorted(right)
        elif key in found:
            assert found[key] == right, (key, right, found[key])


@pytest.mark.parametrize("name", BY_MONTH.values(), ids=BY_MONTH)
def test_case(name: str) -> None:
    case = Case(load(name))
    for expected in case.raw["expect"]:
        on = dt.date.fromisoformat(expected["on"])
        verdict = case.verdict(expected["unit"], on)
        found = as_compared(verdict, case, on)
        try:
            compare(expected, found)
        except AssertionError as error:
            msg = f"{expected['unit']} on {on}: {error}"
            raise AssertionError(msg) from error

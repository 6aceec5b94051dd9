"""Rates, states and ratios for tests/unit/clusters/judgement/naive.py."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from tests.unit.clusters.judgement import naive_basics as basics
from tests.unit.clusters.judgement.naive_basics import Line

LABELS = {"C02": "kampanye Februari", "C08": "kampanye Agustus"}


def is_of_people(case: Line) -> bool:
    """Of a state, and of a campaign whose eligible are not counted, the population is the
    denominator."""
    return case["indicator"]["kind"] in ("snapshot", "cumulative")


def amounts(case: Line, unit: str, label: str) -> dict[str, tuple[int, int]]:
    """6: numerator and denominator of the units that reported both."""
    found = {}
    for part in case["units"][unit].get("parts", [unit]):
        numbers = basics.row(case, part, label, of_both=not is_of_people(case))
        if numbers:
            found[part] = (numbers[0], numbers[1] or 0)
            if is_of_people(case):
                found[part] = (numbers[0], basics.people_of(case, part) or 0)
    return found


def completeness(case: Line, units: list[str], reported: list[str]) -> Fraction:
    """6: by people; by units when there is no S."""
    people = [basics.people_of(case, one) for one in units]
    if None in people or not sum(one or 0 for one in people):
        return Fraction(len(reported), len(units))
    known = dict(zip(units, (one or 0 for one in people), strict=True))
    return Fraction(sum(known[one] for one in reported), sum(known.values()))


def judge(case: Line, unit: str, on: dt.date) -> Line:
    indicator = case["indicator"]
    period = basics.closed_period(indicator["profile"], on)
    units = case["units"][unit].get("parts", [unit])
    if "drop_out" in case and not any(row[0] == unit for row in case["counts"]["rows"]):
        return drop_out(case["drop_out"])
    now = amounts(case, unit, period.label)
    numerator = sum(n for n, _d in now.values()) if now else None
    denominator = sum(d for _n, d in now.values()) if now else None
    share = completeness(case, units, list(now))
    found: Line = {
        "closed": period.label,
        "label": LABELS.get(period.label[5:], "") + f" {period.year}",
        "numerator": numerator,
        "denominator": denominator,
        "completeness": basics.shown(share * 100),
        "units_reported": f"{len(now)} dari {len(units)}",
        "missing_units": [one for one in units if one not in now],
        "trend": "-",
        "status": None,
        "decision_forced": False,
    }
    if period.year < on.year and not basics.has_any(case, units, period):
        return found | dict.fromkeys(("closed", "value", "units_reported", "missing_units"))
    if is_of_people(case):
        found |= {"S": basics.people_of(case, unit), "state": numerator}
        if found["S"] is None:  # 15.8
            return found | {"value": None}
    if numerator is None or denominator is None:
        return found | {"value": None, "status": "data belum lengkap"}
    is_found = indicator["kind"] == "ratio_of_found"
    if is_found and not denominator and share >= Fraction(80, 100):  # 8: counts as met
        return found | {"value": None, "status": "Baik"}
    if denominator < 10:  # 8: people only
        return found | {"value": None}
    then = amounts(case, unit, basics.period_before(indicator["profile"], period).label)
    if completeness(case, units, list(then)) < Fraction(80, 100):  # 6: too little to be judged
        then = {}
    value = Fraction(numerator * 100, denominator)
    found |= {"value": basics.shown(value)}
    if basics.is_neutral(case):
        measured = basics.people_of(case, unit)
        beside = {"D/S": basics.shown(Fraction(denominator * 100, measured))} if measured else {}
        return found | {"status": None, "colour": None, "beside": beside}
    target = basics.target_in(case, unit, period.label, period.month)
    return found | weighed(value, target, denominator, share, trend_of(value, then), indicator)


def weighed(
    value: Fraction,
    target: Fraction,
    denominator: int,
    share: Fraction,
    trend: str,
    indicator: Line,
) -> Line:
    lower = indicator["direction"] == "lower"
    tolerance = max(Fraction(1), Fraction(100, denominator))  # 15.4
    gap = target - value if lower else value - target
    above = gap >= -tolerance
    # 15.4: a rate has no year to catch up.
    status = basics.word(above=above, trend=basics.turned(trend, lower=lower), keeps_pace=False)
    if share < Fraction(80, 100):
        status = "data belum lengkap"
    elif not 0 <= value <= 100:
        status = "periksa data"
    return {
        "gap": gap,
        "tolerance": basics.shown(tolerance),
        "above": above,
        "trend": basics.in_words(trend, lower=lower),
        "status": status,
        "decision_forced": status == "Jelek" and value < target * Fraction(90, 100),
        "sending_needs_a_reason": value > 110,
        "words": ("di atas batas" if value > target else "di bawah batas") if lower else "",
    }


def trend_of(value: Fraction, then: dict[str, tuple[int, int]]) -> str:
    """15.4: a band of one percentage point."""
    people = sum(d for _n, d in then.values())
    if not people:
        return "-"
    return basics.trend_of(value - Fraction(sum(n for n, _d in then.values()) * 100, people), 1)


def drop_out(doses: dict[str, Any]) -> Line:
    """11: a negative drop-out is a matter for the data."""
    first, third = doses["first_dose"], doses["third_dose"]
    value = Fraction((first - third) * 100, first)
    return {"value": basics.shown(value), "status": "periksa data" if value < 0 else None}

"""Counts that add up within the year, and campaigns, for naive.py beside it."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

from tests.unit.clusters.judgement import naive_basics as basics
from tests.unit.clusters.judgement.naive_basics import Line, Period

People = dict[str, int]


def shares(profile: str, labels: list[Period]) -> list[Fraction]:
    """What became due in each of the periods."""
    if profile in basics.CAMPAIGNS:
        return [Fraction(1)]
    row = {"SCHOOL": basics.SCHOOL, "BUDGET": basics.BUDGET}.get(profile, basics.MONTHS)
    due = [row[one.month - 1] for one in labels]
    return [one - before for one, before in zip(due, [Fraction(0), *due], strict=False)]


def people_of(case: Line, units: list[str], labels: list[Period]) -> People | None:
    """S by unit; 15.11: a denominator typed with the reports is a state, its latest one counts."""
    found = {}
    for unit in units:
        people = basics.people_of(case, unit)
        if "typed" in case["indicator"]["kind"]:
            rows = [basics.row(case, unit, one.label) for one in labels]
            typed = [one[1] for one in rows if one and one[1] is not None]
            people = typed[-1] if typed else people
        if people is None:
            return None
        found[unit] = people
    return found


def months_left(profile: str, month: int) -> int:
    """In which work can be done."""
    if profile in basics.CAMPAIGNS:
        return 0
    if profile == "SCHOOL":
        return sum(
            1 for later in range(month, 12) if basics.SCHOOL[later] > basics.SCHOOL[later - 1]
        )
    return 12 - month


def judge(case: Line, unit: str, on: dt.date) -> Line:
    profile = case["indicator"]["profile"]
    period = basics.closed_period(profile, on)
    units = case["units"][unit].get("parts", [unit])
    running = running_count(case, units, on)
    if period.year < on.year:
        # 1: the last closed period stands until the next one closes, also over New Year (15.5).
        # Of a year without any report there is nothing to stand; BIAS: 4f, "until the next year".
        has_any = basics.has_any(case, units, period)
        is_anew = profile in ("BIAS_AUG", "BIAS_NOV", "BIAS") and basics.january_closed(on)
        if not has_any or is_anew:
            return not_due(case, unit, on) | running
    labels = [one for one in basics.periods(profile, period.year) if one.month <= period.month]
    if profile in basics.CAMPAIGNS:
        labels = [period]
    return judged(case, unit, period, labels) | running


def not_due(case: Line, unit: str, on: dt.date) -> Line:
    profile, words = case["indicator"]["profile"], ""
    if profile in ("BIAS_AUG", "BIAS_NOV", "BIAS"):
        works = [one[0] for one in basics.CAMPAIGNS[profile].values()]
        words = "belum jatuh tempo"
        if any(on.month in months for months in works):
            words = "sweeping"
    # 2: 0 until the campaign closes, where there is a population at all (15.8).
    has_target = words and basics.people_of(case, unit) is not None
    return {
        "closed": None,
        "target_to_date": 0 if has_target else None,
        "percent_of_target": None,
        "status": None,
        "words": words,
        "above": None,
    }


def running_count(case: Line, units: list[str], on: dt.date) -> Line:
    """What of this year has been entered so far, week by week."""
    rows = [
        (week, n)
        for unit, _period, week, n, _d in case["counts"]["rows"]
        if unit in units
        and week
        and basics.week_start(week) + dt.timedelta(6) < on
        and basics.month_of_week(week)[:4] == str(on.year)
    ]
    last = max((week for week, _n in rows), default=None)
    return {
        "cumulative_running": sum(n for _week, n in rows),
        "week": last,
        "week_count": sum(n for week, n in rows if week == last) if last else None,
    }


def judged(case: Line, unit: str, period: Period, labels: list[Period]) -> Line:
    units = case["units"][unit].get("parts", [unit])
    profile = case["indicator"]["profile"]
    asked = labels
    if profile in ("SCHOOL", "BUDGET"):  # months in which nothing falls due are not asked for
        asked = [at for at, due in zip(labels, shares(profile, labels), strict=True) if due]
    reported = {
        (one, at.label): n for at in labels for one, n in reported_in(case, units, at.label).items()
    }
    total = sum(reported.values()) if reported else None
    expected = len(units) * len(asked)
    there = sum(1 for one in units for at in asked if (one, at.label) in reported)
    share = Fraction(there, expected) if expected else None
    trend, last = trend_of(case, units, period, labels)
    lower = case["indicator"]["direction"] == "lower"
    found: Line = {
        "closed": period.label,
        "cumulative": total,
        "completeness": None if share is None else basics.shown(share * 100),
        "completeness_words": f"{there} dari {expected} unit-bulan",
        "missing": [
            f"{one} {at.label}" for one in units for at in asked if (one, at.label) not in reported
        ],
        "trend": basics.in_words(trend, lower=lower),
        "status": None,
        "decision_forced": False,
        "words": "",
    }
    people = people_of(case, units, labels)
    if share is not None and share < 1:  # 6: a lower bound
        found |= {"cumulative_is_lower_bound": True, "shown_as": f">= {total}"}
    if people is None:  # 15.8: no target, no percentage, no status
        villages = case["units"][unit].get("villages", {})
        found["population_missing_in"] = [one for one, s in villages.items() if s is None]
        nothing = ("S", "target_year", "target_to_date", "full_target_to_date", "coverage", "gap",
                   "tolerance", "above", "percent_of_target", "need_per_month")  # fmt: skip
        return found | dict.fromkeys(nothing)
    year, full, to_date = targets(case, unit, people, labels, reported)
    found |= {
        "S": sum(people.values()),
        "target_year": year,
        "target_to_date": to_date,
        "full_target_to_date": full,
        "coverage": None,
        "percent_of_target": None,
    }
    if total is None:
        is_asked = share is not None and any(people.values())
        return found | {"status": "data belum lengkap" if is_asked else None}
    return found | weighed(case, found, period, share, last)


def targets(
    case: Line,
    unit: str,
    people: People,
    labels: list[Period],
    reported: dict[tuple[str, str], int],
) -> tuple[int, int, int]:
    """Of the year, to date in full, and over what was reported (3, 6, 9, 10, 15.3)."""
    profile, year = case["indicator"]["profile"], labels[0].year
    all_labels = labels if profile in basics.CAMPAIGNS else basics.periods(profile, year)
    steps = shares(profile, all_labels)
    rates = [basics.target_in(case, unit, one.label, one.month) / 100 for one in all_labels]
    in_months = {basics.target_in(case, unit, str(year), month) for month in range(1, 13)}
    if len(in_months) == 1:
        whole = basics.half_up(sum(people.values()) * rates[0])
        parts = basics.split(whole, {one: s * rates[0] for one, s in people.items()}, people)
        parts_by_period = [{one: n * step for one, n in parts.items()} for step in steps]
    else:  # 15.3: the exact parts, summed and rounded once
        parts_by_period = [
            {one: s * rate * step for one, s in people.items()}
            for rate, step in zip(rates, steps, strict=True)
        ]
    in_year = in_full = over_reported = Fraction(0)
    for at, parts_then in zip(all_labels, parts_by_period, strict=True):
        for one, due in parts_then.items():
            in_year += due
            in_full += due if at in labels else 0
            over_reported += due if (one, at.label) in reported else 0
    return basics.half_up(in_year), basics.half_up(in_full), basics.half_up(over_reported)


def reported_in(case: Line, units: list[str], label: str) -> dict[str, int]:
    rows = [(one, basics.row(case, one, label)) for one in units]
    return {one: found[0] for one, found in rows if found}


def trend_of(case: Line, units: list[str], period: Period, labels: list[Period]) -> tuple[str, int]:
    """3: the last period against the one before, over the units that reported both, where each
    reached what it takes to be judged (6); and how many the last one had."""
    profile = case["indicator"]["profile"]
    now = reported_in(case, units, period.label)
    last = sum(now.values())
    if profile not in basics.CAMPAIGNS and len(labels) == 1:
        return "-", last  # the first of the year
    then = reported_in(case, units, basics.period_before(profile, period).label)
    both = [one for one in units if one in now and one in then]
    enough = Fraction(90, 100) * len(units)
    if not both or len(now) < enough or len(then) < enough:
        return "-", last
    old_sum = sum(then[one] for one in both)
    band = max(1, math.ceil(Fraction(5, 100) * old_sum))
    return basics.trend_of(sum(now[one] for one in both) - old_sum, band), last


def weighed(case: Line, found: Line, period: Period, share: Fraction | None, last: int) -> Line:
    profile, lower = case["indicator"]["profile"], case["indicator"]["direction"] == "lower"
    total, year, to_date, people = (
        found[key] for key in ("cumulative", "target_year", "target_to_date", "S")
    )
    gap = to_date - total if lower else total - to_date
    tolerance = max(1, math.ceil(Fraction(2, 100) * to_date))
    above = gap >= -tolerance
    left = months_left(profile, period.month)
    need = Fraction(max(0, year - total), left) if left else None
    line: Line = {
        "gap": gap,
        "tolerance": tolerance,
        "above": above,
        "need_per_month": basics.shown(need),
    }
    if people < 10 or year < 10:  # 8: people only
        noun = case["indicator"]["noun"]
        return line | {"shown_as": f"{total} dari {people} {noun}"}
    percent = Fraction(total * 100, to_date) if to_date else None
    line |= {
        "coverage": basics.shown(Fraction(total * 100, people)),
        "percent_of_target": basics.shown(percent),
    }
    trend = {"membaik": "naik", "memburuk": "turun"}.get(found["trend"]) or str(found["trend"])
    # 3: does the present pace reach the year? Of a quarter the pace of a quarter.
    months = basics.MONTHS_OF.get(profile[-1], 1) if profile.startswith("LINEAR_") else 1
    keeps_pace = need is not None and need * months <= Fraction(125, 100) * last
    status: str | None = basics.word(above=above, trend=trend, keeps_pace=keeps_pace)
    if share is None or (profile == "SCHOOL" and period.month < 8):
        status = None  # nothing is due yet; 15.10
    elif share < Fraction(90, 100):
        status = "data belum lengkap"
    elif total > people:
        status = "periksa data"
    return line | {
        "status": status,
        "decision_forced": status == "Jelek" and percent is not None and percent < 90,
        "sending_needs_a_reason": Fraction(total, people) > Fraction(110, 100),
    }

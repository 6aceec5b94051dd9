"""Both computations on the same random lines, and where they differ."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.unit.clusters.judgement import naive, naive_basics, naive_rates, random_cases
from tests.unit.clusters.judgement.adapter import Case
from tests.unit.clusters.judgement.test_cases import as_compared

GRACE = "not red yet (grace)"
WORDS = ("Baik", "Kurang", "Cukup", "Jelek", "periksa data")  # of a line that is judged
STATUSES = {*WORDS, "data belum lengkap", None, GRACE}
ALL_PROFILES = {profile for profiles in random_cases.PROFILES.values() for profile in profiles}

OF_PLANS = ("due", "late", "cumulative", "status")
OF_COUNTS = (
    "closed", "S", "target_year", "target_to_date", "full_target_to_date", "cumulative",
    "coverage", "gap", "tolerance", "above", "trend", "percent_of_target", "need_per_month",
    "status", "decision_forced", "sending_needs_a_reason", "completeness", "completeness_words",
    "missing",
)  # fmt: skip
OF_RATES = (
    "closed", "numerator", "denominator", "value", "tolerance", "above", "trend", "status",
    "decision_forced", "sending_needs_a_reason", "completeness", "units_reported",
    "missing_units",
)  # fmt: skip
OF_JUDGED_LINES = {
    "gap", "tolerance", "above", "trend", "percent_of_target", "need_per_month",
    "decision_forced", "sending_needs_a_reason",
}  # fmt: skip
FOLLOWS_TREND = {"trend", "status", "decision_forced"}


@dataclass
class Found:
    """Of a run: how often which status and profile came up, and the first lines that differ."""

    statuses: Counter[str | None] = field(default_factory=Counter)
    profiles: Counter[str] = field(default_factory=Counter)
    kept_out: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.statuses += other.statuses
        self.profiles += other.profiles
        self.kept_out += other.kept_out
        self.differences += other.differences


def compare(seed: int, number: int) -> Found:
    found = Found()
    for case, unit, on in random_cases.lines(seed, number):
        plain, first = naive.judge(case, unit, on), first_verdict(case, unit, on)
        found.statuses[plain["status"]] += 1
        found.profiles[case["indicator"]["profile"]] += 1
        fields = [key for key in fields_of(case, plain) if key in plain]
        left_out = kept_out(case, unit, on, plain)
        found.kept_out.update(left_out & set(fields))
        for key in fields:
            if key not in left_out and not same(key, plain[key], first[key]):
                found.differences.append(
                    f"{key}: plainly {plain[key]!r}, the first one says {first[key]!r}; "
                    f"{unit} on {on}; {smaller(case, unit, on)}"
                )
                break
    return found


def first_verdict(case: dict[str, Any], unit: str, on: dt.date) -> dict[str, Any]:
    one = Case(case)
    return as_compared(one.verdict(unit, on), one, on)


def fields_of(case: dict[str, Any], plain: naive_basics.Line) -> list[str]:
    if case["indicator"]["kind"] == "plan":
        return list(OF_PLANS)
    fields = OF_RATES if "numerator" in plain else OF_COUNTS
    return [one for one in fields if plain["status"] in WORDS or one not in OF_JUDGED_LINES]


def same(key: str, plain: Any, first: Any) -> bool:
    """Nothing reported at all is 0 or none; a campaign has no month to name."""
    if key in ("completeness", "denominator"):
        return (plain or None) == (first or None)
    if key == "missing":
        if any("-C" in one for one in plain or []):
            return [one.split()[0] for one in plain] == [one.split()[0] for one in first]
        return sorted(plain or []) == sorted(first or [])
    if plain == GRACE:
        return bool(first != "Jelek")
    return bool(plain == first)


def smaller(case: dict[str, Any], unit: str, on: dt.date) -> dict[str, Any]:
    """What of the case bears on the line."""
    units = {unit, *case["units"][unit].get("parts", [])}
    rows = [
        row for row in case["counts"]["rows"] if row[0] in units and on.year - 3 < int(row[1][:4])
    ]
    return {
        **{key: case[key] for key in ("indicator", "target_change", "held_on") if key in case},
        "units": {one: case["units"][one] for one in case["units"] if one in units},
        "rows": [row for row in rows if int(row[1][:4]) <= on.year],
    }


# --- what the rules leave open or where a difference is known ----------------------------------


def kept_out(case: dict[str, Any], unit: str, on: dt.date, plain: naive_basics.Line) -> set[str]:
    """The fields of a line that are not compared, each for the reason said beside it."""
    indicator = case["indicator"]
    if indicator["kind"] == "plan":
        return set()
    if "numerator" in plain:
        return kept_out_of_rates(case, unit, on, plain)
    return kept_out_of_counts(case, on, plain)


def kept_out_of_counts(case: dict[str, Any], on: dt.date, plain: naive_basics.Line) -> set[str]:
    indicator = case["indicator"]
    fields: set[str] = set()
    if indicator["direction"] == "lower":
        # What forces a decision above a limit, and what is still needed below it, no rule says:
        # K / TK under 90 never would. Below and steady has no pace that could reach a limit.
        fields |= {"need_per_month", "decision_forced"}
        if plain.get("above") is False and plain["trend"] == "tetap":
            fields |= {"status"}
    return fields if plain["status"] in WORDS else fields - {"status"}


def kept_out_of_rates(
    case: dict[str, Any], unit: str, on: dt.date, plain: naive_basics.Line
) -> set[str]:
    indicator = case["indicator"]
    fields: set[str] = set()
    units = case["units"][unit].get("parts", [unit])
    if indicator["direction"] == "lower":
        fields.add("decision_forced")  # P of 3 again
    period = naive_basics.closed_period(indicator["profile"], on)
    if naive_rates.is_of_people(case) and naive_basics.people_of(case, unit) is None:
        fields.add("denominator")  # nothing is shown of it: neither value nor status
    before = naive_basics.period_before(indicator["profile"], period)
    now, then = (naive_rates.amounts(case, unit, one.label) for one in (period, before))
    if len(units) > 1 and set(now) != set(then):
        # «A trend compares equal numbers of reports or says it cannot»: the product compares the
        # units that reported both times, this one the two values as printed.
        fields |= FOLLOWS_TREND if plain["status"] in WORDS else set()
    return fields

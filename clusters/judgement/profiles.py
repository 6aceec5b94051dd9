"""What part of the yearly target is due when a period has closed.

A profile is a row of twelve cumulative shares, one a month's end. The shipped rows are here; a
district sets its own from a date on (clusters.models.DueShares).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from clusters.judgement.periods import Kind, Period

Family = Literal["total", "rate", "plan", "event", "unjudged"]
Shares = tuple[Fraction, ...]


def _shares(*values: str) -> Shares:
    return tuple(Fraction(value) for value in values)


LINEAR: Shares = tuple(Fraction(month, 12) for month in range(1, 13))
_QUARTERS = tuple(Fraction(month // 3, 4) for month in range(1, 13))
_HALVES = tuple(Fraction(month // 6, 2) for month in range(1, 13))
_YEAR_END = (*(Fraction(0),) * 11, Fraction(1))
SHIPPED: dict[str, Shares] = {
    "LINEAR_M": LINEAR,
    "LINEAR_Q": _QUARTERS,
    "LINEAR_S": _HALVES,
    "YEAR_END": _YEAR_END,
    "SCHOOL": _shares("0", "0", "0", "0", "0", "0", "0.1", "0.4", "0.7", "0.9", "1", "1"),
    "BUDGET": _shares(*["0"] * 2, *["0.15"] * 3, *["0.4"] * 3, *["0.7"] * 3, "1"),
    "BIAS_AUG": (*(Fraction(0),) * 8, *(Fraction(1),) * 4),
    "BIAS_NOV": _YEAR_END,
    "PLAN_M": LINEAR,
    "PLAN_Q": _QUARTERS,
    "PLAN_Y": _YEAR_END,
}
# What cannot be judged before: school services begin in July, and August is the first full month.
FIRST_MONTH = {"SCHOOL": 8}
RATES: dict[str, Kind] = {
    "LAST_W": "weeks",
    "LAST_M": "month",
    "LAST_Q": "quarter",
    "LAST_S": "semester",
    "LAST_Y": "year",
    "FEB_AUG": "campaign",
    "BIAS": "campaign",
}
PLANS: dict[str, Kind] = {"PLAN_M": "month", "PLAN_Q": "quarter", "PLAN_Y": "year"}
_TOTALS: dict[str, Kind] = {
    "LINEAR_M": "month",
    "LINEAR_Q": "quarter",
    "LINEAR_S": "semester",
    "YEAR_END": "year",
    "SCHOOL": "month",
    "BUDGET": "month",
    "SEASON_SET": "month",
    "BIAS_AUG": "campaign",
    "BIAS_NOV": "campaign",
}
_BY_FREQUENCY = {"monthly": "M", "quarterly": "Q", "semester": "S", "yearly": "Y", "weekly": "M"}


def profile_of(calc_type: str, frequency: str) -> str:
    """The profile of an indicator that names none: by what it is and how often it is reported."""
    if calc_type == "count":
        return "EVENT"
    if calc_type == "planned":
        return f"PLAN_{_BY_FREQUENCY.get(frequency, 'M')}"
    if calc_type == "cumulative":
        name = {"quarterly": "LINEAR_Q", "semester": "LINEAR_S", "yearly": "YEAR_END"}
        return name.get(frequency, "LINEAR_M")
    if frequency == "weekly":
        return "LAST_W"
    return f"LAST_{_BY_FREQUENCY.get(frequency, 'M')}"


def family(profile: str, calc_type: str) -> Family:
    """How a profile is judged."""
    if profile == "EVENT":
        return "event"
    if profile in PLANS:
        return "plan"
    if profile in RATES:
        return "rate"
    if profile == "SEASON_SET" and calc_type != "cumulative":
        return "unjudged"  # without a season set by the district there is nothing to compare
    return "total"


def kind_of(profile: str) -> Kind:
    """How long the periods are that a profile closes."""
    return RATES.get(profile) or PLANS.get(profile) or _TOTALS.get(profile, "month")


def share_at(shares: Shares, period: Period) -> Fraction:
    """e: the part of the year that had to be done when a period closed."""
    return shares[period.months[-1] - 1]


def step(shares: Shares, period: Period) -> Fraction:
    """The part that became due within a period alone."""
    first = period.months[0]
    return share_at(shares, period) - (shares[first - 2] if first > 1 else Fraction(0))

"""Days, whole numbers and what was reported, for naive.py beside it."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import Any, NamedTuple

Line = dict[str, Any]
Row = tuple[int, int | None]

# Part of the year that had to be done when the month closed.
MONTHS = [Fraction(month, 12) for month in range(1, 13)]
SCHOOL = [Fraction(done, 100) for done in (0, 0, 0, 0, 0, 0, 10, 40, 70, 90, 100, 100)]
BUDGET = [Fraction(done, 100) for done in (0, 0, 15, 15, 15, 40, 40, 40, 70, 70, 70, 100)]
# Label: months in which it is worked, and month and day on which it closes.
CAMPAIGNS: dict[str, dict[str, tuple[tuple[int, ...], int, int]]] = {
    "FEB_AUG": {"C02": ((2,), 3, 5), "C08": ((8,), 9, 5)},
    "BIAS_AUG": {"C08": ((8, 9), 9, 30)},
    "BIAS_NOV": {"C11": ((11, 12), 12, 31)},
    "BIAS": {"C08": ((8, 9), 9, 30), "C11": ((11, 12), 12, 31)},
}
MONTHS_OF = {"Q": 3, "S": 6, "Y": 12, "D": 12}  # of one period, by the last letter of the profile


class Period(NamedTuple):
    label: str
    year: int
    month: int  # its last one
    stands_from: dt.date


# --- days ------------------------------------------------------------------------------------


def first_of_next(year: int, month: int) -> dt.date:
    return dt.date(year + 1, 1, 1) if month == 12 else dt.date(year, month + 1, 1)


def periods(profile: str, year: int) -> list[Period]:
    """15.1: a month closes at the end of the 5th of the next one, a campaign on its own day; a
    quarter and longer has seven days of grace."""
    if profile in CAMPAIGNS:
        return [
            Period(f"{year}-{label}", year, months[-1], dt.date(year, month, day) + dt.timedelta(1))
            for label, (months, month, day) in CAMPAIGNS[profile].items()
        ]
    letter = profile[-1] if profile.startswith(("LAST_", "LINEAR_", "YEAR_")) else "M"
    length = MONTHS_OF.get(letter, 1)
    found = []
    for month in range(length, 13, length):
        number = month // length
        label = {1: f"{year}-{month:02}", 3: f"{year}-Q{number}", 6: f"{year}-S{number}"}
        grace = 5 if length == 1 else 7
        stands = first_of_next(year, month) + dt.timedelta(grace)
        found.append(Period(label.get(length, str(year)), year, month, stands))
    return found


def closed_period(profile: str, on: dt.date) -> Period:
    """The last one that stands on the day."""
    years = range(on.year - 3, on.year + 1)
    standing = [one for year in years for one in periods(profile, year) if one.stands_from <= on]
    return max(standing, key=lambda one: one.stands_from)


def period_before(profile: str, period: Period) -> Period:
    same = [one for year in (period.year - 1, period.year) for one in periods(profile, year)]
    if profile == "BIAS":  # 15.10: both campaigns, each by itself
        same = [one for one in same if one.label[-3:] == period.label[-3:]]
    return same[same.index(period) - 1]


def january_closed(on: dt.date) -> bool:
    return on >= dt.date(on.year, 2, 6)


# --- numbers ---------------------------------------------------------------------------------


def half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def shown(value: Fraction | None) -> float | None:
    """One decimal, half up."""
    return None if value is None else half_up(value * 10) / 10


def split(whole: int, exact: dict[str, Fraction], people: dict[str, int]) -> dict[str, int]:
    """9: whole parts first, the rest to the largest remainders (ties: larger S, then code)."""
    parts = {code: math.floor(value) for code, value in exact.items()}
    order = sorted(exact, key=lambda code: (parts[code] - exact[code], -people[code], code))
    for code in order[: whole - sum(parts.values())]:
        parts[code] += 1
    return parts


def parts_to_date(
    whole: int, parts: dict[str, int], people: dict[str, int], shares: list[Fraction]
) -> list[dict[str, int]]:
    """9: the same split at each closing, of N x e; no part may fall below its last value (the
    unit is taken from the smallest remainder instead)."""
    found: list[dict[str, int]] = []
    for share in shares:
        exact = {code: n * share for code, n in parts.items()}
        now = split(half_up(whole * share), exact, people)
        for code in now:
            while found and now[code] < found[-1][code]:
                givers = [one for one in now if now[one] > found[-1][one] and one != code]
                giver = min(givers, key=lambda one: exact[one] - math.floor(exact[one]))
                now[code] += 1
                now[giver] -= 1
        found.append(now)
    return found


# --- what was reported -----------------------------------------------------------------------


def week_start(label: str) -> dt.date:
    """Sunday of the week; week 1 is the first with at least four days in the year."""
    year, number = int(label[:4]), int(label[-2:])
    fourth = dt.date(year, 1, 4)  # always lies in week 1
    sunday = fourth - dt.timedelta((fourth.weekday() + 1) % 7)
    return sunday + dt.timedelta(7 * (number - 1))


def month_of_week(label: str) -> str:
    """13: the month that holds at least four of its days, which is that of its fourth day."""
    return f"{week_start(label) + dt.timedelta(3):%Y-%m}"


def months_of_week(label: str, count: int, extra: int | None) -> dict[str, int]:
    """13: of a week that crosses a month; `extra` is how many fell into the first of the two."""
    first, last = (f"{week_start(label) + dt.timedelta(days):%Y-%m}" for days in (0, 6))
    if extra is None:
        extra = count if month_of_week(label) == first else 0
    return {first: extra, last: count - extra}


def row(case: Line, unit: str, label: str, *, of_both: bool = False) -> Row | None:
    """Numerator and denominator of a unit in a period; None where nothing was reported. Where
    both have to come from the report, one of them alone is none."""
    if label[5:6] == "C":
        months = CAMPAIGNS[case["indicator"]["profile"]][label[5:]][0]
        labels = [f"{label[:4]}-{month:02}" for month in months]
    else:
        labels = [label]
    found = [
        (n, d)
        for name, period, week, n, d in case["counts"]["rows"]
        if name == unit and (period or month_of_week(week)) in labels
        if n is not None and (d is not None or not of_both)
    ]
    if not found:
        return None
    bottoms = [d for _n, d in found if d is not None]
    return sum(n for n, _d in found), sum(bottoms) if bottoms else None


def has_any(case: Line, units: list[str], period: Period) -> bool:
    """Of an old year without any report there is nothing that could still stand (1, 15.5)."""
    profile = case["indicator"]["profile"]
    labels = [one.label for one in periods(profile, period.year) if one.month <= period.month]
    return any(row(case, unit, label) for unit in units for label in labels)


def people_of(case: Line, unit: str) -> int | None:
    """S; None when it or any part of it is not known."""
    one = case["units"][unit]
    if "parts" in one:
        known = [people_of(case, part) for part in one["parts"]]
    elif "villages" in one:
        known = list(one["villages"].values())
    else:
        known = [one.get("S")]
    return None if None in known else sum(part or 0 for part in known)


def target_in(case: Line, unit: str, period: str, month: int) -> Fraction:
    """10: T in percent in a month of the year of the period."""
    change = case.get("target_change")
    if not change:
        return Fraction(str(case["units"][unit].get("T", case["indicator"]["T"])))
    year = int(period[:4])
    is_new = change.get("retroactive") or f"{year}-{month:02}" >= change["from"][:7]
    return Fraction(str(change["new"] if is_new else change["old"]))


def is_neutral(case: Line) -> bool:
    """Figures without a colour have no status either."""
    return any("colour" in check for check in case["expect"])


# --- judging ---------------------------------------------------------------------------------


def word(*, above: bool, trend: str, keeps_pace: bool) -> str:
    """3: the table; the trend in the sense of better and worse."""
    if above:
        return "Kurang" if trend == "turun" else "Baik"
    if trend == "turun" or (trend == "tetap" and not keeps_pace):
        return "Jelek"
    return "Cukup"


def trend_of(difference: Fraction | int | None, band: Fraction | int) -> str:
    if difference is None:
        return "-"
    return "naik" if difference > band else "turun" if difference < -band else "tetap"


def in_words(trend: str, *, lower: bool) -> str:
    """11: with lower is better a falling value is an improvement."""
    return {"naik": "memburuk", "turun": "membaik"}.get(trend, trend) if lower else trend


def turned(trend: str, *, lower: bool) -> str:
    return {"naik": "turun", "turun": "naik"}.get(trend, trend) if lower else trend

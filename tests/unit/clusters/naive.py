"""The weekly review computed a second time, straight from the words of the domain guide.

Slow and plain on purpose: Decimals, loops over days, no code shared with the product. Columns
are keyed by the names of ``Figures`` so that tests can compare the two one by one.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache
from typing import Any

ONE_DAY = dt.timedelta(days=1)
# A multiple of every month's length, so that a day's share of a month is a whole number.
MONTH_UNITS = 28 * 29 * 30 * 31
# Every product is taken before the one division, so 80 digits leave nothing rounded by chance.
PRECISION = Context(prec=80)


@cache
def year_of_week(sunday: dt.date) -> int:
    """The year that owns at least four of the seven days."""
    years = [(sunday + i * ONE_DAY).year for i in range(7)]
    return max(set(years), key=years.count)


@cache
def week_of(day: dt.date) -> tuple[int, int]:
    """Year and number, by walking back Sunday by Sunday to the year's first week."""
    sunday = day
    while sunday.strftime("%A") != "Sunday":
        sunday -= ONE_DAY
    year, number = year_of_week(sunday), 1
    while year_of_week(sunday - 7 * ONE_DAY) == year:
        sunday -= 7 * ONE_DAY
        number += 1
    return year, number


@cache
def saturdays(year: int) -> list[dt.date]:
    """The last days of a year's weeks, found by looking at every day near it."""
    day, found = dt.date(year - 1, 12, 20), []
    while day < dt.date(year + 1, 1, 12):
        if day.strftime("%A") == "Saturday" and year_of_week(day - 6 * ONE_DAY) == year:
            found.append(day)
        day += ONE_DAY
    return found


@cache
def days_in_month(year: int, month: int) -> int:
    first = dt.date(year, month, 1)
    return sum((first + i * ONE_DAY).month == month for i in range(31))


@cache
def elapsed(year: int, number: int, profile: tuple[Decimal, ...]) -> tuple[Decimal, Decimal]:
    """p as (part, whole): w/W, or the weight of the days gone by of the weight of all days."""
    ends = saturdays(year)
    if number == len(ends):
        return Decimal(1), Decimal(1)
    if not any(profile):
        return Decimal(number), Decimal(len(ends))
    part = whole = Decimal(0)
    day = dt.date(year, 1, 1)
    while day.year == year:
        weight = profile[day.month - 1] * (MONTH_UNITS // days_in_month(year, day.month))
        whole += weight
        if day <= ends[number - 1]:
            part += weight
        day += ONE_DAY
    return part, whole


def due(year: int, number: int, frequency: str, profile: tuple[Decimal, ...]) -> bool:
    """A weekly report always; others in the week of the last Saturday of their period."""
    saturday = saturdays(year)[number - 1]
    if any(profile) and profile[saturday.month - 1] == 0:
        return False
    later = [saturday + i * ONE_DAY for i in range(1, 8)]
    last_saturday = not any(
        day.strftime("%A") == "Saturday" and day.month == saturday.month for day in later
    )
    if frequency == "weekly":
        return True
    if frequency == "monthly":
        return last_saturday
    return last_saturday and saturday.month in (3, 6, 9, 12)


def tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def columns(
    definition: Any, population: int | None, counts: Any, year: int, w: int
) -> dict[str, Any]:
    """All columns of section C. T compared directly for everything that is not a share of a
    known target population growing over the year."""
    with localcontext(PRECISION):
        return _columns(definition, population, counts, year, w)


def _columns(
    definition: Any, population: int | None, counts: Any, year: int, w: int
) -> dict[str, Any]:
    kind, lower = definition.calc_type, definition.direction == "lower"
    t = definition.annual_target
    profile = tuple(definition.monthly_profile)
    is_due = due(year, w, definition.frequency, profile)
    part, whole = elapsed(year, w, profile)

    a, s_counted = _achieved(kind, counts)
    s = None if kind == "count" else s_counted if population is None else population

    grows = kind == "count" or (kind == "cumulative" and population is not None)
    if not grows:
        part = whole = Decimal(1)
    before_season = grows and kind != "count" and part == 0

    target: int | None = None
    if kind == "count":
        target = _whole(t * part / whole, lower)
    elif s:
        target = _whole(s * t * part / (100 * whole), lower)

    out: dict[str, Any] = {
        "population": s,
        "target_to_date": None if before_season else target,
        "target_percent": tenth(t * part / whole),
        "week_count": counts.week,
        "week_denominator": counts.week_denominator,
        "cumulative": a,
        "cumulative_denominator": s_counted if kind != "count" and population is None else None,
        "coverage": tenth(Decimal(100) * a / s) if a is not None and s else None,
        "recent": counts.recent,
        "previous": counts.previous,
    }

    # Kesenjangan and % terhadap target berjalan: no division by a target of 0.
    out["gap"] = None
    out["percent_of_target"] = None
    ratio: tuple[Decimal, Decimal] | None = None  # achieved : target
    if a is not None and target is not None and not before_season:
        out["gap"] = a - target
        ratio = (Decimal(a), Decimal(target)) if grows else (Decimal(100 * a), s * t)
        if ratio[1] != 0:
            out["percent_of_target"] = tenth(100 * ratio[0] / ratio[1])

    out["need_per_week"] = None
    if kind == "cumulative" and not lower:
        out["need_per_week"] = _need(population, t, a, weeks_left=len(saturdays(year)) - w)
    out.update(_trend(definition, population, counts, w))
    is_empty = counts.week is None and not counts.is_reported
    out.update(_judgement(lower, ratio, out, belum_lapor=is_due and is_empty))

    checks = [] if is_due else ["not_due"]
    if before_season:
        checks.append("not_started")
    if kind != "count":
        checks += _warnings(population, s, a)
    out["checks"] = tuple(checks)
    return out


def _achieved(kind: str, counts: Any) -> tuple[int | None, int | None]:
    """A, and of how many as far as reports tell."""
    if kind == "period_rate":
        return counts.value, counts.value_denominator
    return counts.running, counts.running_denominator


def _whole(target: Decimal, lower: bool) -> int:
    """Target kumulatif in whole people: up, but for a limit down."""
    return int(target.to_integral_value(ROUND_FLOOR if lower else ROUND_CEILING))


def _need(population: int | None, t: Decimal, a: int | None, weeks_left: int) -> Decimal | None:
    """Kebutuhan per minggu: none in the last week."""
    if not population or a is None or weeks_left == 0:
        return None
    missing = population * t - 100 * Decimal(a)
    return tenth(max(Decimal(0), missing) / (100 * weeks_left))


def _warnings(population: int | None, s: int | None, a: int | None) -> list[str]:
    found = []
    if population == 0 or (not s and a is not None):
        found.append("no_population")
    if s and s < 10:
        found.append("small_population")
    if s and a is not None and a > s:
        found.append("over_100")
    return found


def _trend(definition: Any, population: int | None, counts: Any, w: int) -> dict[str, Any]:
    """The half now against the half before; «-» before week 8."""
    halves: dict[str, Any] = {}
    for name in ("recent", "previous"):
        number, of = getattr(counts, name), getattr(counts, name + "_denominator")
        if population is not None:
            of = population
        if definition.calc_type == "count":
            of = None
        share = (number, of) if number is not None and of else None
        people = definition.calc_type == "count" or population is not None
        halves[name] = (number, 1) if people and number is not None else share
        halves[name + "_percent"] = tenth(Decimal(100) * number / of) if share else None
    trend = None
    if w >= 8 and halves["recent"] and halves["previous"]:
        (new, new_of), (old, old_of) = halves["recent"], halves["previous"]
        difference = new * old_of - old * new_of
        trend = "flat" if difference == 0 else "up" if difference > 0 else "down"
    return {
        "trend": trend,
        "recent_percent": halves["recent_percent"],
        "previous_percent": halves["previous_percent"],
    }


def _judgement(
    lower: bool, ratio: tuple[Decimal, Decimal] | None, out: dict[str, Any], belum_lapor: bool
) -> dict[str, Any]:
    """PWS quadrant and PKP colour; grey when not reported or nothing to compare with."""
    grey = {"is_on_target": None, "status": None, "colour": "grey"}
    if belum_lapor or ratio is None:
        return grey
    if not lower and out["target_to_date"] == 0:
        return grey
    on_target = out["gap"] <= 0 if lower else out["gap"] >= 0

    achieved, wanted = ratio
    if lower:  # turned round
        achieved, wanted = wanted, achieved
    if wanted == 0:  # lower: nobody, which can only be good
        colour = "green"
    elif lower and achieved == 0:  # lower: none allowed, but there was one
        colour = "red"
    else:
        percent = 100 * achieved / wanted
        colour = "green" if percent > 90 else "yellow" if percent > 80 else "red"

    status = None
    if out["trend"] is not None:
        table = {
            (True, "better"): "baik",
            (True, "flat"): "baik",
            (True, "worse"): "kurang",
            (False, "better"): "cukup",
            (False, "flat"): "jelek",
            (False, "worse"): "jelek",
        }
        good_way = "down" if lower else "up"
        move = (
            "flat" if out["trend"] == "flat" else "better" if out["trend"] == good_way else "worse"
        )
        status = table[on_target, move]
    return {"is_on_target": on_target, "status": status, "colour": colour}

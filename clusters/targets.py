"""Every computed column of the weekly review, in one pure module.

Source of the formulas: domain guide section 7 (PWS) and weekly review section C. Letters as
there: S target population, T annual target in %, w week number, W weeks in the year,
p elapsed share of the target, A achieved. All arithmetic is exact (integers and fractions);
figures shown are rounded once, half up, to one decimal, and never rounded again.

None always means "no data"; it is never taken for zero.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from clusters.weeks import Week

Trend = Literal["up", "flat", "down"]
Status = Literal["baik", "kurang", "cukup", "jelek"]
Colour = Literal["green", "yellow", "red", "grey"]
Check = Literal["over_100", "small_population", "no_population", "not_due", "not_started"]

# PKP classes: baik > 90, cukup > 80 to 90, kurang <= 80 percent of the target to date.
GREEN_ABOVE = Fraction(90, 100)
YELLOW_ABOVE = Fraction(80, 100)
SMALL_POPULATION = 10  # below this, show people rather than percentages
# How many weeks one period of a rate, and one half of a trend, covers.
VALUE_WINDOW = {"weekly": 1, "monthly": 4, "quarterly": 13}
TREND_WINDOW = {"weekly": 4, "monthly": 4, "quarterly": 13}


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator asks for in one facility and year.

    ``annual_target`` T in percent (for ``count``: events a year); ``monthly_profile`` twelve
    weights from January, or empty for linear.
    """

    calc_type: str
    direction: str
    frequency: str
    annual_target: Decimal
    monthly_profile: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, already summed over the facilities in question.

    ``week``: this week alone. ``running``: since week 1 (for a snapshot each facility's latest
    value). ``value``: the last period of a rate. ``recent`` and ``previous``: the two halves of
    the trend (for a snapshot the running value now and one window ago). Each with its reported
    denominator, where reports carry one.
    """

    week: int | None = None
    week_denominator: int | None = None
    running: int | None = None
    running_denominator: int | None = None
    value: int | None = None
    value_denominator: int | None = None
    recent: int | None = None
    recent_denominator: int | None = None
    previous: int | None = None
    previous_denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The columns of one line. People are whole numbers, percentages have one decimal."""

    population: int | None  # S, or the denominator counted so far
    target_to_date: int | None  # people; for ``lower`` the most allowed
    target_percent: Decimal  # T x p, or T where time plays no part
    week_count: int | None
    week_denominator: int | None
    cumulative: int | None
    cumulative_denominator: int | None
    coverage: Decimal | None  # percent
    gap: int | None  # people; cumulative - target_to_date
    percent_of_target: Decimal | None
    need_per_week: Decimal | None  # people a week
    recent: int | None
    previous: int | None
    recent_percent: Decimal | None
    previous_percent: Decimal | None
    trend: Trend | None
    is_on_target: bool | None
    status: Status | None
    colour: Colour
    checks: tuple[Check, ...]


def one_decimal(value: Fraction | None) -> Decimal | None:
    """Rounded half up to one decimal; exact until then."""
    if value is None:
        return None
    tenths = floor(abs(value) * 10 + Fraction(1, 2))
    result = Decimal(tenths).scaleb(-1)
    return result if value >= 0 or tenths == 0 else -result


def elapsed_share(week: Week, monthly_profile: Sequence[Decimal] = ()) -> Fraction:
    """p: the share of the annual target due by the end of a week, 0 to 1.

    Linear w/W without a profile. With one, a month's weight falls evenly on its days; the last
    week of the epidemiological year always has 1.
    """
    if week.number == week.of_year:
        return Fraction(1)
    weights = [Fraction(weight) for weight in monthly_profile]
    total = sum(weights, Fraction(0))
    if total == 0:
        return Fraction(week.number, week.of_year)
    day = week.end
    days = calendar.monthrange(day.year, day.month)[1]
    done = sum(weights[: day.month - 1], Fraction(0)) + weights[day.month - 1] * Fraction(
        day.day, days
    )
    return done / total


def first_week_with_target(year: int, monthly_profile: Sequence[Decimal]) -> Week:
    """The first week of a year in which something is due: «target mulai minggu ke-30»."""
    week = Week(year, 1)
    while elapsed_share(week, monthly_profile) == 0:
        week += 1
    return week


def is_due(week: Week, frequency: str, monthly_profile: Sequence[Decimal] = ()) -> bool:
    """Whether a report must carry the indicator in this week.

    Weekly: always; monthly: in the week of the month's last Saturday; quarterly: the same for
    March, June, September and December. A month of weight 0 in the profile asks for nothing.
    """
    month = week.end.month
    if monthly_profile and any(monthly_profile) and not monthly_profile[month - 1]:
        return False
    if frequency == "weekly":
        return True
    is_last_of_month = (week.end + dt.timedelta(days=7)).month != month
    return is_last_of_month and (frequency == "monthly" or month % 3 == 0)


def _ratio(numerator: int | None, denominator: int | None) -> Fraction | None:
    return None if numerator is None or not denominator else Fraction(numerator, denominator)


def _trend(recent: Fraction | int | None, previous: Fraction | int | None) -> Trend | None:
    if recent is None or previous is None:
        return None
    return "up" if recent > previous else "down" if recent < previous else "flat"


def _status(is_on_target: bool, trend: Trend, direction: str) -> Status:
    """The PWS quadrant; a steady figure counts as good above the target, as bad below."""
    better: Trend = "up" if direction == "higher" else "down"
    if is_on_target:
        return "baik" if trend in (better, "flat") else "kurang"
    return "cukup" if trend == better else "jelek"


def _colour(done: Fraction, target: Fraction, direction: str) -> Colour:
    if target == 0 or (direction == "lower" and done == 0):
        return "green" if direction == "lower" and done <= target else "red" if done else "grey"
    share = done / target if direction == "higher" else target / done
    return "green" if share > GREEN_ABOVE else "yellow" if share > YELLOW_ABOVE else "red"


def evaluate(definition: Definition, population: int | None, counts: Counts, week: Week) -> Figures:
    """All columns of one indicator in one facility at the end of a week.

    ``population`` is S where the indicator has one (factor and constant already applied); with
    None the denominators counted in the reports take its place.
    """
    higher = definition.direction == "higher"
    annual = Fraction(definition.annual_target)
    share = elapsed_share(week, definition.monthly_profile)
    due = is_due(week, definition.frequency, definition.monthly_profile)
    is_count = definition.calc_type == "count"
    by_time = is_count or (definition.calc_type == "cumulative" and population is not None)
    checks: list[Check] = []

    done, counted = counts.running, counts.running_denominator
    if definition.calc_type == "period_rate":
        done, counted = counts.value, counts.value_denominator
    base = None if is_count else population if population is not None else counted

    percent_due = annual * share if by_time else annual
    exact_target = percent_due if is_count else None if not base else percent_due * base / 100
    target = None if exact_target is None else ceil(exact_target) if higher else floor(exact_target)

    if not due:
        checks.append("not_due")
    if by_time and not is_count and share == 0:
        checks.append("not_started")
    if not is_count and not base and (done is not None or population == 0):
        checks.append("no_population")
    if base and base < SMALL_POPULATION:
        checks.append("small_population")

    coverage = None if done is None or not base else Fraction(done, base)
    if coverage is not None and coverage > 1 and higher:
        checks.append("over_100")

    is_missing = due and counts.week is None  # belum lapor: nothing is judged
    judged = (
        done is not None and target is not None and not is_missing and "not_started" not in checks
    )
    gap = None if done is None or target is None or "not_started" in checks else done - target

    weeks_left = week.of_year - week.number
    need = None
    if by_time and not is_count and base and done is not None and weeks_left:
        need = max(Fraction(0), annual * base / 100 - done) / weeks_left

    window = TREND_WINDOW[definition.frequency]
    recent = _comparable(definition, population, counts.recent, counts.recent_denominator)
    previous = _comparable(definition, population, counts.previous, counts.previous_denominator)
    trend = _trend(recent, previous) if week.number >= 2 * window else None

    is_on_target = None
    colour: Colour = "grey"
    if judged and done is not None and target is not None:
        is_on_target = done >= target if higher else done <= target
        if by_time:
            colour = _colour(Fraction(done), Fraction(target), definition.direction)
        else:
            colour = _colour(coverage or Fraction(0), annual / 100, definition.direction)
    status = (
        _status(is_on_target, trend, definition.direction)
        if is_on_target is not None and trend is not None
        else None
    )

    percent_of_target = None
    if done is not None and "not_started" not in checks:
        if by_time:
            percent_of_target = _ratio(done, target)
        elif coverage is not None and annual:
            percent_of_target = coverage / (annual / 100)

    return Figures(
        population=base,
        target_to_date=None if "not_started" in checks else target,
        target_percent=one_decimal(percent_due) or Decimal("0.0"),
        week_count=counts.week,
        week_denominator=counts.week_denominator,
        cumulative=done,
        cumulative_denominator=None if is_count else counted if population is None else None,
        coverage=one_decimal(None if coverage is None else coverage * 100),
        gap=gap,
        percent_of_target=one_decimal(
            None if percent_of_target is None else percent_of_target * 100
        ),
        need_per_week=one_decimal(need),
        recent=counts.recent,
        previous=counts.previous,
        recent_percent=_percent(counts.recent, population, counts.recent_denominator),
        previous_percent=_percent(counts.previous, population, counts.previous_denominator),
        trend=trend,
        is_on_target=is_on_target,
        status=status,
        colour=colour,
        checks=tuple(checks),
    )


def _comparable(
    definition: Definition, population: int | None, count: int | None, denominator: int | None
) -> Fraction | None:
    """What a trend compares: people where the denominator stands still, else the rate."""
    if count is None:
        return None
    if definition.calc_type == "count" or population is not None:
        return Fraction(count)
    return _ratio(count, denominator)


def _percent(count: int | None, population: int | None, denominator: int | None) -> Decimal | None:
    ratio = _ratio(count, population if population is not None else denominator)
    return one_decimal(None if ratio is None else ratio * 100)


def rank(values: Sequence[Decimal | None]) -> list[int | None]:
    """Ranks, best (largest) first; ties share a rank, None has none."""
    known = sorted((value for value in values if value is not None), reverse=True)
    return [None if value is None else known.index(value) + 1 for value in values]

"""Every computed column of the weekly review, in one pure module.

Source of the formulas: domain guide section 7 (PWS) and weekly review section C. Letters as
there: S target population, T annual target in %, w week number, W weeks in the year,
p elapsed share of the target, A achieved. All arithmetic is exact (integers and fractions);
figures shown are rounded once, half up, to one decimal, and never rounded again.

None always means "no data"; it is never taken for zero.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from clusters.weeks import Week
from clusters.windows import MONTHS, is_last_of_month

Trend = Literal["up", "flat", "down"]
Status = Literal["baik", "kurang", "cukup", "jelek"]
Colour = Literal["green", "yellow", "red", "grey"]
Check = Literal["over_100", "small_population", "no_population", "not_due", "not_started"]

# PKP classes: baik > 90, cukup > 80 to 90, kurang <= 80 percent of the target to date.
GREEN_ABOVE = Fraction(90, 100)
YELLOW_ABOVE = Fraction(80, 100)
SMALL_POPULATION = 10  # below this, show people rather than percentages
_UNJUDGED: tuple[None, Colour] = (None, "grey")
FIRST_WEEK_WITH_TREND = 8


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
    the trend (for a snapshot the running value at the end of each). Each with its reported
    denominator, where reports carry one. ``is_reported``: whether anything was reported earlier
    in the period (month, quarter) this week lies in. The windows are cut by clusters.windows.
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
    is_reported: bool = False


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
    return None if value is None else _rounded(value)


def _rounded(value: Fraction) -> Decimal:
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
    return is_last_of_month(week) and month % MONTHS[frequency] == 0


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


def _colour(done: Fraction, target: Fraction, higher: bool) -> Colour:
    """The PKP class of done against target; for ``lower`` of target against done."""
    if not higher and done <= target:
        return "green"
    if not done or not target:
        return "red"
    share = done / target if higher else target / done
    return "green" if share > GREEN_ABOVE else "yellow" if share > YELLOW_ABOVE else "red"


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is compared with what: ``done`` of ``base`` people with ``target`` people."""

    higher: bool
    by_time: bool  # whether the target grows over the year
    is_count: bool
    is_started: bool
    annual: Fraction
    percent_due: Fraction
    done: int | None
    counted: int | None
    base: int | None
    target: int | None

    @property
    def coverage(self) -> Fraction | None:
        return _ratio(self.done, self.base)

    @property
    def gap(self) -> int | None:
        if self.done is None or self.target is None or not self.is_started:
            return None
        return self.done - self.target

    @property
    def share_of_target(self) -> Fraction | None:
        if not self.is_started:
            return None
        if self.by_time:
            return _ratio(self.done, self.target)
        if self.coverage is None or not self.annual:
            return None
        return self.coverage / (self.annual / 100)

    def need_per_week(self, weeks_left: int) -> Fraction | None:
        """People a week to reach the year's target; none where nothing has to be reached."""
        if not self.by_time or not self.higher or not self.base or not weeks_left:
            return None
        if self.done is None:
            return None
        return max(Fraction(0), self.annual * self.base / 100 - self.done) / weeks_left

    def judge(self) -> tuple[bool | None, Colour]:
        """On target or not, and the colour; nothing to judge is (None, grey).

        A ``higher`` indicator whose target is 0 asks for nothing, so there is nothing to judge;
        for ``lower`` a target of 0 means that every single case is one too many.
        """
        if self.gap is None or self.done is None or self.target is None:
            return _UNJUDGED
        if self.higher and not self.target:
            return _UNJUDGED
        is_on_target = self.gap >= 0 if self.higher else self.gap <= 0
        if self.by_time or self.coverage is None:
            return is_on_target, _colour(Fraction(self.done), Fraction(self.target), self.higher)
        return is_on_target, _colour(self.coverage, self.annual / 100, self.higher)


def _measure(
    definition: Definition, population: int | None, counts: Counts, week: Week
) -> _Measure:
    higher = definition.direction == "higher"
    is_count = definition.calc_type == "count"
    by_time = is_count or (definition.calc_type == "cumulative" and population is not None)
    annual = Fraction(definition.annual_target)
    share = elapsed_share(week, definition.monthly_profile) if by_time else Fraction(1)
    percent_due = annual * share

    done, counted = counts.running, counts.running_denominator
    if definition.calc_type == "period_rate":
        done, counted = counts.value, counts.value_denominator
    base = None if is_count else population if population is not None else counted

    exact = percent_due if is_count else None if not base else percent_due * base / 100
    # Rounded to the strict side: no fewer people than asked, no more cases than allowed.
    target = None if exact is None else ceil(exact) if higher else floor(exact)
    return _Measure(
        higher=higher,
        by_time=by_time,
        is_count=is_count,
        is_started=is_count or share > 0,
        annual=annual,
        percent_due=percent_due,
        done=done,
        counted=None if is_count or population is not None else counted,
        base=base,
        target=target,
    )


def _checks(measure: _Measure, population: int | None, due: bool) -> tuple[Check, ...]:
    checks: list[Check] = []
    if not due:
        checks.append("not_due")
    if not measure.is_started:
        checks.append("not_started")
    if measure.is_count:
        return tuple(checks)
    if not measure.base and (measure.done is not None or population == 0):
        checks.append("no_population")
    if measure.base and measure.base < SMALL_POPULATION:
        checks.append("small_population")
    if measure.coverage is not None and measure.coverage > 1:
        checks.append("over_100")
    return tuple(checks)


def evaluate(definition: Definition, population: int | None, counts: Counts, week: Week) -> Figures:
    """All columns of one indicator in one facility at the end of a week.

    ``population`` is S where the indicator has one (factor and constant already applied); with
    None the denominators counted in the reports take its place. A count has neither.
    """
    measure = _measure(definition, population, counts, week)
    if measure.is_count:
        population = None
    due = is_due(week, definition.frequency, definition.monthly_profile)

    trend = None
    if week.number >= FIRST_WEEK_WITH_TREND:
        trend = _trend(
            _comparable(measure, population, counts.recent, counts.recent_denominator),
            _comparable(measure, population, counts.previous, counts.previous_denominator),
        )
    # Belum lapor: nothing is judged.
    is_missing = due and counts.week is None and not counts.is_reported
    is_on_target, colour = _UNJUDGED if is_missing else measure.judge()
    status = None
    if is_on_target is not None and trend is not None:
        status = _status(is_on_target, trend, definition.direction)

    return Figures(
        population=measure.base,
        target_to_date=measure.target if measure.is_started else None,
        target_percent=_rounded(measure.percent_due),
        week_count=counts.week,
        week_denominator=counts.week_denominator,
        cumulative=measure.done,
        cumulative_denominator=measure.counted,
        coverage=_as_percent(measure.coverage),
        gap=measure.gap,
        percent_of_target=_as_percent(measure.share_of_target),
        need_per_week=one_decimal(measure.need_per_week(week.of_year - week.number)),
        recent=counts.recent,
        previous=counts.previous,
        recent_percent=_percent(measure, population, counts.recent, counts.recent_denominator),
        previous_percent=_percent(
            measure, population, counts.previous, counts.previous_denominator
        ),
        trend=trend,
        is_on_target=is_on_target,
        status=status,
        colour=colour,
        checks=_checks(measure, population, due),
    )


def _comparable(
    measure: _Measure, population: int | None, count: int | None, denominator: int | None
) -> Fraction | None:
    """What a trend compares: people where the denominator stands still, else the rate."""
    if count is None:
        return None
    if measure.is_count or population is not None:
        return Fraction(count)
    return _ratio(count, denominator)


def _percent(
    measure: _Measure, population: int | None, count: int | None, denominator: int | None
) -> Decimal | None:
    if measure.is_count:
        return None
    return _as_percent(_ratio(count, population if population is not None else denominator))


def _as_percent(share: Fraction | None) -> Decimal | None:
    return None if share is None else _rounded(share * 100)


def rank(values: Sequence[Decimal | None], direction: str = "higher") -> list[int | None]:
    """Ranks, best first (largest, or smallest for ``lower``); ties share a rank and the next
    place is counted on (1, 1, 3); None has none."""
    known = sorted((v for v in values if v is not None), reverse=direction == "higher")
    places: dict[Decimal, int] = {}
    for place, value in enumerate(known, start=1):
        places.setdefault(value, place)
    return [None if value is None else places[value] for value in values]

"""Sums that grow over the year: target to date, tolerance, trend, status (guide, section 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from clusters.judgement import parts, profiles
from clusters.judgement.parts import Block, added
from clusters.judgement.periods import LENGTH, Period
from clusters.judgement.rounding import Share, half_up, split
from clusters.judgement.verdict import (
    Definition,
    Remark,
    Trend,
    Verdict,
    direction_of,
    is_forced,
    quadrant,
)

LEAST_COMPLETE = 90  # percent of the unit-months
SEASONAL = ("SCHOOL",)  # months of which some have no work


@dataclass(frozen=True, slots=True)
class Plan:
    """Whole people: the yearly target and what of it is due at the end of each period so far.

    Given from above where a facility is a part of a whole whose parts must add up.
    """

    year: int
    to_date: tuple[int, ...]


def tolerance(target: int | Fraction) -> int:
    """People by which a sum may lie below its target: 2 %, and at least one."""
    return max(1, ceil(Fraction(target) / 50))


def band(count: int) -> int:
    """By how much a month may differ from the one before and still be called steady."""
    return max(1, ceil(Fraction(count) / 20))


def changes(definition: Definition, members: Sequence[parts.Member]) -> bool:
    """Whether target or population change within the year: then the exact parts are summed."""
    return definition.target_changes or any(member.by_period for member in members)


def plan_of(
    definition: Definition,
    population: int,
    periods: Sequence[Period],
    by_period: Sequence[int | None] = (),
) -> Plan:
    """Yearly target and target to date, each rounded half up once."""
    if definition.target_changes or by_period:
        return _changing_plan(definition, population, periods, by_period)
    year = half_up(population * definition.target_in(1) / 100)
    return Plan(
        year, tuple(half_up(year * profiles.share_at(definition.shares, at)) for at in periods)
    )


def plans_of_parts(
    definition: Definition,
    whole: Plan,
    people: Mapping[str, int],
    periods: Sequence[Period],
) -> dict[str, Plan]:
    """The plan of each part (population by code) of a whole: in every period they add up to it,
    and none falls below its figure of the period before."""
    target = definition.target_in(1) / 100
    codes = list(people)
    years = split(whole.year, [Share(people[code] * target, people[code], code) for code in codes])
    rows: list[list[int]] = []
    for at, sum_to_date in zip(periods, whole.to_date, strict=True):
        share = profiles.share_at(definition.shares, at)
        exact = [
            Share(year * share, people[code], code) for code, year in zip(codes, years, strict=True)
        ]
        rows.append(split(sum_to_date, exact, rows[-1] if rows else ()))
    return {
        code: Plan(year, tuple(row[place] for row in rows))
        for place, (code, year) in enumerate(zip(codes, years, strict=True))
    }


def _changing_plan(
    definition: Definition,
    population: int,
    periods: Sequence[Period],
    by_period: Sequence[int | None],
) -> Plan:
    year = Fraction(0)
    to_date: list[int] = []
    for number in range(1, 12 // _length(periods) + 1):
        at = replace(periods[0], number=number)
        people = by_period[number - 1] if number <= len(by_period) else population
        target = definition.target_in(at.months[-1])
        year += Fraction(people or 0) * target / 100 * profiles.step(definition.shares, at)
        if number <= len(periods):
            to_date.append(half_up(year))
    return Plan(half_up(year), tuple(to_date))


def _length(periods: Sequence[Period]) -> int:
    return LENGTH[periods[0].kind]


def periods_of(period: Period) -> tuple[Period, ...]:
    """The periods of the year that a sum is made of, the closed one last."""
    if period.kind != "campaign":
        return period.up_to()
    # A campaign is one report: nothing before it counts.
    return (period,)


def judge(
    definition: Definition,
    period: Period,
    population: int | None,
    blocks: Sequence[Block],
    plan: Plan | None = None,
    *,
    is_closed: bool = True,
    by_period: Sequence[int | None] = (),
) -> Verdict:
    """The verdict of ``period`` over the units in ``blocks``; of one that is not closed nothing
    is due yet.

    ``population`` S of the whole, None where it is not (wholly) known; ``by_period`` the same at
    the end of each period of the year, where it changed within it.
    """
    if not is_closed:
        year = None if population is None else half_up(population * definition.target_in(12) / 100)
        target = None if year is None else 0
        return Verdict(
            population=population,
            target_year=year,
            target_to_date=target,
            full_target_to_date=target,
            remarks=("not_due",),
        )
    periods = periods_of(period)
    share = profiles.share_at(definition.shares, period)
    done = added(block.total for block in blocks)
    steps = [_step(definition, at) for at in periods]
    completeness = parts.of_periods(blocks, [bool(one) for one in steps])
    trend, last, before = _trend(blocks, period, len(periods) > 1)
    found = Verdict(
        period=period,
        population=population,
        cumulative=done.numerator,
        last=last,
        before=before,
        trend=trend,
        completeness=completeness,
        target_percent=definition.target_in(period.months[-1]) * share,
    )
    if population is None or not population:
        target = 0 if population == 0 else None
        return replace(
            found,
            target_year=target,
            target_to_date=target,
            full_target_to_date=target,
            remarks=(*found.remarks, "no_population"),
        )
    plan = plan or _own_plan(definition, population, periods, blocks)
    reported = _reported_target(definition, plan, blocks, periods, steps, by_period)
    found = replace(
        found,
        target_year=plan.year,
        target_to_date=reported,
        full_target_to_date=plan.to_date[-1],
        last_percent=_percent(last, population),
        before_percent=_percent(before, population),
    )
    if done.numerator is None:
        return _unjudged(found, "not_due") if not share else _incomplete(found, definition)
    return _status(found, definition, period, done.numerator, reported, plan)


def _percent(count: int | None, people: int) -> Fraction | None:
    return None if count is None else Fraction(count * 100, people)


def _step(definition: Definition, at: Period) -> Fraction:
    if at.kind == "campaign":
        return profiles.share_at(definition.shares, at)
    return profiles.step(definition.shares, at)


def _own_plan(
    definition: Definition, population: int, periods: Sequence[Period], blocks: Sequence[Block]
) -> Plan:
    members = [member for block in blocks for member in block.members]
    if not changes(definition, members):
        return plan_of(definition, population, periods)
    if periods[0].kind == "campaign":
        year = half_up(population * definition.target_in(periods[0].months[-1]) / 100)
        return Plan(year, (half_up(year * profiles.share_at(definition.shares, periods[0])),))
    sums: list[int | None] = []
    for place in range(len(periods)):
        each = [m.by_period[place] if m.by_period else m.population for m in members]
        known = [one for one in each if one is not None]
        sums.append(sum(known) if len(known) == len(each) else None)
    has_changed = any(member.by_period for member in members)
    return plan_of(definition, population, periods, sums if has_changed else ())


def _reported_target(
    definition: Definition,
    plan: Plan,
    blocks: Sequence[Block],
    periods: Sequence[Period],
    steps: Sequence[Fraction],
    by_period: Sequence[int | None],
) -> int:
    """The target to date without the part of what was not reported."""
    members = [member for block in blocks for member in block.members]
    gaps = [
        [1 - part if part is not None else Fraction(0) for part in block.reported]
        for block in blocks
    ]
    if not any(gap and step for row in gaps for gap, step in zip(row, steps, strict=False)):
        return plan.to_date[-1]
    if by_period:
        return max(0, half_up(_exact_rest(definition, blocks, periods, steps, by_period)))
    if changes(definition, members):
        return half_up(_exact_parts(definition, blocks, periods, steps))
    target = definition.target_in(1) / 100
    shares = [
        Share((one.population or 0) * target, one.population or 0, one.code) for one in members
    ]
    whole = min(plan.year, half_up(sum((one.exact for one in shares), Fraction(0))))
    numbers = iter(split(whole, shares))
    exact = plan.year * profiles.share_at(definition.shares, periods[-1])
    for block, row in zip(blocks, gaps, strict=True):
        number = sum(next(numbers) for _member in block.members)
        exact -= sum(
            (number * gap * step for gap, step in zip(row, steps, strict=False)), Fraction(0)
        )
    return max(0, half_up(exact))


def _exact_parts(
    definition: Definition,
    blocks: Sequence[Block],
    periods: Sequence[Period],
    steps: Sequence[Fraction],
) -> Fraction:
    """Target to date of what was reported, where target or population change in the year."""
    exact = Fraction(0)
    for block in blocks:
        for place, part in enumerate(block.reported):
            target = definition.target_in(periods[place].months[-1]) / 100
            for member in block.members:
                people = member.by_period[place] if member.by_period else member.population
                exact += (people or 0) * target * steps[place] * (part or 0)
    return exact


def _exact_rest(
    definition: Definition,
    blocks: Sequence[Block],
    periods: Sequence[Period],
    steps: Sequence[Fraction],
    by_period: Sequence[int | None],
) -> Fraction:
    """The same from above, where people left the whole or came to it: what they were due while
    they were others' is in no block, and their counts are in the sum."""
    exact = Fraction(0)
    for place, at in enumerate(periods):
        missing = Fraction(0)
        for block in blocks:
            part = block.reported[place]
            gap = 1 - part if part is not None else Fraction(0)
            for member in block.members:
                people = member.by_period[place] if member.by_period else member.population
                missing += (people or 0) * gap
        due = definition.target_in(at.months[-1]) / 100 * steps[place]
        exact += ((by_period[place] or 0) - missing) * due
    return exact


def _trend(
    blocks: Sequence[Block], period: Period, has_before: bool
) -> tuple[Trend | None, int | None, int | None]:
    """This period against the one before, over the units that reported both."""
    last = added(block.last for block in blocks).numerator
    before = added(block.before for block in blocks).numerator
    if period.kind == "campaign":
        both = [one for one in blocks if one.last_reported == 1 and one.reported_before == 1]
    elif has_before:
        both = [one for one in blocks if one.last_reported == 1 and one.reported[-2] == 1]
    else:
        return None, last, None
    expected = sum(len(block.members) for block in blocks if block.is_expected)
    if not both or sum(len(block.members) for block in both) * 100 < LEAST_COMPLETE * expected:
        return None, last, before
    now = added(block.last for block in both).numerator
    then = added(block.before for block in both).numerator
    if now is None or then is None:
        return None, last, before
    return steady(now - then, band(then)), last, before


def steady(difference: int | Fraction, within: int | Fraction) -> Trend:
    """Up, down, or flat within a band."""
    return "up" if difference > within else "down" if difference < -within else "flat"


def _unjudged(found: Verdict, remark: Remark) -> Verdict:
    return replace(found, remarks=(*found.remarks, remark))


def _incomplete(found: Verdict, definition: Definition) -> Verdict:
    if definition.is_neutral or not (found.completeness and found.completeness.expected):
        return found
    return replace(found, status="incomplete")


def _status(
    found: Verdict, definition: Definition, period: Period, done: int, target: int, plan: Plan
) -> Verdict:
    population, year = found.population or 0, plan.year
    higher = definition.higher
    gap = done - target if higher else target - done
    allowed = tolerance(target)
    share = Fraction(done, population)
    percent = Fraction(done * 100, target) if target else None
    left = _months_left(definition, period)
    need = Fraction(max(0, year - done), left) if left and higher else None
    found = replace(
        found,
        gap=gap,
        tolerance=Fraction(allowed),
        coverage=share * 100,
        percent_of_target=percent,
        need=need,
    )
    completeness = found.completeness
    is_small = min(population, year) < definition.smallest
    if is_small:
        found = replace(found, coverage=None, percent_of_target=None)
    if profiles.share_at(definition.shares, period) == 0 or _is_early(definition, period):
        return _unjudged(found, "not_due")
    if is_small:
        return _unjudged(found, "small")
    if definition.is_neutral:
        return _unjudged(found, "neutral")
    least = LEAST_COMPLETE if definition.least_complete is None else definition.least_complete
    if completeness is None or completeness.share is None or completeness.share * 100 < least:
        return replace(found, status="incomplete")
    above = gap >= -allowed
    if share > 1:
        return replace(found, above=above, status="check")
    last = found.last or 0
    pace = Fraction(last, len(period.months))
    reachable = need is not None and need <= Fraction(5, 4) * pace
    if found.trend is None:
        reachable = True  # below without a trend is Cukup
    status = quadrant(above, direction_of(found.trend, higher), reachable=reachable)
    return replace(
        found,
        above=above,
        status=status,
        is_forced=is_forced(status, not above, _fulfilled(done, target, higher)),
    )


def _fulfilled(done: int, target: int, higher: bool) -> Fraction | None:
    """Percent of what was due; of a limit how much of what was counted it would allow."""
    if higher:
        return Fraction(done * 100, target) if target else None
    return Fraction(target * 100, done) if done else None


def _is_early(definition: Definition, period: Period) -> bool:
    return period.months[-1] < profiles.FIRST_MONTH.get(definition.profile, 1)


def _months_left(definition: Definition, period: Period) -> int:
    """Months of the year after this period in which work can be done."""
    if period.kind == "campaign":
        return 0
    rest = range(period.months[-1] + 1, 13)
    if definition.profile not in SEASONAL:
        return len(rest)
    months = [Period("month", period.year, number) for number in rest]
    return sum(1 for month in months if profiles.step(definition.shares, month))

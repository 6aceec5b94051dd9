"""Rates, states and shares of the cases found: the last closed period against the target itself
(guide, sections 2, 6, 8, 11; rulings 4 and 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from clusters.judgement import parts
from clusters.judgement.parts import Amount, Block, added
from clusters.judgement.periods import Period
from clusters.judgement.totals import steady
from clusters.judgement.verdict import (
    Definition,
    Status,
    Trend,
    Verdict,
    direction_of,
    is_forced,
    quadrant,
)

LEAST_COMPLETE = 80  # percent of the people
BAND = 1  # points


def judge(
    definition: Definition, period: Period, population: int | None, blocks: Sequence[Block]
) -> Verdict:
    """The verdict over the units that reported numerator and denominator alike."""
    completeness = parts.of_last_period(blocks)
    there = [block for block in blocks if block.last_reported]
    now = _amount(definition, there, "last", population if len(there) == len(blocks) else None)
    target = definition.target_in(period.months[-1] if period.kind != "weeks" else 12)
    found = Verdict(
        period=period,
        population=_population(definition, blocks, population, now),
        numerator=now.numerator,
        denominator=now.denominator,
        cumulative=now.numerator,
        target_percent=target,
        completeness=completeness,
    )
    if definition.denominator == "population" and found.population is None:
        return replace(found, remarks=("no_population",))
    if now.numerator is None:
        if not completeness.expected or definition.is_neutral:
            return found
        return replace(found, status="incomplete")
    found = _trend(definition, blocks, replace(found, last=now.numerator))
    return _status(definition, found, now, target)


def _population(
    definition: Definition, blocks: Sequence[Block], population: int | None, now: Amount
) -> int | None:
    if definition.denominator == "population":
        return population if population is not None else parts.people(_expected(blocks))
    return now.denominator


def _expected(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.is_expected]


def _amount(
    definition: Definition, blocks: Sequence[Block], which: str, whole: int | None
) -> Amount:
    """Numerator and denominator over some units; the people of a state are those of the units."""
    amount: Amount = added(getattr(block, which) for block in blocks)
    if definition.denominator != "population":
        return amount
    known = parts.people(blocks)
    return Amount(amount.numerator, whole if known is None else known)


def _value(amount: Amount, scale: int) -> Fraction | None:
    if amount.numerator is None or not amount.denominator:
        return None
    return Fraction(amount.numerator * scale, amount.denominator)


def _trend(definition: Definition, blocks: Sequence[Block], found: Verdict) -> Verdict:
    """Against the period before over the units that reported both, if those are enough."""
    both = [block for block in blocks if block.last_reported and block.reported_before]
    if not both:
        return found
    then, now = _amount(definition, both, "before", None), _amount(definition, both, "last", None)
    before, value = _value(then, definition.scale), _value(now, definition.scale)
    found = replace(found, before=then.numerator, before_percent=before)
    share = parts.of_last_period([_as_if(block, block in both) for block in blocks]).share
    least = _least(definition)
    if before is None or value is None or share is None or share * 100 < least:
        return found
    trend: Trend = steady(value - before, Fraction(BAND))
    return replace(found, trend=trend)


def _as_if(block: Block, is_there: bool) -> Block:
    if not block.is_expected:
        return block
    return replace(block, reported=(*block.reported[:-1], Fraction(1 if is_there else 0)))


def _least(definition: Definition) -> int:
    return LEAST_COMPLETE if definition.least_complete is None else definition.least_complete


def _status(definition: Definition, found: Verdict, now: Amount, target: Fraction) -> Verdict:
    numerator, denominator = now.numerator or 0, now.denominator
    share = found.completeness.share if found.completeness else None
    is_complete = share is not None and share * 100 >= _least(definition)
    if denominator is None:
        return replace(found, remarks=("no_population",))
    if denominator == 0:
        if definition.calc_type != "ratio_of_found" or numerator:
            return replace(found, remarks=("no_population",))
        status: Status | None = "baik" if is_complete and not definition.is_neutral else None
        return replace(found, remarks=("no_cases",), status=status)
    value = Fraction(numerator * definition.scale, denominator)
    if denominator < definition.smallest:
        return replace(found, remarks=("small",), before_percent=None, trend=None)
    higher = definition.higher
    allowed = max(Fraction(definition.scale, 100), Fraction(definition.scale, denominator))
    gap = value - target if higher else target - value
    found = replace(
        found,
        coverage=value,
        last_percent=value,
        gap_points=gap,
        tolerance=allowed,
        percent_of_target=value / target * 100 if target else None,
        gap=_in_people(gap / definition.scale, denominator),
    )
    if definition.is_neutral:
        return replace(found, remarks=("neutral",))
    if not is_complete:
        return replace(found, status="incomplete")
    above = gap >= -allowed
    if value < 0 or (definition.scale > 1 and value > definition.scale):
        return replace(found, above=above, status="check")
    status = quadrant(above, direction_of(found.trend, higher), reachable=found.trend is None)
    return replace(
        found,
        above=above,
        status=status,
        is_forced=is_forced(status, not above, _fulfilled(value, target, higher)),
    )


def _fulfilled(value: Fraction, target: Fraction, higher: bool) -> Fraction | None:
    if higher:
        return value / target * 100 if target else None
    return target / value * 100 if value else None


def _in_people(part: Fraction, denominator: int) -> int:
    """The same gap in people: those who would have had to be reached, rounded away from zero
    only downwards, so that one person missing is never shown as none."""
    exact = part * denominator
    return -int(-(exact // 1)) if exact < 0 else int(exact)

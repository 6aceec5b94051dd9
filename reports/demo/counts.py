"""Weekly counts of one facility and one indicator: pure, no database."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from clusters.models import Indicator
from clusters.models.catalogue import CalcType
from clusters.targets import elapsed_share, is_due
from clusters.weeks import Week
from reports.demo.chance import dice, events, successes
from reports.demo.levels import BASES, DEATHS, LOST, PERFORMANCE, STANDING, STATES, USUAL


@dataclass(frozen=True)
class Count:
    week: Week
    numerator: int
    denominator: int | None = None
    is_opening: bool = False  # carries what the year had before the history begins


@dataclass(frozen=True)
class Place:
    """A reporting facility as the generator sees it: whom it reports on, year by year."""

    code: str
    skill: float  # around 1: how this facility does in general
    people: Mapping[int, Mapping[str, float]]  # year → group → people
    posyandu: int = 0
    pustu: int = 0

    def size(self, of: str, year: int) -> float | None:
        """How many of a base there are; None when the group's figure is unknown."""
        match of:
            case "one":
                return 1
            case "posyandu":
                return self.posyandu
            case "pustu":
                return self.pustu
            case "units":
                return self.pustu + 1
            case group:
                return self.people.get(year, {}).get(group)


def population(place: Place, indicator: Indicator, year: int) -> float | None:
    """S of the indicator here; None when it has none or a group is unknown."""
    if indicator.denominator_constant is not None:
        return indicator.denominator_constant
    sizes = [place.size(group, year) for group in indicator.denominator_groups]
    if not sizes or None in sizes:
        return None
    return float(indicator.denominator_factor) * sum(size for size in sizes if size)


def performance(place: Place, indicator: Indicator, seed: int) -> Callable[[int], float]:
    """Share of the target reached as time goes by: a level of its own and a slow wave."""
    rng = dice(seed, place.code, indicator.code, "level")
    level = (PERFORMANCE.get(indicator.code, USUAL) + LOST) * place.skill * rng.gauss(1, 0.09)
    level = min(1.06, max(0.45, level))
    depth, length, phase = rng.uniform(0.03, 0.12), rng.uniform(18, 40), rng.uniform(0, math.tau)
    return lambda at: level * (1 + depth * math.sin(math.tau * at / length + phase))


def counts_of(
    place: Place, indicator: Indicator, weeks: Sequence[Week], seed: int
) -> Iterator[Count]:
    """The reports of the weeks given (those the facility filed), where one is due."""
    due = [
        (at, week)
        for at, week in enumerate(weeks)
        if is_due(week, indicator.frequency, indicator.monthly_profile)
    ]
    rng = dice(seed, place.code, indicator.code)
    level = performance(place, indicator, seed)
    if indicator.calc_type == CalcType.COUNT:
        return _deaths(place, indicator, due, rng)
    if indicator.needs_denominator:
        return _of_those_found(place, indicator, due, rng, level)
    if indicator.calc_type == CalcType.CUMULATIVE:
        return _towards_target(place, indicator, due, rng, level)
    return _of_all(place, indicator, due, rng, level)


Due = Sequence[tuple[int, Week]]
Level = Callable[[int], float]


def _deaths(place: Place, indicator: Indicator, due: Due, rng: random.Random) -> Iterator[Count]:
    for _at, week in due:
        births = place.size("NEO", week.year) or 0
        expected = DEATHS.get(indicator.code, 0) * births / week.of_year
        yield Count(week, events(rng, expected))


def _of_those_found(
    place: Place, indicator: Indicator, due: Due, rng: random.Random, level: Level
) -> Iterator[Count]:
    base = BASES.get(indicator.code)
    if base is None:
        return
    target = float(indicator.annual_target) / 100
    for at, week in due:
        size = place.size(base.of, week.year)
        if size is None or (base.of in STANDING and not size):
            continue
        if base.of in STANDING:
            found = math.ceil(size * base.share)
        else:
            found = events(rng, size * base.share)
        rate = target * level(at) if indicator.direction == "higher" else target / level(at)
        yield Count(week, successes(rng, found, min(0.985, rate)), found)


def _towards_target(
    place: Place, indicator: Indicator, due: Due, rng: random.Random, level: Level
) -> Iterator[Count]:
    """People reached once a year, week by week towards S x T."""
    year, total, before = 0, 0, Fraction(0)
    for at, week in due:
        is_first = week.year != year
        if is_first:
            year, total, before = week.year, 0, Fraction(0)
        people = population(place, indicator, year)
        if not people:
            continue
        goal = people * float(indicator.annual_target) / 100
        now = elapsed_share(week, indicator.monthly_profile)
        if indicator.denominator_constant is not None:
            # A meeting every month or quarter: held or not, never three at once.
            count = max(0, round(goal * min(1.0, level(at)) * float(now)) - total)
        else:
            count = events(rng, goal * level(at) * float(now - before))
        # Nobody is reached twice: a year ends little above its target.
        count = max(0, min(count, int(min(1.12 * goal, 1.02 * people)) - total))
        total += count
        is_opening = is_first and week.number > 6 and before == 0 and count > 0
        before = now
        yield Count(week, count, is_opening=is_opening)


def _of_all(
    place: Place, indicator: Indicator, due: Due, rng: random.Random, level: Level
) -> Iterator[Count]:
    """A rate of the whole group: a month's attendance, or a state that changes slowly."""
    start, end = STATES.get(indicator.code, (0.0, 0.0))
    last = max((at for at, _week in due), default=0) or 1
    shift = rng.uniform(-0.06, 0.06)
    for at, week in due:
        people = int(population(place, indicator, week.year) or 0)
        if not people:
            continue
        if indicator.calc_type == CalcType.SNAPSHOT:
            share = start + (end - start) * at / last + shift
            yield Count(week, min(people, round(people * share)))
        else:
            rate = float(indicator.annual_target) / 100 * level(at)
            yield Count(week, successes(rng, people, rate))

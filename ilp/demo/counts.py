"""Weekly counts of one facility and one indicator: pure, no database."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from clusters.judgement import profiles
from clusters.judgement.periods import month_of
from clusters.judgement.signal import share_to
from clusters.models import Indicator
from clusters.models.catalogue import CalcType
from clusters.weeks import Week
from clusters.windows import is_due, is_last_of_month
from ilp.demo.chance import dice, events
from ilp.demo.levels import (
    BASES,
    DEATHS,
    EVERYBODY,
    STANDING,
    STATES,
    SUM_OF_DEATHS,
    TROUBLE,
)

# Of a campaign most in its first month, the others in the catch-up.
CAMPAIGN_SHARES = {
    "BIAS_AUG": {8: Fraction(4, 5), 9: Fraction(1)},
    "BIAS_NOV": {11: Fraction(4, 5), 12: Fraction(1)},
}


@dataclass(frozen=True)
class Count:
    week: Week
    numerator: int
    denominator: int | None = None


@dataclass(frozen=True)
class Place:
    """A reporting facility as the generator sees it: whom it reports on, year by year."""

    code: str
    people: Mapping[int, Mapping[str, float]]  # year → group → people
    posyandu: int = 0
    pustu: int = 0
    is_troubled: bool = False

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


def level_of(place: Place, indicator: Indicator, seed: int) -> float:
    """The share of what is due that a place reaches."""
    rng = dice(seed, place.code, indicator.code, "level")
    if place.is_troubled and indicator.code in TROUBLE:
        return TROUBLE[indicator.code] * rng.uniform(0.95, 1.05)
    if indicator.code in EVERYBODY:
        return 100 / float(indicator.annual_target)
    # Where all are asked for, a few are missed; never more than there are.
    is_sum = indicator.calc_type == CalcType.CUMULATIVE and not indicator.needs_denominator
    if is_sum and indicator.profile not in profiles.RATES and indicator.annual_target >= 98:
        return rng.uniform(0.985, 0.998)
    return rng.uniform(1.0, 1.02)


def counts_of(
    place: Place, indicator: Indicator, weeks: Sequence[Week], seed: int
) -> Iterator[Count]:
    """The reports of the weeks given (those the facility filed), where one is due."""
    due = [week for week in weeks if is_due(week, indicator.frequency, indicator.profile)]
    rng = dice(seed, place.code, indicator.code)
    level = level_of(place, indicator, seed)
    if indicator.calc_type == CalcType.COUNT:
        return _events(place, indicator, due, rng, seed)
    if indicator.calc_type == CalcType.PLANNED:
        return _held(indicator, due, rng)
    if indicator.calc_type == CalcType.CUMULATIVE and indicator.profile not in profiles.RATES:
        return _towards_target(place, indicator, due, level)
    if indicator.needs_denominator:
        return _of_those_found(place, indicator, due, rng, level)
    return _of_all(place, indicator, due, level)


Due = Sequence[Week]


def _events(
    place: Place, indicator: Indicator, due: Due, rng: random.Random, seed: int
) -> Iterator[Count]:
    """Deaths are rare, and a sum of kinds is drawn from the same dice; nothing else of this kind
    happens in the demo."""
    if parts := SUM_OF_DEATHS.get(indicator.code):
        seeds = [dice(seed, place.code, part) for part in parts]
    else:
        parts, seeds = (indicator.code,), [rng]
    for week in due:
        births = place.size("NEO", week.year) or 0
        drawn = [
            events(one, DEATHS.get(part, 0) * births / week.of_year)
            for part, one in zip(parts, seeds, strict=True)
        ]
        yield Count(week, sum(drawn))


def _held(indicator: Indicator, due: Due, rng: random.Random) -> Iterator[Count]:
    """Meetings and papers: one a period, now and then one late."""
    shares, done, year = profiles.SHIPPED[indicator.profile], 0, 0
    for week in due:
        times = int(indicator.annual_target * shares[month_of(week).number - 1].numerator
                    / shares[month_of(week).number - 1].denominator)  # fmt: skip
        if week.year != year:
            done, year = 0, week.year
        is_late = rng.random() < 0.03
        yield Count(week, 0 if is_late else max(0, times - done))
        done = done if is_late else max(done, times)


def _of_those_found(
    place: Place, indicator: Indicator, due: Due, rng: random.Random, level: float
) -> Iterator[Count]:
    base = BASES.get(indicator.code)
    if base is None:
        return
    for week in due:
        size = place.size(base.of, week.year)
        if size is None or (base.of in STANDING and not size):
            continue
        if base.of in STANDING:
            found = math.ceil(size * base.share)
        else:
            found = events(rng, size * base.share)
        yield Count(week, _reached(indicator, found, level), found)


def _reached(indicator: Indicator, whole: int, level: float) -> int:
    """On the good side of the target by a little, or as far from it as the level says."""
    target = float(indicator.annual_target) / (1 if indicator.unit == "rasio" else 100)
    if indicator.direction == "higher":
        rate = target * (level if level < 1 else min(level, 1.01))
        return min(whole, math.ceil(whole * rate) if level >= 1 else int(whole * rate))
    rate = target * (0.9 if level >= 1 else 1 / level)
    return min(whole, int(whole * rate))


def _towards_target(place: Place, indicator: Indicator, due: Due, level: float) -> Iterator[Count]:
    """People reached once a year, so many to date as the profile and the level say. A week that
    was not filed leaves its people out: nobody is counted twice."""
    shares = profiles.SHIPPED.get(indicator.profile, profiles.LINEAR)
    is_yearly = indicator.needs_denominator
    for week in due:
        people = _base_people(place, indicator, week.year) if is_yearly else None
        whole = people if is_yearly else population(place, indicator, week.year)
        if not whole:
            continue
        goal = whole * float(indicator.annual_target) / 100
        to_date = goal * level * float(_share(indicator, week, shares))
        before = goal * level * float(_share_before(indicator, week, shares))
        count = max(0, math.ceil(to_date - 1e-9) - math.ceil(before - 1e-9))
        if is_yearly and people is not None:
            count = min(count, int(people))
        yield Count(week, count, None if people is None else int(people))


def _base_people(place: Place, indicator: Indicator, year: int) -> float | None:
    base = BASES.get(indicator.code)
    size = None if base is None else place.size(base.of, year)
    return None if base is None or size is None else math.ceil(size * max(base.share, 0.2))


def _share(indicator: Indicator, week: Week, shares: profiles.Shares) -> Fraction:
    """Part of the year reached by the end of a week; a month ends with its last week."""
    month = month_of(week).number
    if indicator.profile in CAMPAIGN_SHARES:
        return CAMPAIGN_SHARES[indicator.profile].get(month, Fraction(0))
    if is_last_of_month(week):
        return shares[month - 1]
    return min(shares[month - 1], share_to(week, shares))


def _share_before(indicator: Indicator, week: Week, shares: profiles.Shares) -> Fraction:
    """The same when the report before it was due."""
    month = month_of(week).number
    if indicator.profile in CAMPAIGN_SHARES:
        return CAMPAIGN_SHARES[indicator.profile].get(month - 1, Fraction(0))
    if week.number == 1:
        return Fraction(0)
    if indicator.frequency == "weekly":
        return _share(indicator, week - 1, shares)
    length = {"quarterly": 3, "semester": 6, "yearly": 12}.get(indicator.frequency, 1)
    return shares[month - length - 1] if month > length else Fraction(0)


def _of_all(place: Place, indicator: Indicator, due: Due, level: float) -> Iterator[Count]:
    """A rate of the whole group: a month's attendance, a campaign, a state that changes slowly."""
    last = max((week for week in due), default=None)
    for at, week in enumerate(due):
        people = int(population(place, indicator, week.year) or 0)
        if not people:
            continue
        if indicator.code in STATES and last is not None:
            start, end = STATES[indicator.code]
            share = start + (end - start) * at / max(1, len(due) - 1)
            yield Count(week, min(people, math.ceil(people * share)))
        elif indicator.profile == "BIAS" and month_of(week).number in (9, 12):
            yield Count(week, 0)
        else:
            yield Count(week, _reached(indicator, people, level))

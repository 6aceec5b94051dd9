"""The counts of a year exactly on schedule: what each unit reports in which week. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from clusters.judgement import profiles, totals
from clusters.judgement.periods import month_of
from clusters.judgement.rounding import half_up
from clusters.judgement.signal import share_to
from clusters.models import Indicator
from clusters.weeks import Week
from clusters.windows import is_due, is_last_of_month
from reports.figures.queries.definitions import SCALES

CATCH_UP = (9, 12)
BASE = 1000  # denominator of the rates: so large that a whole number lies within any tolerance


@dataclass(frozen=True)
class Report:
    code: str
    week: Week
    numerator: int
    denominator: int | None = None


def on_schedule(
    indicator: Indicator, year: int, plan: totals.Plan | None, population: int
) -> Iterator[Report]:
    """The reports of one unit. ``plan``: its targets in people to the end of each month."""
    weeks = Week(year, 1).until(Week(year + 1, 1) - 1)
    due = [week for week in weeks if is_due(week, indicator.frequency, indicator.profile)]
    family = profiles.family(indicator.profile, indicator.calc_type)
    if family == "event":
        yield from (Report(indicator.code, week, 0) for week in due)
    elif family == "plan":
        yield from _held(indicator, due)
    elif indicator.calc_type == "cumulative" and indicator.profile not in profiles.RATES:
        yield from _towards(indicator, due, plan, population)
    else:
        yield from _rate(indicator, due, population)


def _held(indicator: Indicator, due: list[Week]) -> Iterator[Report]:
    shares, done = profiles.SHIPPED[indicator.profile], 0
    for week in due:
        times = floor(Fraction(indicator.annual_target) * _share(shares, week))
        yield Report(indicator.code, week, times - done)
        done = times


def _share(shares: profiles.Shares, week: Week) -> Fraction:
    return shares[month_of(week).number - 1]


def _towards(
    indicator: Indicator, due: list[Week], plan: totals.Plan | None, population: int
) -> Iterator[Report]:
    """Weekly so much that the month ends exactly on its target."""
    shares = profiles.SHIPPED.get(indicator.profile, profiles.LINEAR)
    counted = population if indicator.denominator_kind == "yearly" else None
    whole = plan.year if plan else half_up(Fraction(indicator.annual_target) * population / 100)
    done = 0
    for week in due:
        month = month_of(week).number
        at_end = plan.to_date[month - 1] if plan else half_up(whole * shares[month - 1])
        if indicator.frequency == "weekly" and not is_last_of_month(week):
            at_end = min(at_end, floor(whole * share_to(week, shares)))
        to_date = max(done, at_end)
        yield Report(indicator.code, week, to_date - done, counted)
        done = to_date


def _rate(indicator: Indicator, due: list[Week], population: int) -> Iterator[Report]:
    counts_all = indicator.denominator_kind == "population"
    base = population if counts_all else BASE
    exact = Fraction(indicator.annual_target) * base / SCALES.get(indicator.unit, 100)
    count = ceil(exact) if indicator.direction == "higher" else floor(exact)
    for week in due:
        # The catch-up of a campaign finds nobody left.
        is_catch_up = indicator.profile == "BIAS" and month_of(week).number in CATCH_UP
        if is_catch_up:
            yield Report(indicator.code, week, 0, None if counts_all else 0)
        else:
            yield Report(indicator.code, week, count, None if counts_all else base)

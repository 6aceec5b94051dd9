"""The columns of the weekly review: what was counted, and what ``clusters.judgement`` says of it.

Pure functions. All arithmetic is exact (integers and fractions); figures shown are rounded once,
half up, to one decimal, and never rounded again. None always means "no data"; it is never taken
for zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from clusters.judgement.rounding import one_decimal
from clusters.judgement.signal import Name as SignalName
from clusters.judgement.signal import Signal
from clusters.judgement.verdict import Definition, Remark, Status, Trend, Verdict

__all__ = [
    "Check",
    "Colour",
    "Figures",
    "Judged",
    "Missing",
    "SignalName",
    "Status",
    "Trend",
    "Weekly",
    "coverage",
    "figures",
    "one_decimal",
    "rank",
]

Colour = Literal["green", "yellow", "red", "grey"]
Check = Literal[
    "over_100", "small_population", "no_population", "not_due", "not_started", "incomplete",
    "no_cases", "neutral", "grace", "nothing_yet", "no_target",
]  # fmt: skip
COLOURS: dict[Status | None, Colour] = {
    "baik": "green",
    "kurang": "yellow",
    "cukup": "yellow",
    "jelek": "red",
}
_CHECKS: dict[Remark, Check] = {
    "not_due": "not_started",
    "small": "small_population",
    "no_population": "no_population",
    "no_cases": "no_cases",
    "neutral": "neutral",
    "grace": "grace",
    "nothing_yet": "nothing_yet",
    "no_target": "no_target",
}


@dataclass(frozen=True, slots=True)
class Weekly:
    """What was counted, summed over the facilities in question. ``week``: this week alone.
    ``running``: since week 1 (of a state each facility's latest value). Each with its reported
    denominator, where reports carry one. ``last``: of a rate, its last complete period."""

    week: int | None = None
    week_denominator: int | None = None
    running: int | None = None
    running_denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit whose report of a period is not there, wholly or in part."""

    code: str
    name: str
    period: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict of the last closed period, rounded once. People are whole numbers."""

    period: str  # «2026-10», «2026-Q3», «2026-C02» (campaign), «2026-W47» (four weeks to it), ""
    population: int | None
    target_year: int | None
    target_to_date: int | None  # over what was reported
    full_target_to_date: int | None
    cumulative: int | None
    denominator: int | None
    gap: int | None  # people; lower is better: reversed, so below zero is always worse
    gap_points: Decimal | None
    tolerance: Decimal | None  # people of a sum, points of a rate
    percent_of_target: Decimal | None
    target_percent: Decimal | None  # T x e, or T
    coverage: Decimal | None
    last: int | None
    before: int | None
    need: Decimal | None  # people for each period left of the year
    trend: Trend | None
    status: Status | None
    remarks: tuple[Remark, ...]
    reported: int
    expected: int
    completeness: Decimal | None
    missing: tuple[Missing, ...] = ()
    due: int | None = None
    late: int | None = None
    is_forced: bool = False
    needs_reason: bool = False
    # Villages whose official number is not known, where there is none for the whole.
    without_population: tuple[str, ...] = ()

    @property
    def is_lower_bound(self) -> bool:
        """Whether reports are missing in the sum: «≥ 149»."""
        return bool(self.missing) and self.cumulative is not None


@dataclass(frozen=True, slots=True)
class Figures:
    """The columns of one line. People are whole numbers, percentages have one decimal.

    Of what is reported weekly and grows over the year they are those of the week; of anything
    else those of the last closed period. ``status``, ``trend`` and ``colour`` always belong to
    the closed period ``judged``.
    """

    population: int | None  # S, or the denominator of the reports
    target_to_date: int | None  # people; for ``lower`` the most allowed
    target_percent: Decimal  # T x e, or T where time plays no part
    week_count: int | None
    week_denominator: int | None
    cumulative: int | None
    cumulative_denominator: int | None
    coverage: Decimal | None  # percent
    gap: int | None  # people; cumulative - target_to_date
    percent_of_target: Decimal | None
    need_per_week: Decimal | None  # of sheets signed before judgement went by closed periods
    recent: int | None  # in the closed period
    previous: int | None  # in the one before
    recent_percent: Decimal | None
    previous_percent: Decimal | None
    trend: Trend | None
    is_on_target: bool | None
    status: Status | None
    colour: Colour
    checks: tuple[Check, ...]
    judged: Judged | None = None
    running: int | None = None  # since New Year to this week; a state: the latest
    signal: SignalName | None = None
    signal_tolerance: int | None = None
    need_per_month: Decimal | None = None


def figures(
    definition: Definition,
    verdict: Verdict,
    weekly: Weekly,
    signal: Signal | None = None,
    *,
    is_weekly_sum: bool = False,
    is_asked: bool = True,
    missing: Sequence[Missing] = (),
    without_population: Sequence[str] = (),
) -> Figures:
    """All columns of one indicator in one facility.

    ``is_weekly_sum``: reported every week and added up over the year; then the columns are those
    of the week, and ``signal`` says how it stands.
    """
    judged = _rounded(verdict, missing, without_population)
    due_percent = verdict.target_percent
    done, counted = verdict.cumulative, verdict.denominator
    target, gap, share = verdict.target_to_date, _signed_gap(definition, verdict), verdict.coverage
    percent = verdict.percent_of_target
    if is_weekly_sum:
        done, counted = weekly.running, None
        target, gap, share, percent = _of_week(definition, verdict, weekly, signal)
        if signal is not None and verdict.population:
            due_percent = Fraction(signal.target * 100, verdict.population)
    population = verdict.population
    if definition.denominator == "report" and population is None:
        population = verdict.denominator
    return Figures(
        population=population,
        target_to_date=target,
        target_percent=one_decimal(due_percent or Fraction(0)) or Decimal(0),
        week_count=weekly.week,
        week_denominator=weekly.week_denominator,
        cumulative=done,
        cumulative_denominator=counted,
        coverage=one_decimal(share),
        gap=gap,
        percent_of_target=one_decimal(percent),
        need_per_week=None,
        recent=verdict.last,
        previous=verdict.before,
        recent_percent=one_decimal(verdict.last_percent),
        previous_percent=one_decimal(verdict.before_percent),
        trend=verdict.trend,
        is_on_target=verdict.above,
        status=verdict.status,
        colour=COLOURS.get(verdict.status, "grey"),
        checks=_checks(verdict, is_asked),
        judged=judged,
        running=weekly.running,
        signal=signal.name if signal else None,
        signal_tolerance=signal.tolerance if signal else None,
        need_per_month=one_decimal(verdict.need),
    )


def _signed_gap(definition: Definition, verdict: Verdict) -> int | None:
    """As it is shown: done minus target, whichever direction is the better."""
    if verdict.gap is None:
        return None
    return verdict.gap if definition.higher else -verdict.gap


def _of_week(
    definition: Definition, verdict: Verdict, weekly: Weekly, signal: Signal | None
) -> tuple[int | None, int | None, Fraction | None, Fraction | None]:
    """Target, gap, coverage and percent of the target at the end of the week."""
    population, year = verdict.population, verdict.target_year
    share = None
    is_small = year is not None and min(population or 0, year) < definition.smallest
    if weekly.running is not None and population and not is_small:
        share = Fraction(weekly.running * 100, population)
    if signal is None:
        return None, None, share, None
    percent = None
    if signal.target and not is_small:
        percent = Fraction(signal.done * 100, signal.target)
    return signal.target, signal.gap, share, percent


def _checks(verdict: Verdict, is_asked: bool) -> tuple[Check, ...]:
    checks: list[Check] = [] if is_asked else ["not_due"]
    checks += [_CHECKS[remark] for remark in verdict.remarks]
    if verdict.status == "incomplete":
        checks.append("incomplete")
    if verdict.coverage is not None and verdict.coverage > 100:
        checks.append("over_100")
    return tuple(checks)


def _rounded(
    verdict: Verdict, missing: Sequence[Missing], without_population: Sequence[str]
) -> Judged:
    complete = verdict.completeness
    share = complete.share if complete else None
    return Judged(
        period=str(verdict.period or ""),
        population=verdict.population,
        target_year=verdict.target_year,
        target_to_date=verdict.target_to_date,
        full_target_to_date=verdict.full_target_to_date,
        cumulative=verdict.cumulative,
        denominator=verdict.denominator,
        gap=verdict.gap,
        gap_points=one_decimal(verdict.gap_points),
        tolerance=one_decimal(verdict.tolerance),
        percent_of_target=one_decimal(verdict.percent_of_target),
        target_percent=one_decimal(verdict.target_percent),
        coverage=one_decimal(verdict.coverage),
        last=verdict.last,
        before=verdict.before,
        need=one_decimal(verdict.need),
        trend=verdict.trend,
        status=verdict.status,
        remarks=verdict.remarks,
        reported=complete.reported if complete else 0,
        expected=complete.expected if complete else 0,
        completeness=one_decimal(share * 100) if share is not None else None,
        missing=tuple(missing),
        due=verdict.due,
        late=verdict.late,
        is_forced=verdict.is_forced,
        needs_reason=verdict.needs_reason,
        without_population=tuple(without_population),
    )


def coverage(
    calc_type: str, population: int | None, done: int | None, counted: int | None
) -> Decimal | None:
    """Percent of the population at some other time; a count of events has none."""
    base = population if population is not None else counted
    if calc_type in ("count", "planned") or done is None or not base:
        return None
    return one_decimal(Fraction(done * 100, base))


def rank(values: Sequence[Decimal | None], direction: str = "higher") -> list[int | None]:
    """Ranks, best first (largest, or smallest for ``lower``); ties share a rank and the next
    place is counted on (1, 1, 3); None has none."""
    known = sorted((v for v in values if v is not None), reverse=direction == "higher")
    places: dict[Decimal, int] = {}
    for place, value in enumerate(known, start=1):
        places.setdefault(value, place)
    return [None if value is None else places[value] for value in values]

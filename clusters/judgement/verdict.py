"""What comes out of a judgement, and the words it is said in (as codes)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from clusters.judgement.parts import Completeness
from clusters.judgement.periods import Period

Trend = Literal["up", "flat", "down"]
Status = Literal["baik", "kurang", "cukup", "jelek", "check", "incomplete"]
STATUSES: tuple[str, ...] = get_args(Status)
# Why there is no status, or what must be known beside it.
Remark = Literal[
    "nothing_yet",  # nothing was reported for the year that is to be judged
    "not_due",  # nothing of the year's target is due yet
    "no_population",  # the official number is not known, or 0
    "small",  # below ten people: people only
    "no_cases",  # a share of the cases found where none was found: met
    "neutral",  # shown without judgement
    "grace",  # a plan that is over and in its days of grace
    "no_target",
]


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator asks for in one facility.

    ``profile`` a code of ``profiles``; ``shares`` its twelve cumulative shares; ``targets`` the
    yearly target T with the month it counts from, in percent (of a plan: times a year).
    ``is_retroactive`` targets are given as the one that counts, from month 1.
    ``least_complete`` in percent; ``denominator`` where a rate's denominator comes from.
    """

    calc_type: str
    direction: str
    profile: str
    shares: tuple[Fraction, ...]
    targets: tuple[tuple[int, Decimal], ...]
    denominator: Literal["population", "report", "yearly", "none"] = "population"
    frequency: str = "monthly"
    is_neutral: bool = False
    least_complete: int | None = None
    smallest: int = 10
    # A rate is shown as so many of: 100 (percent), 1000 (per mille), 1 (a ratio).
    scale: int = 100

    @property
    def higher(self) -> bool:
        return self.direction == "higher"

    @property
    def target_changes(self) -> bool:
        """Within the year, to another percentage."""
        return len({target for _month, target in self.targets}) > 1

    def target_in(self, month: int) -> Fraction:
        """T in a month, in percent."""
        value = self.targets[0][1]
        for start, target in self.targets:
            if start <= month:
                value = target
        return Fraction(value)


@dataclass(frozen=True, slots=True)
class Verdict:
    """People are whole numbers, percentages exact; ``as_shown`` rounds them once."""

    period: Period | None = None
    population: int | None = None
    target_year: int | None = None
    target_to_date: int | None = None  # over what was reported
    full_target_to_date: int | None = None
    target_percent: Fraction | None = None  # T x e, or T
    cumulative: int | None = None
    numerator: int | None = None  # of a rate
    denominator: int | None = None
    gap: int | None = None  # lower is better: reversed, so below zero is always worse
    gap_points: Fraction | None = None  # of a rate
    tolerance: Fraction | None = None  # people of a sum, points of a rate
    above: bool | None = None
    last: int | None = None  # A(m)
    before: int | None = None  # A(m-1)
    last_percent: Fraction | None = None
    before_percent: Fraction | None = None
    trend: Trend | None = None
    percent_of_target: Fraction | None = None
    coverage: Fraction | None = None  # K / S, or the value of a rate, in percent
    need: Fraction | None = None  # a period left
    completeness: Completeness | None = None
    due: int | None = None  # plans
    late: int | None = None
    status: Status | None = None
    remarks: tuple[Remark, ...] = ()
    is_forced: bool = False  # a decision is needed

    @property
    def needs_reason(self) -> bool:
        """Above 110 % a written reason is asked for before sending."""
        return self.status == "check" and self.coverage is not None and self.coverage > 110


def quadrant(above: bool, better: bool | None, *, reachable: bool) -> Status:
    """The PWS table. ``better``: True, False, None for steady or unknown trend.

    ``reachable``: below the target and steady, whether that pace can still reach the year.
    """
    if above:
        return "kurang" if better is False else "baik"
    if better is None:
        return "cukup" if reachable else "jelek"
    return "cukup" if better else "jelek"


def is_forced(status: Status | None, beyond: bool, percent: Fraction | None) -> bool:
    """Jelek, beyond the tolerance, and less than 90 % of what was due."""
    return status == "jelek" and beyond and percent is not None and percent < 90


def direction_of(trend: Trend | None, higher: bool) -> bool | None:
    """Whether a trend is the better one; None where it is steady or not known."""
    if trend in (None, "flat"):
        return None
    return (trend == "up") == higher

"""The rows of due shares a district has, and what another one would ask for."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from clusters.judgement import profiles
from clusters.judgement.rounding import half_up
from clusters.models import DueShares, Indicator
from clusters.weeks import Week
from facilities.models import District
from reports.shapes import Line

# Sums that grow over the year; plans are counted by their periods, rates have no shares.
EDITABLE = (
    "LINEAR_M", "LINEAR_Q", "LINEAR_S", "YEAR_END", "SCHOOL", "BUDGET", "SEASON_SET", "BIAS_AUG",
    "BIAS_NOV",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProfileRow:
    profile: str
    shares: tuple[Fraction, ...]  # in force on the day
    since: dt.date | None  # None: the shipped ones
    later: tuple[DueShares, ...]
    version: str
    indicators: tuple[Indicator, ...]

    @property
    def percents(self) -> list[Decimal]:
        return [percent_of(share) for share in self.shares]


def percent_of(share: Fraction) -> Decimal:
    """Two decimals, as many as are stored."""
    return Decimal(half_up(share * 10000)) / 100


def profile_rows(district: District, on: dt.date) -> list[ProfileRow]:
    """Every row of shares a district may set, with the indicators that go by it. Two queries."""
    by_profile: dict[str, list[Indicator]] = {}
    for one in Indicator.objects.in_week(Week.of(on)):
        if one.calc_type == "cumulative":
            name = one.profile or profiles.profile_of(one.calc_type, one.frequency)
            by_profile.setdefault(name, []).append(one)
    stored: dict[str, list[DueShares]] = {}
    for row in DueShares.objects.filter(district=district).order_by("valid_from"):
        stored.setdefault(row.profile, []).append(row)
    return [
        _profile_row(name, stored.get(name, []), by_profile.get(name, []), on)
        for name in EDITABLE
        if by_profile.get(name) or stored.get(name)
    ]


def _profile_row(
    name: str, rows: Sequence[DueShares], indicators: Sequence[Indicator], on: dt.date
) -> ProfileRow:
    current = [row for row in rows if row.valid_from <= on]
    shares = (
        tuple(map(Fraction, current[-1].shares))
        if current
        else profiles.SHIPPED.get(name, profiles.LINEAR)
    )
    return ProfileRow(
        profile=name,
        shares=shares,
        since=current[-1].valid_from if current else None,
        later=tuple(row for row in rows if row.valid_from > on),
        version=_version(rows),
        indicators=tuple(indicators),
    )


def shares_version(district: District, profile: str) -> str:
    """Changes whenever a row of the profile does: what the form gives back."""
    rows = DueShares.objects.filter(district=district, profile=profile)
    return _version(list(rows.order_by("valid_from")))


def _version(rows: Sequence[DueShares]) -> str:
    text = "|".join(f"{row.valid_from}:{row.version}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DueAtMonth:
    """What of an indicator's year is due when the month closes, by the shares of before and by
    the new ones."""

    line: Line
    before: int
    after: int


def due_at_month(
    lines: Sequence[Line], before: Sequence[Fraction], after: Sequence[Fraction], month: int
) -> list[DueAtMonth]:
    return [
        DueAtMonth(
            line,
            half_up(line.annual_target_people * before[month - 1]),
            half_up(line.annual_target_people * after[month - 1]),
        )
        for line in lines
        if line.annual_target_people is not None
    ]

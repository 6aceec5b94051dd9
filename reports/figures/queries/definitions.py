"""What each indicator asks for in a facility: target, profile and shares as they are in force."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from clusters.judgement import profiles
from clusters.judgement.verdict import Definition
from clusters.models import DueShares, Indicator, PriorityList, Target
from clusters.weeks import Week
from facilities.models import Facility

# A rate is shown as so many of; anything else is a percentage.
SCALES = {"permil": 1000, "rasio": 1}


class Definitions:
    """Three queries for any number of facilities."""

    def __init__(self, facilities: Sequence[Facility], week: Week, on: dt.date) -> None:
        self._targets: dict[tuple[int, str], list[Target]] = defaultdict(list)
        ids = {int(label) for facility in facilities for label in str(facility.path).split(".")}
        for row in Target.objects.filter(facility__in=ids, year=week.year).order_by("from_month"):
            self._targets[row.facility_id, row.indicator_code].append(row)
        self._shares: dict[tuple[int, str], profiles.Shares] = {}
        districts = {facility.district_id for facility in facilities}
        for own in DueShares.objects.filter(district__in=districts, valid_from__lte=on).order_by(
            "valid_from"
        ):
            self._shares[own.district_id, own.profile] = tuple(map(Fraction, own.shares))
        # The list of each place that counts in the week: the newest that has begun by then.
        self._priorities: dict[int, frozenset[str]] = {
            row.facility_id: frozenset(row.indicator_codes)
            for row in PriorityList.objects.filter(facility__in=ids, from_week__lte=week).order_by(
                "from_week"
            )
        }

    def of(self, facility: Facility, indicator: Indicator) -> Definition:
        profile = indicator.profile or profiles.profile_of(indicator.calc_type, indicator.frequency)
        rows = self._rows(facility, indicator.code)
        targets = tuple((row.from_month, row.annual_target) for row in rows)
        if not targets or targets[0][0] > 1:
            targets = ((1, Decimal(indicator.annual_target)), *targets)
        weights = rows[-1].monthly_profile if rows else []
        return Definition(
            calc_type=indicator.calc_type,
            direction=indicator.direction,
            profile=profile,
            shares=self._shares_of(facility, profile, weights or indicator.monthly_profile),
            targets=targets,
            denominator=indicator.denominator_kind,
            frequency=indicator.frequency,
            is_neutral=indicator.is_neutral,
            least_complete=indicator.least_complete,
            smallest=indicator.smallest,
            scale=SCALES.get(indicator.unit, 100),
        )

    def is_priority(self, facility: Facility, indicator: Indicator) -> bool:
        """What the district chose, or the catalogue where it chose nothing, and what a Puskesmas
        added to it."""
        top, *below = (int(label) for label in str(facility.path).split("."))
        chosen = self._priorities.get(top)
        if indicator.code in chosen if chosen is not None else indicator.priority == 1:
            return True
        return any(indicator.code in self._priorities.get(pk, ()) for pk in below)

    def _rows(self, facility: Facility, code: str) -> list[Target]:
        """Targets by month: the nearest upwards, and for the months before the first of them what
        counted then, from the level above."""
        rows: list[Target] = []
        for label in reversed(str(facility.path).split(".")):
            first = rows[0].from_month if rows else 13
            above = self._targets.get((int(label), code), [])
            rows = [*(row for row in above if row.from_month < first), *rows]
        return rows

    def _shares_of(
        self, facility: Facility, profile: str, weights: Sequence[Decimal]
    ) -> profiles.Shares:
        if any(weights):
            return _cumulative(weights)
        own = self._shares.get((facility.district_id, profile))
        return own or profiles.SHIPPED.get(profile, profiles.LINEAR)


def _cumulative(weights: Sequence[Decimal]) -> profiles.Shares:
    """Twelve weights of months as shares that end at 1."""
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    done, shares = Fraction(0), []
    for weight in weights:
        done += Fraction(weight) / whole
        shares.append(done)
    return tuple(shares)

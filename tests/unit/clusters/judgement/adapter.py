"""A judgement case (tests/cases/judgement) as the input of the pure functions."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from clusters.judgement import due, profiles, totals
from clusters.judgement.judge import Evidence, judge
from clusters.judgement.parts import NOTHING, Amount, Block, Member, added
from clusters.judgement.periods import Period
from clusters.judgement.verdict import Definition, Verdict

CASES = Path(__file__).parents[3] / "cases" / "judgement"
FREQUENCY = {"M": "monthly", "Q": "quarterly", "W": "weekly"}


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return found


@dataclass(frozen=True)
class Case:
    raw: dict[str, Any]

    @property
    def profile(self) -> str:
        return str(self.raw["indicator"]["profile"])

    def targets(self, unit: str, year: int | None) -> tuple[tuple[int, Decimal], ...]:
        """From which month of the year which target in percent."""
        indicator, change = self.raw["indicator"], self.raw.get("target_change")
        plain = self.raw["units"][unit].get("T", indicator["T"])
        if not change or year is None:
            return ((1, Decimal(str(plain))),)
        old, new = Decimal(str(change["old"])), Decimal(str(change["new"]))
        start = dt.date.fromisoformat(change["from"])
        if start.year != year:
            return ((1, new if start.year < year else old),)
        return ((1, old), (start.month, new)) if start.month > 1 else ((1, new),)

    def definition(self, unit: str, year: int | None = None) -> Definition:
        indicator = self.raw["indicator"]
        has_denominators = any(row[4] is not None for row in self.rows)
        kind = indicator["kind"]
        denominator = "population"
        if self.is_of_both:
            denominator = "report"
        elif has_denominators:
            denominator = "yearly"
        return Definition(
            calc_type="period_rate" if "rate" in kind else kind.split()[0],
            direction=indicator["direction"],
            profile=self.profile,
            shares=profiles.SHIPPED.get(self.profile, profiles.LINEAR),
            targets=self.targets(unit, year),
            denominator=denominator,  # type: ignore[arg-type]
            is_neutral="colour" in json.dumps(self.raw["expect"]),
        )

    @property
    def rows(self) -> list[list[Any]]:
        rows: list[list[Any]] = self.raw["counts"]["rows"]
        return rows

    def amount(self, unit: str, label: str) -> Amount | None:
        for name, period, _week, numerator, denominator in self.rows:
            if (name, period) == (unit, label):
                if self.is_of_both and None in (numerator, denominator):
                    return None
                return Amount(numerator, denominator)
        return None

    @property
    def is_of_both(self) -> bool:
        """Whether numerator and denominator come from the reports: one alone is no report."""
        kind = self.raw["indicator"]["kind"]
        return "rate" in kind or kind == "ratio_of_found"

    def amount_in(self, unit: str, period: Period) -> Amount | None:
        """Of a campaign all its months; anything else by its label."""
        if period.kind != "campaign":
            return self.amount(unit, str(period))
        found = [
            one
            for month in period.months
            if (one := self.amount(unit, str(Period("month", period.year, month))))
        ]
        return added(found) if found else None

    def units(self, unit: str) -> list[str]:
        return list(self.raw["units"][unit].get("parts", [unit]))

    def population(self, unit: str) -> int | None:
        one = self.raw["units"][unit]
        if "S" in one and "parts" not in one:
            return one["S"]
        if "villages" in one:
            known = list(one["villages"].values())
            return None if None in known else sum(known)
        if "parts" not in one:
            return None
        parts = [self.population(part) for part in one["parts"]]
        return None if None in parts else sum(part or 0 for part in parts)

    def block(self, unit: str, at: due.Due, *, yearly: bool) -> Block:
        periods = totals.periods_of(at.period)
        if at.period.kind == "campaign" or profiles.family(self.profile, "") == "rate":
            periods = (at.period,)
        amounts = [self.amount_in(unit, one) for one in periods]
        before = self.amount_in(unit, at.before)
        there = [one for one in amounts if one is not None]
        population = self.population(unit)
        if yearly and there:
            typed = [one.denominator for one in there if one.denominator is not None]
            population = typed[-1] if typed else population
        return Block(
            members=(Member(unit, population),),
            reported=tuple(Fraction(one is not None) for one in amounts),
            total=added(there),
            last=amounts[-1] or NOTHING,
            before=before or NOTHING,
            reported_before=Fraction(before is not None),
        )

    def verdict(self, unit: str, on: dt.date) -> Verdict:
        definition = self.definition(unit)
        family = profiles.family(self.profile, definition.calc_type)
        held = [dt.date.fromisoformat(day) for day in self.raw.get("held_on", [])]
        this = sum(1 for day in held if day <= on and day.year == on.year)
        last = sum(1 for day in held if day.year == on.year - 1) or None
        if family == "plan":
            return judge(
                definition, on, due.due("LAST_Q", on), Evidence(None, (), None, this, last)
            )
        at = due.due(self.profile, on)
        definition = self.definition(unit, at.period.year)
        yearly = definition.denominator == "yearly"
        blocks = [self.block(one, at, yearly=yearly) for one in self.units(unit)]
        population = self.population(unit)
        if yearly:
            known = [one.members[0].population for one in blocks]
            population = None if None in known else sum(one or 0 for one in known)
        units = {*self.units(unit), unit}
        year = str(at.period.year)
        is_known = any(
            # As the pages look: in the year of the judged period, up to its end.
            name in units
            and period.startswith(year)
            and Period.parse(period).last_week <= at.period.last_week
            and numerator is not None
            for name, period, _week, numerator, _denominator in self.rows
            if period
        )
        return judge(definition, on, at, Evidence(population, blocks, is_known=is_known))

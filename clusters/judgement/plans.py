"""Meetings and papers that are due a few times a year: held against due, in their own noun, with
seven days of grace and no tolerance (guide, section 2; rulings 1 and 2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from clusters.judgement import periods, profiles
from clusters.judgement.periods import Period
from clusters.judgement.rounding import half_up
from clusters.judgement.verdict import Definition, Verdict

GRACE = dt.timedelta(days=periods.GRACE_DAYS)


def judge(
    definition: Definition, on: dt.date, held: int | None, held_last_year: int | None
) -> Verdict:
    """``held``: how often in the year of the day ``on``, whatever the month; ``held_last_year``
    the same of the year before, which counts as long as nothing of this year is due."""
    kind = profiles.PLANS[definition.profile]
    over = periods.last_over(kind, on)
    if over.year != on.year:
        if held_last_year is None:
            return Verdict(cumulative=held or 0, due=0, late=0, remarks=("not_due",))
        held = held_last_year
    due = _times(definition, over)
    past_grace = over if on > over.last_day + GRACE else over.before
    late_from = _times(definition, past_grace) if past_grace.year == over.year else 0
    done = held or 0
    late = max(0, late_from - done)
    found = Verdict(
        period=over,
        target_year=half_up(definition.target_in(12)),
        target_to_date=due,
        full_target_to_date=due,
        cumulative=done,
        gap=done - due,
        due=due,
        late=late,
        percent_of_target=Fraction(done * 100, due) if due else None,
    )
    if not due:
        return replace(found, remarks=("not_due",))
    if done >= due:
        return replace(found, above=True, status="baik")
    if late:
        percent = found.percent_of_target
        return replace(
            found,
            above=False,
            status="jelek",
            is_forced=percent is not None and percent < 90,
        )
    return replace(found, remarks=("grace",))


def _times(definition: Definition, period: Period) -> int:
    """How often by the end of a period."""
    share = profiles.share_at(definition.shares, period)
    return half_up(definition.target_in(12) * share)

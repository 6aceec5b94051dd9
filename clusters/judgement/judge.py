"""The one way in: evidence of one facility and indicator, and the day on which somebody looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clusters.judgement import plans, profiles, rates, totals
from clusters.judgement.due import Due
from clusters.judgement.parts import Block, added
from clusters.judgement.verdict import Definition, Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """``population`` S of the whole, None where it is not wholly known. ``plan`` its targets in
    people where it is a part of a whole. ``held``, ``held_last_year``: of a plan, how often."""

    population: int | None
    blocks: Sequence[Block] = ()
    plan: totals.Plan | None = None
    held: int | None = None
    held_last_year: int | None = None
    # Whether anything was reported in the year of the judged period; None: as the blocks say.
    is_known: bool | None = None
    # S of the whole at the end of each period of the year, where it changed within it.
    by_period: Sequence[int | None] = ()


def judge(definition: Definition, on: dt.date, at: Due, evidence: Evidence) -> Verdict:
    """What the figures of the period ``at`` mean on the day ``on``."""
    family = profiles.family(definition.profile, definition.calc_type)
    if family == "plan":
        if evidence.is_known is False:  # not kept here: that nothing was held is not known
            return Verdict(cumulative=None, due=0, late=0, remarks=("nothing_yet",))
        return plans.judge(definition, on, evidence.held, evidence.held_last_year)
    blocks = evidence.blocks
    if family == "event":
        done = added(block.total for block in blocks).numerator
        return Verdict(cumulative=done, population=None)
    if family == "unjudged":
        return Verdict(population=evidence.population, remarks=("no_target",))
    is_known = _anything(blocks) if evidence.is_known is None else evidence.is_known
    if at.period.year < on.year and not is_known:
        if family == "total" and at.period.kind == "campaign":
            return totals.judge(definition, at.period, evidence.population, blocks, is_closed=False)
        # A new year, and nothing is known of the old one: no status yet, of neither.
        found = Verdict(population=evidence.population, remarks=("nothing_yet",))
        if family == "total" and evidence.plan is not None:
            found = replace(found, target_year=evidence.plan.year)
        return found
    if family == "rate":
        return rates.judge(definition, at.period, evidence.population, blocks)
    return totals.judge(
        definition,
        at.period,
        evidence.population,
        blocks,
        evidence.plan,
        is_closed=at.is_closed,
        by_period=evidence.by_period,
    )


def _anything(blocks: Sequence[Block]) -> bool:
    return any(any(part for part in block.reported) for block in blocks)

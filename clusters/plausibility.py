"""Which figures deserve a second look. Pure: figures and rules in, warnings out.

A warning never stops anybody; the number is saved already. None always means "no data" and is
never compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Of fewer reported weeks nobody can say what is usual.
FEWEST_USUAL = 4
MOST_USUAL = 8


@dataclass(frozen=True, slots=True)
class Rule:
    """As data: clusters.models.PlausibilityRule. An empty indicator means all; a rule that names
    an indicator takes the place of the general one of its kind there."""

    code: str
    kind: str
    indicator: str = ""
    other: str = ""
    factor: Decimal = Decimal(1)
    minimum: int = 0  # a smaller figure is never asked about


@dataclass(frozen=True, slots=True)
class Subject:
    """One indicator of one facility in one week, as far as the rules look at it."""

    code: str
    name: str
    noun: str  # «ibu hamil»; may be empty
    calc_type: str
    count: int | None  # the facility's own count of the week: what somebody typed
    total: int | None = None  # the week's sum with everything below
    cumulative: int | None = None  # since week 1, or the state reached
    population: int | None = None  # S; None where reports carry the denominator
    earlier: tuple[int, ...] = ()  # own counts of the reported weeks before, newest first

    @property
    def reached(self) -> int | None:
        """What is held against a population or another indicator: a rate starts anew with each
        period, so its week; everything else what has been reached so far."""
        return self.total if self.calc_type == "period_rate" else self.cumulative


@dataclass(frozen=True, slots=True)
class PlausibilityWarning:
    """``message`` names both numbers, in the language that is active."""

    indicator: str
    rule: str
    message: str


def find_warnings(
    subjects: Iterable[Subject], rules: Sequence[Rule]
) -> dict[str, tuple[PlausibilityWarning, ...]]:
    """By indicator code, in the order of the rules; indicators without any are left out.

    Only figures somebody typed in this week are asked about. Zero raises nothing, so only a
    falling state is asked about when it is 0.
    """
    known = {subject.code: subject for subject in subjects}
    found = {}
    for subject in known.values():
        if subject.count is None:
            continue
        said = (_message(subject, rule, known) for rule in rules_for(subject.code, rules))
        warnings = tuple(
            PlausibilityWarning(subject.code, code, message) for code, message in said if message
        )
        if warnings:
            found[subject.code] = warnings
    return found


def rules_for(indicator: str, rules: Sequence[Rule]) -> list[Rule]:
    """The rules an indicator is held to."""
    own = [rule for rule in rules if rule.indicator == indicator]
    kinds = {rule.kind for rule in own}
    general = [rule for rule in rules if not rule.indicator and rule.kind not in kinds]
    return [*general, *own]


def partners(indicator: str, rules: Iterable[Rule]) -> set[str]:
    """The indicators whose warnings may change with this one's figure, itself included."""
    held_against = {rule.indicator for rule in rules if rule.other == indicator}
    return {indicator, *held_against}


def _message(subject: Subject, rule: Rule, known: Mapping[str, Subject]) -> tuple[str, str]:
    text = ""
    if rule.kind == "falling":
        text = _falling(subject, rule)
    elif subject.count:
        if rule.kind == "above_population":
            text = _above_population(subject, rule)
        elif rule.kind == "above_usual":
            text = _above_usual(subject, rule)
        elif rule.kind == "not_above":
            text = _not_above(subject, rule, known.get(rule.other))
    return rule.code, text


def _is_above(figure: int, rule: Rule, base: Fraction | int) -> bool:
    return figure >= rule.minimum and figure > Fraction(rule.factor) * base


def _above_population(subject: Subject, rule: Rule) -> str:
    reached, population = subject.reached, subject.population
    if subject.calc_type == "count" or reached is None or not population:
        return ""
    if not _is_above(reached, rule, population):
        return ""
    words = {
        "count": _number(reached),
        "population": _number(population),
        "noun": subject.noun,
        "percent": _number(int(Fraction(reached, population) * 100)),
    }
    if subject.calc_type == "period_rate":
        text = _(
            "%(count)s this period, but the target population is %(population)s %(noun)s "
            "(%(percent)s%%)."
        )
    else:
        text = _(
            "%(count)s so far, but the target population is %(population)s %(noun)s "
            "(%(percent)s%%)."
        )
    return " ".join((text % words).split())  # an indicator may have no noun


def _above_usual(subject: Subject, rule: Rule) -> str:
    weeks = subject.earlier[:MOST_USUAL]
    if subject.count is None or len(weeks) < FEWEST_USUAL:
        return ""
    usual = Fraction(median(weeks))
    if not _is_above(subject.count, rule, usual):
        return ""
    return ngettext(
        "%(count)s this week; usually about %(usual)s (middle of the last %(weeks)d report).",
        "%(count)s this week; usually about %(usual)s (middle of the last %(weeks)d reports).",
        len(weeks),
    ) % {"count": _number(subject.count), "usual": _number(usual), "weeks": len(weeks)}


def _falling(subject: Subject, rule: Rule) -> str:
    """Only a state can fall: what is counted week by week is 0 or more."""
    if subject.calc_type != "snapshot" or subject.count is None or not subject.earlier:
        return ""
    before = subject.earlier[0]
    if before < rule.minimum or subject.count >= Fraction(rule.factor) * before:
        return ""
    return _("%(count)s now, but %(before)s in the report before; it rarely falls like that.") % {
        "count": _number(subject.count),
        "before": _number(before),
    }


def _not_above(subject: Subject, rule: Rule, other: Subject | None) -> str:
    if other is None or subject.reached is None or other.reached is None:
        return ""
    # A week's figure is not held against one of the whole year.
    if (subject.calc_type == "period_rate") != (other.calc_type == "period_rate"):
        return ""
    if not _is_above(subject.reached, rule, other.reached):
        return ""
    return _("%(name)s: %(count)s, more than %(other)s: %(other_count)s.") % {
        "name": subject.name,
        "count": _number(subject.reached),
        "other": other.name,
        "other_count": _number(other.reached),
    }


def _number(value: int | Fraction) -> str:
    if isinstance(value, Fraction) and value.denominator != 1:
        return number_format(float(value), 1, use_l10n=True, force_grouping=True)
    return number_format(int(value), use_l10n=True, force_grouping=True)

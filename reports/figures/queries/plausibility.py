"""The warnings of a review's rows, with who said that a figure is right all the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from clusters.models import PlausibilityConfirmation, PlausibilityRule
from clusters.plausibility import MOST_USUAL, Rule, Subject, find_warnings, partners
from clusters.weeks import Week
from facilities.models import Facility
from reports.figures.wording import is_english
from reports.shapes import Line


@dataclass(frozen=True, slots=True)
class RowCheck:
    """One warning about the number that stands in a row."""

    indicator: str
    rule: str
    message: str
    confirmed_by: str = ""
    confirmed_at: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None


@dataclass(frozen=True, slots=True)
class Checks:
    """The warnings of a form by indicator code; rows without any are left out."""

    rows: dict[str, tuple[RowCheck, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def of(self, code: str) -> tuple[RowCheck, ...]:
        return self.rows.get(code, ())

    @property
    def unanswered(self) -> set[str]:
        """The indicators with a warning nobody has answered yet."""
        return {code for code, rows in self.rows.items() if any(row.is_open for row in rows)}

    def touched_by(self, code: str) -> set[str]:
        """The other rows whose warnings may change with a figure of this one."""
        return partners(code, self.rules) - {code}


def active_rules() -> tuple[Rule, ...]:
    rows = PlausibilityRule.objects.filter(is_active=True).values_list(
        "code", "kind", "indicator_code", "other_code", "factor", "minimum"
    )
    return tuple(Rule(*row) for row in rows)


def row_checks(facility: Facility, week: Week, lines: Sequence[Line]) -> Checks:
    """The warnings of all rows of a form. Three queries, two when there is no warning."""
    rules = active_rules()
    earlier = _earlier(facility, week, [line.indicator.code for line in lines])
    subjects = [
        _subject(line, earlier.get(line.indicator.code, ()))
        for line in lines
        if not line.computed_from
    ]
    found = find_warnings(subjects, rules)
    said = _confirmed(facility, week, lines) if found else {}
    rows = {
        code: tuple(
            RowCheck(code, one.rule, one.message, *said.get((code, one.rule), ("", None)))
            for one in warnings
        )
        for code, warnings in found.items()
    }
    return Checks(rows, rules)


def _subject(line: Line, earlier: tuple[int, ...]) -> Subject:
    ref, figures = line.indicator, line.figures
    english = is_english()
    return Subject(
        code=ref.code,
        name=ref.name_en if english else ref.name_id,
        noun=ref.people_noun_en if english else ref.people_noun_id,
        calc_type=ref.calc_type,
        count=line.own_count,
        total=figures.week_count,
        cumulative=figures.cumulative,
        population=None if ref.needs_denominator else figures.population,
        earlier=earlier,
    )


# The index by series finds the last few weeks of each indicator without reading its history.
_EARLIER = """
SELECT i.code, a.numerator
FROM unnest(%(codes)s::varchar[]) AS i(code)
CROSS JOIN LATERAL (
  SELECT numerator, week FROM clusters_achievement
  WHERE facility_id = %(facility)s AND indicator_code = i.code AND year IN (%(year)s, %(year)s - 1)
    AND week < %(week)s AND week >= %(since)s AND numerator IS NOT NULL
  ORDER BY week DESC LIMIT %(most)s
) a ORDER BY a.week DESC
"""
_REACH = 60  # weeks: eight monthly reports, or four quarterly ones


def _earlier(facility: Facility, week: Week, codes: Sequence[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _EARLIER,
            {
                "codes": list(codes),
                "facility": facility.pk,
                "year": week.year,
                "week": week.start,
                "since": (week - _REACH).start,
                "most": MOST_USUAL,
            },
        )
        for code, numerator in cursor.fetchall():
            found.setdefault(code, []).append(numerator)
    return {code: tuple(counts) for code, counts in found.items()}


def _confirmed(
    facility: Facility, week: Week, lines: Sequence[Line]
) -> dict[tuple[str, str], tuple[str, dt.datetime]]:
    """(indicator, rule) → who and when, for exactly the numbers that stand there now."""
    now = {line.indicator.code: (line.own_count, line.own_denominator) for line in lines}
    rows = PlausibilityConfirmation.objects.filter(
        achievement__facility=facility, achievement__week=week
    ).select_related("by", "achievement")
    return {
        (row.achievement.indicator_code, row.rule_code): (str(row.by), row.at)
        for row in rows
        if now.get(row.achievement.indicator_code) == (row.numerator, row.denominator)
    }

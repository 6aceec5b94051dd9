"""Decisions on red rows and questions to higher levels as text for the report's tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.printing.pdf import rows, words
from reports.shapes import EscalationRow, Line, ProblemRow, ReviewSheet, RowDecisionRow


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One red row of the review, numbered as on the page."""

    number: int
    name: str
    gap: str
    decision: str
    text: str  # the follow-up, what is asked, or the reason
    owner: str
    due: str
    is_waiting: bool  # no decision
    has_problem: bool  # an open problem counts as the decision


def decision_lines(sheet: ReviewSheet) -> list[DecisionLine]:
    lines = {line.indicator.code: line for line in sheet.lines}
    return [_decision_line(row, lines[row.indicator_code]) for row in sheet.row_decisions]


def _decision_line(row: RowDecisionRow, line: Line) -> DecisionLine:
    kinds = {
        "follow_up": _("Follow-up"),
        "escalate": pgettext("decision", "Escalated"),
        "monitor": pgettext("decision", "Monitored"),
        "problem": _("Open problem"),
    }
    is_monitored = row.kind == "monitor"
    # Asked for by the closed period, or by two weeks far behind.
    is_by_period = line.figures.judged is not None and line.figures.judged.is_forced
    action = row.action or row.problem_title
    return DecisionLine(
        number=row.number,
        name=row.indicator_name,
        gap=rows.people_of(line.at_closing if is_by_period else line),
        decision=kinds.get(row.kind, _("no decision")),
        text=(row.reason if row.kind in {"monitor", "escalate"} else action) or words.NOTHING,
        owner=words.NOTHING if is_monitored else row.owner or words.NOTHING,
        due=words.NOTHING if is_monitored else words.date(row.due_on),
        is_waiting=not row.kind,
        has_problem=row.kind == "problem",
    )


@dataclass(frozen=True, slots=True)
class EscalationLine:
    """What is asked, from whom, until when, and the answer."""

    number: int
    title: str
    place: str
    asked: str
    of: str
    due: str
    answer: str
    is_overdue: bool


def escalation_lines(
    asked: Iterable[EscalationRow],
    problems: Iterable[ProblemRow],
    timezone: str,
    zone_name: str,
) -> list[EscalationLine]:
    """Questions to higher levels, then what was asked of other offices by a follow-up; problems
    escalated before questions were kept are listed by their follow-up."""
    result: list[EscalationLine] = []
    known = set()
    for row in asked:
        known.add(row.problem_id)
        result.append(
            EscalationLine(
                number=len(result) + 1,
                title=row.problem_title,
                place=", ".join(filter(None, [row.facility.name, row.village])),
                asked="; ".join(dict.fromkeys(filter(None, [reason(row), row.comment]))),
                of=row.to_facility.name,
                due=words.moment(row.answer_due_at, timezone, zone_name),
                answer=_answer(row, timezone, zone_name),
                is_overdue=row.is_overdue,
            )
        )
    for problem in problems:
        for follow_up in problem.follow_ups:
            is_asked = follow_up.escalated_to or problem.status == "escalated"
            if not is_asked or (problem.id in known and not follow_up.escalated_to):
                continue
            result.append(
                EscalationLine(
                    number=len(result) + 1,
                    title=problem.title,
                    place=", ".join(filter(None, [problem.facility.name, problem.village])),
                    asked=follow_up.action or words.NOTHING,
                    of=follow_up.escalated_to or words.NOTHING,
                    due=words.date(follow_up.due_on),
                    answer=follow_up.evidence or words.NOTHING,
                    is_overdue=follow_up.is_overdue,
                )
            )
    return result


def reason(row: EscalationRow) -> str:
    said = {
        "asked": "",
        "overdue_twice": _("Overdue twice"),
        "many_villages": _("Same problem in three or more villages"),
        "event": _("Death, outbreak or violence"),
    }
    return said.get(row.reason, row.reason)


def _answer(row: EscalationRow, timezone: str, zone_name: str) -> str:
    if row.answered_at is None:
        return _("not answered, overdue") if row.is_overdue else _("not answered yet")
    at = words.moment(row.answered_at, timezone, zone_name)
    return f"{row.answer} ({row.answered_by}, {at})"

"""The paper of a Puskesmas' meeting: two pages. What does not fit stands in annex C."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from reports.figures import status_words
from reports.printing.pdf import rows, words
from reports.printing.pdf.decisions import EscalationLine, decision_lines, escalation_lines
from reports.printing.pdf.fitting import Fit
from reports.printing.pdf.minutes import meeting_day, sent_line
from reports.printing.pdf.summary import (
    FEW_EVENTS,
    MOST_EVENTS,
    event_context,
    is_urgent,
    sentence,
)
from reports.shapes import FilingState, Line, ReviewSheet

MOST_LINES = 15
BRIEF_NAMES = 12  # missing Pustu named where the paper is full; annex C has all


def meeting_lines(sheet: ReviewSheet) -> tuple[Line, ...]:
    """The rows the meeting speaks about, at most fifteen, in the order of the catalogue: events,
    rows with a decision, then the priorities: red, below target, not reported, the others.
    Sheets signed before there were priorities are searched whole."""
    decided = {row.indicator_code for row in sheet.row_decisions}

    def weight(line: Line) -> int | None:
        if is_urgent(line):
            return 0
        if line.indicator.code in decided:
            return 1
        if line.figures.judged is not None and not line.is_priority:
            return None
        if line.figures.colour == "red":
            return 2
        if line.figures.is_on_target is False:
            return 3
        if words.is_missing(line):
            return 4
        return 5 if line.is_priority else None

    weighed = [
        (found, -abs(line.figures.gap or 0), place)
        for place, line in enumerate(sheet.lines)
        if (found := weight(line)) is not None
    ]
    chosen = {place for _weight, _gap, place in sorted(weighed)[:MOST_LINES]}
    return tuple(line for place, line in enumerate(sheet.lines) if place in chosen)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One priority on the first page; every cell is text."""

    number: int
    name: str
    target: str
    week: str
    achieved: str
    gap: str
    percent: str
    glyph: str
    status: str
    reported: str
    is_strong: bool


def meeting_row(number: int, line: Line) -> MeetingRow:
    figures = line.figures
    _class, glyph, status = words.status(line)
    achieved = words.number(figures.cumulative)
    if figures.cumulative is not None and figures.cumulative_denominator is not None:
        achieved = f"{achieved}/{words.number(figures.cumulative_denominator)}"
    missing = words.is_missing(line)
    return MeetingRow(
        number=number,
        name=line.indicator.name_id,
        target=words.number(figures.target_to_date)
        if figures.target_to_date is not None
        else words.percent(figures.target_percent),
        week=_("not reported") if missing else _marked(line),
        achieved=achieved,
        gap=words.signed(figures.gap),
        percent=words.percent(figures.percent_of_target),
        glyph=glyph,
        status=_with_period(line, status),
        reported=reported(line),
        is_strong=figures.colour == "red",
    )


def _with_period(line: Line, status: str) -> str:
    """«Cukup (Okt); tertinggal 12 ibu»: the official word, then the week's own signal."""
    period = words.status_period(line)
    said = f"{status} ({period})" if period else status
    signal = status_words.signal_words(line) if line.figures.signal != "on_track" else ""
    return f"{said}; {signal}" if signal else said


def _marked(line: Line) -> str:
    """With a star where the Puskesmas used another figure than the sum; said below the table."""
    return words.number(line.figures.week_count) + ("*" if line.replaced else "")


def reported(line: Line) -> str:
    """«4 dari 5»: how many of the units below have reported the row."""
    if not line.expected:
        return words.NOTHING
    return _("%(n)d of %(of)d") % {"n": line.reported, "of": line.expected}


@dataclass(frozen=True, slots=True)
class Entry:
    """A problem or a decision: on the paper as a row, in annex C over the whole width."""

    number: str
    title: str
    about: str
    cause: str
    action: str
    evidence: str
    owner: str
    due: str
    overdue: str
    state: str
    asked: str = ""  # of a higher level, and its answer
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


def problem_groups(sheet: ReviewSheet) -> tuple[list[list[Entry]], list[list[Entry]]]:
    """(of earlier weeks, new), each problem with its follow-ups as one or more entries."""
    asked = _asked(sheet)
    numbers = count(1)
    groups = []
    for problems in (sheet.carried_problems, sheet.new_problems):
        found = []
        for problem in problems:
            number = next(numbers)
            lines = rows.follow_up_lines((problem,))
            found.append(
                [_entry(number, line, asked.get(problem.id, "")) for line in lines]
            )  # fmt: skip
        groups.append(found)
    return groups[0], groups[1]


def _entry(number: int, row: rows.FollowUpLine, asked: str) -> Entry:
    parts = [row.place, row.cluster, row.indicator, row.people, row.age]
    state = [row.priority, row.status]
    if row.escalated_to != words.NOTHING:
        state.append(f"→ {row.escalated_to}")
    return Entry(
        number=str(number),
        title=row.title if row.is_first else "",
        about=" · ".join(filter(None, parts)) if row.is_first else "",
        cause=row.cause if row.is_first and row.cause != words.NOTHING else "",
        action=row.action,
        evidence=row.evidence,
        owner=row.owner,
        due=row.due,
        overdue=row.overdue,
        state=", ".join(state) if row.is_first else words.NOTHING,
        asked=asked if row.is_first else "",
    )


def _asked(sheet: ReviewSheet) -> dict[int, str]:
    """Problem id → what was asked of a higher level, until when, and the answer."""
    found: dict[int, list[str]] = {}
    lines = escalation_lines(sheet.escalations, (), sheet.timezone, sheet.zone_name)
    for row, line in zip(sheet.escalations, lines, strict=True):
        found.setdefault(row.problem_id, []).append(asked_text(line))
    return {problem: " ".join(texts) for problem, texts in found.items()}


def asked_text(line: EscalationLine) -> str:
    said = {"of": line.of, "due": line.due, "asked": line.asked or line.title}
    text = _("Asked of %(of)s (due %(due)s): %(asked)s.") % said
    return f"{text} {line.answer}."


def decision_entries(sheet: ReviewSheet) -> list[Entry]:
    """Decisions on rows whose problem is not listed anyway, decisions of the minutes, and
    questions whose problem is closed: in this order."""
    problems = sheet.carried_problems + sheet.new_problems
    listed = {problem.id for problem in problems}
    entries = [
        Entry(
            number=str(line.number), title=line.name, about=line.gap, cause="",
            action=line.decision if line.text == words.NOTHING else f"{line.decision}: {line.text}",
            evidence="", owner=line.owner, due=line.due, overdue="",
            state=_("no decision") if line.is_waiting else _("this meeting"),
        )
        for row, line in zip(sheet.row_decisions, decision_lines(sheet), strict=True)
        if row.problem_id not in listed or row.problem_id is None
    ]  # fmt: skip
    entries += [
        Entry(
            number=str(row.number), title=_("Decision %(n)d") % {"n": row.number}, about="",
            cause="", action=row.text, evidence="", owner=words.NOTHING, due=words.NOTHING,
            overdue="", state=_("withdrawn") if row.is_withdrawn else _("this meeting"),
            is_withdrawn=row.is_withdrawn,
        )
        for row in sheet.meeting_decisions
    ]  # fmt: skip
    others = [row for row in sheet.escalations if row.problem_id not in listed]
    for line in escalation_lines(others, (), sheet.timezone, sheet.zone_name):
        entries.append(
            Entry(
                number=str(line.number), title=line.title, about=line.place, cause="",
                action=line.asked or words.NOTHING, evidence="", owner=line.of, due=line.due,
                overdue="", state=line.answer,
            )
        )  # fmt: skip
    return entries


def groups_of(
    carried: Iterable[list[Entry]], new: Iterable[list[Entry]], decisions: Iterable[Entry]
) -> list[Group]:
    """Without empty ones."""
    groups = [
        Group(_("III. Follow-up of last week"), tuple(row for one in carried for row in one)),
        Group(_("IX. New problems"), tuple(row for one in new for row in one)),
        Group(_("X and XI. Decisions and escalations"), tuple(decisions)),
    ]
    return [group for group in groups if group.entries]


def reasons(sheet: ReviewSheet) -> list[tuple[str, str]]:
    """(what was open when it was sent, the answer given in its place)."""
    found = [
        (_("Sent without all figures, because"), sheet.empty_reason),
        (_("Figures not confirmed, because"), sheet.doubts_reason),
        (_("Cases without an event record, because"), sheet.events_reason),
        (_("Problems without a decision, because"), sheet.problems_reason),
        (_("Rows without a decision, because"), sheet.undecided_reason),
    ]
    return [(label, text) for label, text in found if text]


def missing_names(states: Iterable[FilingState]) -> list[str]:
    """«Pustu Kelubi (late by 2 days)» of each that has not reported."""
    return [
        f"{row.facility.name} ({_('late by %(days)d days') % {'days': row.days_late}})"
        if row.days_late
        else row.facility.name
        for row in states
        if not row.is_reported
    ]


def meeting_context(sheet: ReviewSheet, fit: Fit) -> dict[str, Any]:
    """Everything the paper prints beside the frame."""
    carried, new = problem_groups(sheet)
    decisions = decision_entries(sheet)
    shown = fit.problems(len(carried) + len(new))
    kept = fit.decisions(len(decisions))
    missing = missing_names(sheet.filings)
    named = missing[:BRIEF_NAMES] if fit.is_brief else missing
    return {
        "sentence": sentence(sheet),
        "facts": facts(sheet, has_lists=has_lists(sheet, fit)),
        "sent": sent_line(sheet),
        "urgent": [rows.line_row(line) for line in sheet.lines if is_urgent(line)],
        **event_context(sheet, FEW_EVENTS if fit.is_brief else MOST_EVENTS),
        "reasons": reasons(sheet),
        "has_urgent_lines": any(line.indicator.is_alert for line in sheet.lines),
        "missing": named,
        "more_missing": len(missing) - len(named),
        "clusters": _clusters(sheet),
        "replaced": [
            f"{line.indicator.name_id}: {rows.line_row(line).replaced}"
            for line in meeting_lines(sheet)
            if line.replaced
        ],
        "groups": groups_of(
            carried[:shown], new[: max(0, shown - len(carried))], decisions[:kept]
        ),
        "moved_problems": len(carried) + len(new) - shown,
        "moved_decisions": len(decisions) - kept,
        "corrections": len(sheet.corrections),
        "is_compact": fit.is_compact,
        "is_brief": fit.is_brief,
        **attendance(sheet),
    }  # fmt: skip


def has_lists(sheet: ReviewSheet, fit: Fit) -> bool:
    """Whether annex C has anything to say."""
    problems = len(sheet.carried_problems) + len(sheet.new_problems)
    moved = fit.problems(problems) < problems or fit.is_brief
    return moved or bool(sheet.corrections)


def facts(sheet: ReviewSheet, *, has_lists: bool) -> list[tuple[str, str, str, str]]:
    """(label, text, label, text) of section I: two columns."""
    present = sum(row.is_present for row in sheet.attendance)
    held = sheet.attendance and sheet.meeting_on
    of = {"n": present, "of": len(sheet.attendance)}
    annexes = [_("A. All indicators"), _("B. By place")]
    if has_lists:
        annexes.append(_("C. Lists"))
    return [
        (_("Day and date"), meeting_day(sheet), _("Classification"),
         sheet.letterhead.classification or words.NOTHING),
        (_("Place"), sheet.meeting_place or words.NOTHING, _("Annexes"), "; ".join(annexes)),
        (_("Chair"), sheet.chair_name or words.NOTHING, _("Present"),
         _("%(n)d of %(of)d people") % of if held else words.NOTHING),
    ]  # fmt: skip


def attendance(sheet: ReviewSheet) -> dict[str, Any]:
    """Rows for a table, and the same as two sentences where there is little room."""
    is_held = sheet.meeting_on is not None

    def state(is_present: bool) -> str:
        return (_("present") if is_present else _("absent")) if is_held else words.NOTHING

    def said(is_present: bool) -> str:
        people = [row for row in sheet.attendance if row.is_present is is_present]
        return "; ".join(
            ", ".join(filter(None, [row.name, row.position, row.facility])) for row in people
        )

    return {
        "attendance": [
            (number, row.name or "." * 24, row.position or words.NOTHING,
             row.facility or words.NOTHING, state(row.is_present))
            for number, row in enumerate(sheet.attendance, 1)
        ],
        "present": said(True) if is_held else "",
        "absent": said(False) if is_held else "",
        "invited": "" if is_held else said(False),
    }  # fmt: skip


def _clusters(sheet: ReviewSheet) -> list[tuple[str, list[MeetingRow]]]:
    chosen = set(map(id, meeting_lines(sheet)))
    numbers = count(1)
    found = []
    for block in sheet.clusters:
        lines = [meeting_row(next(numbers), line) for line in block.lines if id(line) in chosen]
        if lines:
            found.append((block.name_id, lines))
    return found

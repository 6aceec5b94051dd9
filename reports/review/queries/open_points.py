"""What is still open before a review can be sent: each point with the places that close it.

The page counts them while the review is written, the check page asks for each, and the action
that sends refuses while one is left (``reports.review.actions.readiness``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models.facility import FacilityKind
from reports.deadlines.queries.gaps import week_gaps
from reports.events.queries.counted import differences, to_explain
from reports.figures.queries.plausibility import Checks
from reports.figures.wording import is_english
from reports.models import WeeklyReview
from reports.review.queries.row_decisions import undecided
from reports.shapes import AttendanceRow, IndicatorRef, Line, ReviewSheet, RowDecisionRow

Kind = Literal[
    "week", "gaps", "meeting", "denominator", "empty", "doubts", "problems", "decisions", "events"
]  # fmt: skip
# The reason that stands in for what is missing; the others have to be put right.
REASON_OF: Mapping[str, str] = {
    "gaps": "gap_reason",
    "meeting": "no_meeting_reason",
    "empty": "empty_reason",
    "doubts": "doubts_reason",
    "problems": "problems_reason",
    "decisions": "undecided_reason",
    "events": "events_reason",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point is answered: an element of the review's page, or another week's review."""

    anchor: str
    label: str
    week: Week | None = None
    note: str = ""  # what deserves a second look there
    record: str = ""  # the indicator whose cases lack an event record


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One kind of thing that is open; ``reason``: the name of the answer that may replace it."""

    kind: Kind
    text: str
    places: tuple[Place, ...]
    reason: str = ""
    heading: str = ""  # without the names, where the places stand below it

    @property
    def title(self) -> str:
        return self.heading or self.text


def is_missing(line: Line) -> bool:
    """As in the PDF: a month's figure given in an earlier week of the month is there."""
    return line.is_due and not line.is_filled


def label_of(indicator: IndicatorRef) -> str:
    return indicator.name_en if is_english() else indicator.name_id


def open_points(
    review: WeeklyReview,
    sheet: ReviewSheet,
    checks: Checks,
    decided: Collection[int],
    today: dt.date,
    records: Mapping[str, int],
) -> tuple[OpenPoint, ...]:
    """Everything that is open, in the order of the meeting. ``decided``: the problems of earlier
    weeks with a decision in this one; ``today``: where the facility is; ``records``: event
    records of the week by indicator."""
    found = (
        unfinished_week(review, today),
        _gaps(review),
        meeting_point(review, sheet.attendance),
        _problems(sheet, decided),
        *row_points(review, sheet.lines, sheet.row_decisions, checks, records),
    )
    return tuple(point for point in found if point is not None)


def row_points(
    review: WeeklyReview,
    lines: Sequence[Line],
    decisions: Sequence[RowDecisionRow],
    checks: Checks,
    records: Mapping[str, int],
) -> tuple[OpenPoint, ...]:
    """What is open in the rows: the part that a saved number changes."""
    found = (
        _events(lines, records),
        _decisions(lines, decisions),
        _denominators(review, lines),
        _empty(lines),
        _doubts(lines, checks),
    )
    return tuple(point for point in found if point is not None)


def unfinished_week(review: WeeklyReview, today: dt.date) -> OpenPoint | None:
    """A week is signed only when its last day is over where the facility is."""
    end = review.week.end
    if today > end:
        return None
    text = _("This week is not over yet: it ends on %(end)s. It can be sent from %(day)s.") % {
        "end": formats.date_format(end, "l, j F Y"),
        "day": formats.date_format(end + dt.timedelta(days=1), "l, j F Y"),
    }
    return OpenPoint("week", text, ())


def _gaps(review: WeeklyReview) -> OpenPoint | None:
    gaps = week_gaps([review.facility], review.week).get(review.facility_id, ())
    weeks = [gap.week for gap in gaps if not gap.reason]
    if not weeks:
        return None
    text = ngettext(
        "%(n)s week before this one was never sent. Send it first, or say why not.",
        "%(n)s weeks before this one were never sent. Send them first, or say why not.",
        len(weeks),
    )
    places = tuple(
        Place("", _("Week %(n)s of %(year)s") % {"n": week.number, "year": week.year}, week)
        for week in weeks
    )
    return OpenPoint("gaps", text % {"n": len(weeks)}, places, REASON_OF["gaps"])


def meeting_point(review: WeeklyReview, attendance: Sequence[AttendanceRow]) -> OpenPoint | None:
    """A signature of a Puskesmas says that people met: when, where, led by whom, with whom."""
    if review.facility.kind != FacilityKind.PUSKESMAS:
        return None
    asked = (
        (review.meeting_on is not None, "id_meeting_on", _("date")),
        (bool(review.meeting_place.strip()), "id_meeting_place", _("place")),
        (bool(review.chair_name.strip()), "id_chair_name", _("chair")),
        (
            any(row.is_present for row in attendance),
            "id_present_0" if any(row.facility for row in attendance) else "person-name",
            _("who was present"),
        ),
    )
    places = tuple(Place(anchor, label) for is_there, anchor, label in asked if not is_there)
    if not places:
        return None
    names = ", ".join(place.label for place in places)
    if review.meeting_on is not None:
        # A day of the meeting and a reason for none would contradict each other.
        text = _("The meeting is not complete: %(names)s.") % {"names": names}
        return OpenPoint("meeting", text, places)
    text = _("The meeting is not written down: %(names)s. Was there none?") % {"names": names}
    return OpenPoint("meeting", text, places, REASON_OF["meeting"])


def _problems(sheet: ReviewSheet, decided: Collection[int]) -> OpenPoint | None:
    rows = [row for row in sheet.carried_problems if not row.is_closed and row.id not in decided]
    if not rows:
        return None
    text = ngettext(
        "%(n)s problem from last week has no decision",
        "%(n)s problems from last week have no decision",
        len(rows),
    )
    places = tuple(Place(f"problem-{row.id}", row.title) for row in rows)
    return OpenPoint("problems", text % {"n": len(rows)}, places, REASON_OF["problems"])


def _events(lines: Sequence[Line], records: Mapping[str, int]) -> OpenPoint | None:
    """Deaths and alerts whose number is not that of their records."""
    rows = to_explain(differences(lines, records))
    if not rows:
        return None
    text = ngettext(
        "%(n)s count of deaths and events differs from the event records",
        "%(n)s counts of deaths and events differ from the event records",
        len(rows),
    )
    names = {line.indicator.code: label_of(line.indicator) for line in lines}
    places = tuple(
        Place(
            f"r-{row.code}",
            names[row.code],
            note=_("counted %(counted)s, recorded %(recorded)s")
            % {"counted": row.counted, "recorded": row.recorded},
            record=row.code if row.missing > 0 else "",
        )
        for row in rows
    )
    return OpenPoint("events", text % {"n": len(rows)}, places, REASON_OF["events"])


def _decisions(lines: Sequence[Line], rows: Sequence[RowDecisionRow]) -> OpenPoint | None:
    waiting = undecided(lines, rows)
    if not waiting:
        return None
    text = ngettext(
        "%(n)s red row has no decision yet: %(names)s.",
        "%(n)s red rows have no decision yet: %(names)s.",
        len(waiting),
    ) % {"n": len(waiting), "names": ", ".join(label_of(line.indicator) for line in waiting)}
    heading = ngettext(
        "%(n)s red row has no decision yet. Send with a reason?",
        "%(n)s red rows have no decision yet. Send with a reason?",
        len(waiting),
    ) % {"n": len(waiting)}
    places = tuple(_row_place("dec", line) for line in waiting)
    return OpenPoint("decisions", text, places, REASON_OF["decisions"], heading)


def _row_place(piece: str, line: Line, note: str = "") -> Place:
    return Place(f"{piece}-{line.indicator.code}", label_of(line.indicator), note=note)


def _denominators(review: WeeklyReview, lines: Sequence[Line]) -> OpenPoint | None:
    """A count without its denominator may stand while it is typed, but cannot be signed: the
    rate of everybody above would rise by cases that are out of nobody."""
    half = [line for line in lines if line.own_count is not None and line.own_denominator is None]
    if not half:
        return None
    found = Indicator.objects.in_week(review.week).filter(
        code__in=[line.indicator.code for line in half]
    )
    codes = {row.code for row in found if row.needs_denominator}
    waiting = [line for line in half if line.indicator.code in codes]
    if not waiting:
        return None
    names = ", ".join(label_of(line.indicator) for line in waiting)
    text = _("These counts lack their denominator: %(names)s.") % {"names": names}
    return OpenPoint("denominator", text, tuple(_row_place("d", line) for line in waiting))


def _empty(lines: Sequence[Line]) -> OpenPoint | None:
    rows = [line for line in lines if is_missing(line)]
    if not rows:
        return None
    text = ngettext(
        "%(n)s indicator is not filled in. Send with a reason?",
        "%(n)s indicators are not filled in. Send with a reason?",
        len(rows),
    )
    places = tuple(_row_place("n", line) for line in rows)
    return OpenPoint("empty", text % {"n": len(rows)}, places, REASON_OF["empty"])


def _doubts(lines: Sequence[Line], checks: Checks) -> OpenPoint | None:
    rows = [line for line in lines if line.indicator.code in checks.unanswered]
    if not rows:
        return None
    text = ngettext(
        "%(n)s figure deserves a second look",
        "%(n)s figures deserve a second look",
        len(rows),
    )
    places = tuple(
        _row_place(
            "r", line, " ".join(c.message for c in checks.of(line.indicator.code) if c.is_open)
        )
        for line in rows
    )
    return OpenPoint("doubts", text % {"n": len(rows)}, places, REASON_OF["doubts"])

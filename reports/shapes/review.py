"""The weekly review of a Puskesmas or a Pustu."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.shapes.events import EventRow
from reports.shapes.figures import AnnexRow, ClusterBlock, Line, RegionChart, Tally
from reports.shapes.meeting import (
    AttendanceRow,
    CorrectionRow,
    MeetingDecisionRow,
    RowDecisionRow,
    Signature,
)
from reports.shapes.places import FacilityRef, FilingState, Letterhead, WeekRef
from reports.shapes.problems import EscalationRow, ProblemRow


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A weekly review of a Puskesmas or a Pustu: everything page, PDF and API show."""

    facility: FacilityRef
    parent: FacilityRef | None
    district: FacilityRef
    district_name: str
    timezone: str  # IANA name
    zone_name: str  # WIB, WITA, WIT
    is_demo: bool
    week: WeekRef
    status: str
    revision: int
    document_number: str
    deadline_at: dt.datetime
    submitted_at: dt.datetime | None
    days_late: int
    letterhead: Letterhead
    tally: Tally
    clusters: tuple[ClusterBlock, ...]
    filings: tuple[FilingState, ...]  # the Pustu of a Puskesmas; empty for a Pustu
    charts: tuple[RegionChart, ...]  # at most six priority indicators
    annex: tuple[AnnexRow, ...]  # every Pustu (and village Posyandu group) x indicator
    carried_problems: tuple[ProblemRow, ...]  # open from earlier weeks
    new_problems: tuple[ProblemRow, ...]
    attendance: tuple[AttendanceRow, ...]
    meeting_on: dt.date | None
    meeting_place: str
    chair_name: str
    conclusion: str
    signature: Signature
    row_decisions: tuple[RowDecisionRow, ...] = ()  # one for each red row
    undecided_reason: str = ""
    escalations: tuple[EscalationRow, ...] = ()
    meeting_decisions: tuple[MeetingDecisionRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()  # of earlier weeks, signed since the last review
    data_due_at: dt.datetime | None = None
    meeting_due_at: dt.datetime | None = None  # None for a Pustu: it holds no meeting
    answer_due_at: dt.datetime | None = None
    meeting_days_late: int = 0  # past the deadline; without a date: so far
    # What was answered in place of what is asked before sending; empty where nothing was open.
    no_meeting_reason: str = ""  # the evaluation was made without a meeting
    empty_reason: str = ""
    doubts_reason: str = ""
    problems_reason: str = ""
    events_reason: str = ""
    # Not closed yet, of any week, in order of date. None: signed before they were kept.
    events: tuple[EventRow, ...] | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for block in self.clusters for line in block.lines)

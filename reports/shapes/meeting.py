"""The meeting: who was there, what was decided, what was corrected, who signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.shapes.places import FacilityRef


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    name: str
    position: str
    facility: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs; the signed_* fields are empty until someone did."""

    head_name: str
    head_title: str  # «Kepala UPTD Puskesmas Manggar»
    head_rank: str
    head_nip: str
    minutes_by: str
    signed_by: str
    signed_role: str
    signed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class RowDecisionRow:
    """What was decided on one row that is red or Jelek; its figures are the line's."""

    number: int
    indicator_code: str
    indicator_name: str  # Indonesian, as in ProblemRow
    indicator_name_en: str
    # follow_up, escalate, monitor; «problem»: an open problem on this row; empty: nothing yet
    kind: str
    reason: str  # why it is only monitored, or what is asked
    problem_id: int | None
    problem_title: str
    action: str
    owner: str
    due_on: dt.date | None
    by: str
    at: dt.datetime | None
    week: str  # the week it was decided in; an earlier one for a row not due again since
    version: int  # 0: no decision of this review yet


@dataclass(frozen=True, slots=True)
class MeetingDecisionRow:
    """«Keputusan 3»: one line of the minutes. A withdrawn one keeps its number."""

    number: int
    text: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """«Koreksi minggu ke-45: K1 12 → 14»: what a later revision of an earlier week changed.
    Cumulative figures follow the counts and contain it already."""

    week: str  # the corrected one
    week_number: int
    revision: int
    signed_at: dt.datetime
    reason: str
    indicator_code: str
    indicator_name: str  # Indonesian, as in ProblemRow
    indicator_name_en: str
    before_count: int | None  # None: no data, not zero
    after_count: int | None
    before_denominator: int | None
    after_denominator: int | None
    before_cumulative: int | None
    after_cumulative: int | None
    place: FacilityRef | None = None  # a Pustu below whose review it was; None: this one's own

"""Read shapes: the same frozen dataclasses feed page, PDF and API.

A sheet is stored as canonical JSON when a review is signed, and read back into the same types,
so a frozen report is drawn by the same code as a live page. Names that a reader sees are in
Indonesian and English side by side where catalogues have both.
"""

from reports.shapes.district import DistrictSheet, GapRow, PuskesmasRow
from reports.shapes.events import EventRow
from reports.shapes.figures import (
    AnnexRow,
    ClusterBlock,
    IndicatorRef,
    Line,
    RegionCell,
    RegionChart,
    ReplacedSum,
    Tally,
)
from reports.shapes.meeting import (
    AttendanceRow,
    CorrectionRow,
    MeetingDecisionRow,
    RowDecisionRow,
    Signature,
)
from reports.shapes.places import (
    FacilityRef,
    FilingState,
    Letterhead,
    RolloutBar,
    TimelinessRow,
    WeekRef,
)
from reports.shapes.problems import EscalationRow, FollowUpRow, ProblemRow
from reports.shapes.review import ReviewSheet

__all__ = [
    "AnnexRow",
    "AttendanceRow",
    "ClusterBlock",
    "CorrectionRow",
    "DistrictSheet",
    "EscalationRow",
    "EventRow",
    "FacilityRef",
    "FilingState",
    "FollowUpRow",
    "GapRow",
    "IndicatorRef",
    "Letterhead",
    "Line",
    "MeetingDecisionRow",
    "ProblemRow",
    "PuskesmasRow",
    "RegionCell",
    "RegionChart",
    "ReplacedSum",
    "ReviewSheet",
    "RolloutBar",
    "RowDecisionRow",
    "Signature",
    "Tally",
    "TimelinessRow",
    "WeekRef",
]

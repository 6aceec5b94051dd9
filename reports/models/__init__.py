from reports.models.attachment import Attachment
from reports.models.correction import Correction
from reports.models.decision import MeetingDecision, RowDecision
from reports.models.delivery import Delivery, LedgerEntry
from reports.models.document import ReportDocument, Snapshot
from reports.models.draft import UploadDraft
from reports.models.escalation import Escalation
from reports.models.event import HealthEvent
from reports.models.problem import FollowUp, Problem, ProblemStep
from reports.models.review import (
    Attendance,
    ExcusedWeek,
    ReviewRevision,
    ReviewStep,
    WeeklyReview,
)
from reports.models.suggestion import ProblemSuggestion
from reports.models.upload import SheetUpload

__all__ = [
    "Attachment",
    "Attendance",
    "Correction",
    "Delivery",
    "Escalation",
    "ExcusedWeek",
    "FollowUp",
    "HealthEvent",
    "LedgerEntry",
    "MeetingDecision",
    "Problem",
    "ProblemStep",
    "ProblemSuggestion",
    "ReportDocument",
    "ReviewRevision",
    "ReviewStep",
    "RowDecision",
    "SheetUpload",
    "Snapshot",
    "UploadDraft",
    "WeeklyReview",
]

from reports.models.document import ReportDocument, Snapshot
from reports.models.problem import FollowUp, Problem, ProblemStep
from reports.models.review import Attendance, ReviewRevision, ReviewStep, WeeklyReview

__all__ = [
    "Attendance",
    "FollowUp",
    "Problem",
    "ProblemStep",
    "ReportDocument",
    "ReviewRevision",
    "ReviewStep",
    "Snapshot",
    "WeeklyReview",
]

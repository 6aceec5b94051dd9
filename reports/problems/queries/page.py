"""One problem with everything that happened to it: the page of its detail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.models import Cluster, Indicator
from lifecycle.models import LifecycleGroup
from reports.models import Attachment, FollowUp, Problem, ProblemStep
from reports.models.problem import OwnerKind
from reports.states import days_overdue

# What the timeline says of steps that leave the status as it was.
DONE_WORDS: Final = {
    "add": gettext_lazy("Follow-up added"),
    "edit": gettext_lazy("Details changed"),
    "attach": gettext_lazy("File added"),
    "follow_up_done": gettext_lazy("Follow-up done"),
    "letter": gettext_lazy("Letter sent"),
    "answer": gettext_lazy("Answer received"),
}


FIELD_WORDS: Final = {
    "title": gettext_lazy("Problem"),
    "description": gettext_lazy("Description"),
    "village": gettext_lazy("Village"),
    "cluster_code": gettext_lazy("Cluster"),
    "group_code": gettext_lazy("Life-cycle group"),
    "indicator_code": gettext_lazy("Indicator"),
    "people_count": gettext_lazy("Number of people"),
    "category": gettext_lazy("Category"),
    "cause": gettext_lazy("Root cause"),
    "priority": gettext_lazy("Priority"),
    "urgency": gettext_lazy("Urgency"),
    "seriousness": gettext_lazy("Seriousness"),
    "growth": gettext_lazy("Growth"),
    "event": gettext_lazy("Urgent event"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    step: ProblemStep
    words: str  # empty: the status says it
    comment: str


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A follow-up with its files and what may be done about it."""

    row: FollowUp
    files: tuple[Attachment, ...]
    days_overdue: int
    is_outside: bool  # the owner is no health service: a letter can be printed


def timeline(problem: Problem) -> list[Moment]:
    return [
        Moment(step, str(DONE_WORDS.get(step.action, "")), _comment(step))
        for step in problem.steps.select_related("by")
    ]


def _comment(step: ProblemStep) -> str:
    if step.action != "edit":
        return step.comment
    return ", ".join(str(FIELD_WORDS.get(name, name)) for name in step.comment.split(","))


def planned_steps(problem: Problem, today: dt.date) -> list[PlannedStep]:
    """Two queries: the follow-ups and the files of each."""
    rows = problem.follow_ups.select_related("done_by", "created_by").prefetch_related(
        "attachments"
    )
    return [
        PlannedStep(
            row=row,
            files=tuple(row.attachments.all()),
            days_overdue=days_overdue(problem.status, row.due_on, row.done_on, today),
            is_outside=row.owner_kind != OwnerKind.HEALTH,
        )
        for row in rows
    ]


def facts(problem: Problem, *, is_english: bool) -> list[tuple[str, str]]:
    """Label and value of what is known, in the order a reader asks; empty ones are left out."""
    scores = (problem.urgency, problem.seriousness, problem.growth)
    usg = "/".join(map(str, scores)) if all(scores) else ""
    people = "" if problem.people_count is None else str(problem.people_count)
    indicators = Indicator.objects.filter(code=problem.indicator_code).order_by("-valid_from")
    rows = [
        (_("Urgent event"), problem.get_event_display() if problem.event else ""),
        (_("Village"), problem.village.name if problem.village else ""),
        (_("Number of people"), people),
        (_("Cluster"), _name(Cluster.objects.filter(code=problem.cluster_code), is_english)),
        (
            _("Life-cycle group"),
            _name(LifecycleGroup.objects.filter(code=problem.group_code), is_english),
        ),
        (_("Indicator"), _name(indicators, is_english)),
        (_("Category"), problem.get_category_display()),
        (_("Root cause"), problem.cause),
        (_("Priority"), f"{problem.get_priority_display()}{f' (USG {usg})' if usg else ''}"),
        (_("Evidence of closing"), problem.closing_evidence),
        (_("Done by"), str(problem.done_by or "")),
        (_("Verified by"), str(problem.verified_by or "")),
    ]
    return [(label, value) for label, value in rows if value]


def _name(rows: object, is_english: bool) -> str:
    row = rows.first()  # type: ignore[attr-defined]
    return "" if row is None else str(row.name_en if is_english else row.name_id)

"""What the review page shows besides the sheet itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.forms.counts import CountEntry
from reports.forms.meeting import MeetingForm
from reports.forms.problems import RaiseProblemForm
from reports.models import Problem, ProblemStep, ReportDocument, WeeklyReview
from reports.permissions import (
    can_decide_review,
    can_edit_review,
    can_follow_up_problem,
    can_raise_problem,
    can_reopen_review,
    can_replace_sum,
    can_request_report,
    can_submit_review,
)
from reports.queries.document_revisions import successors
from reports.queries.nihil import empty_events
from reports.queries.plausibility import Checks, row_checks
from reports.queries.review_sheet import review_sheet
from reports.queries.shapes import ProblemRow, ReviewSheet
from reports.states import REVIEW_TRANSITIONS, can_transition
from reports.views.documents import polling
from reports.views.lookup import UserRequest, local_today
from reports.views.review_rows import SHOW, Conflict, chips, make_groups

_DECISIONS = {"done", "continue", "escalate"}


@dataclass(frozen=True, slots=True)
class Carried:
    """A problem of last week with what was decided about it in this one."""

    row: ProblemRow
    version: int
    decision: str
    can_decide: bool


def review_kwargs(review: WeeklyReview) -> dict[str, str]:
    return {"week": str(review.week), "code": review.facility.code}


def review_url(review: WeeklyReview, name: str = "detail") -> str:
    return reverse(f"reports:review-{name}", kwargs=review_kwargs(review))


def pustu_choices(review: WeeklyReview) -> list[tuple[int, str]]:
    """The Pustu whose heads sit in the meeting: those open in the week."""
    if review.facility.kind != FacilityKind.PUSKESMAS:
        return []
    rows = Facility.objects.filter(kind=FacilityKind.PUSTU).below(review.facility)
    return [(row.pk, row.short_name) for row in rows.open_on(review.week.end)]


def meeting_form(review: WeeklyReview, data: Any = None) -> MeetingForm:
    present: set[int] = set()
    if review.pk:
        attended = review.attendances.filter(is_present=True, facility__isnull=False)
        present = set(attended.values_list("facility_id", flat=True))
    return MeetingForm(
        data,
        review=review,
        choices=pustu_choices(review),
        today=local_today(review.facility),
        present=present,
        prefix=None,
    )


def carried_problems(user: Any, review: WeeklyReview, sheet: ReviewSheet) -> list[Carried]:
    ids = [row.id for row in sheet.carried_problems]
    problems = {
        row.pk: row
        for row in Problem.objects.visible_to(user).filter(pk__in=ids).select_related("facility")
    }
    steps = ProblemStep.objects.filter(
        problem__in=ids, week=review.week, action__in=_DECISIONS
    ).order_by("at", "pk")
    decided = {step.problem_id: step.action for step in steps}
    return [
        Carried(
            row=row,
            version=problems[row.id].version if row.id in problems else 0,
            decision=decided.get(row.id, ""),
            can_decide=row.id in problems and can_follow_up_problem(user, problems[row.id]),
        )
        for row in sheet.carried_problems
    ]


def allowed_steps(user: Any, review: WeeklyReview) -> dict[str, bool]:
    """Which buttons the user gets now."""

    def possible(action: str) -> bool:
        return review.pk is not None and can_transition(REVIEW_TRANSITIONS, action, review)

    decides = can_decide_review(user, review)
    return {
        "can_edit": review.is_editable and can_edit_review(user, review),
        "can_submit": review.is_editable and can_submit_review(user, review),
        "can_replace": review.is_editable and can_replace_sum(user, review),
        "can_approve": decides and possible("approve"),
        "can_return": decides and possible("return"),
        "can_reopen": can_reopen_review(user, review)
        and possible("reopen")
        and review.status == "approved",
    }


def page_context(
    request: UserRequest,
    review: WeeklyReview,
    sheet: ReviewSheet | None = None,
    *,
    entries: Mapping[str, CountEntry] | None = None,
    conflicts: Mapping[str, Conflict] | None = None,
    **extra: Any,
) -> dict[str, Any]:
    """Everything ``review_detail.html`` needs; ``entries`` are rows that were refused."""
    sheet = sheet or review_sheet(review)
    user, facility = request.user, review.facility
    steps = allowed_steps(user, review)
    show = request.GET.get("show", "")
    show = show if show in SHOW else ""
    is_live = review.is_editable and "revision" not in extra
    steps["can_replace"] = steps["can_replace"] and is_live
    # What was signed is no longer asked about.
    checks = row_checks(facility, review.week, sheet.lines) if is_live else Checks()
    context = {
        "review": review,
        "sheet": sheet,
        "facility": facility,
        "week": review.week,
        "now": timezone.now(),
        "kwargs": review_kwargs(review),
        "is_puskesmas": facility.kind == FacilityKind.PUSKESMAS,
        "is_frozen": not review.is_editable,
        "groups": make_groups(
            sheet,
            show=show,
            open_note=request.GET.get("note", ""),
            entries=entries,
            conflicts=conflicts,
            checks=checks,
        ),
        "chips": chips(sheet.lines, show, checks.unanswered),
        "nihil": len(empty_events(sheet.lines)) if steps["can_edit"] and is_live else 0,
        "show": show,
        "shows_later": "later" in request.GET or bool(show),
        "refused": _refused(sheet, entries or {}, conflicts or {}),
        "carried": carried_problems(user, review, sheet),
        "revisions": list(review.revisions.order_by("number")) if review.pk else [],
        "steps": list(review.steps.select_related("by")) if review.pk else [],
        "can_raise": can_raise_problem(user, facility),
        "can_request": can_request_report(user, facility),
        **steps,
        **extra,
    }
    if steps["can_edit"]:
        context.setdefault("meeting", meeting_form(review))
    if context["can_raise"]:
        context.setdefault("problem_form", raise_form(review))
    if context["is_frozen"]:
        documents = review_documents(user, review)
        newer = successors(documents)
        context |= {
            "documents": [(row, newer.get(row.pk)) for row in documents],
            "poll_url": _poll_url(review),
            **polling(documents),
        }
    return context


def _poll_url(review: WeeklyReview) -> str:
    """Where the list of the review's documents asks for news."""
    query = urlencode({"week": str(review.week), "facility": review.facility.code})
    return f"{reverse('reports:document-list')}?{query}"


def raise_form(review: WeeklyReview, data: Any = None) -> RaiseProblemForm:
    facility = review.facility
    return RaiseProblemForm(data, facility=facility, week=review.week, today=local_today(facility))


def review_documents(user: Any, review: WeeklyReview) -> list[ReportDocument]:
    """The documents of the review's own facility and of those below it, newest first."""
    rows = ReportDocument.objects.visible_to(user).filter(
        week=review.week, facility__path__descendant_of=review.facility.path
    )
    return list(rows.select_related("facility").order_by("facility__path", "-created_at"))


def _refused(
    sheet: ReviewSheet,
    entries: Mapping[str, CountEntry],
    conflicts: Mapping[str, Conflict],
) -> list[dict[str, str]]:
    """The error summary: which field, and the same words that stand below it."""
    from reports.forms.counts import field_name
    from reports.views.review_rows import is_english

    result = []
    for line in sheet.lines:
        code = line.indicator.code
        name = line.indicator.name_en if is_english() else line.indicator.name_id
        entry = entries.get(code)
        for kind, message in (entry.errors if entry else {}).items():
            result.append({"id": field_name(kind, code), "name": name, "message": message})
        if code in conflicts:
            result.append({"id": f"conflict-{code}", "name": name, "message": ""})
    return result

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
from reports.events.queries.counted import recorded
from reports.figures.queries.nihil import empty_events
from reports.figures.queries.plausibility import Checks, row_checks
from reports.figures.wording import is_english
from reports.lookup import UserRequest, local_today
from reports.models import Problem, ReportDocument, WeeklyReview
from reports.permissions import (
    can_decide_review,
    can_edit_review,
    can_follow_up_problem,
    can_raise_problem,
    can_record_event,
    can_reopen_review,
    can_replace_sum,
    can_request_report,
    can_submit_review,
)
from reports.printing.queries.revisions import successors
from reports.printing.views.documents import polling
from reports.problems.forms.raising import RaiseProblemForm
from reports.review.forms.counts import CountEntry
from reports.review.forms.meeting import MeetingForm
from reports.review.queries.carried import carried_decisions
from reports.review.queries.open_points import OpenPoint, open_points
from reports.review.queries.proposed_meeting import proposed_meeting
from reports.review.queries.sheet import review_sheet
from reports.review.queries.since_signed import events_since
from reports.review.views.addresses import review_kwargs
from reports.review.views.meeting_page import meeting_context
from reports.review.views.rows import SHOW, Conflict, chips, make_groups
from reports.shapes import ProblemRow, ReviewSheet
from reports.states import REVIEW_TRANSITIONS, can_transition


@dataclass(frozen=True, slots=True)
class Carried:
    """A problem of last week with what was decided about it in this one."""

    row: ProblemRow
    version: int
    decision: str
    can_decide: bool


def pustu_choices(review: WeeklyReview) -> list[tuple[int, str]]:
    """The Pustu whose heads sit in the meeting: those open in the week."""
    if review.facility.kind != FacilityKind.PUSKESMAS:
        return []
    rows = Facility.objects.filter(kind=FacilityKind.PUSTU).below(review.facility)
    return [
        (row.pk, row.short_name) for row in rows.open_between(review.week.start, review.week.end)
    ]


def meeting_form(review: WeeklyReview, data: Any = None, *, part: str = "") -> MeetingForm:
    present: set[int] = set()
    if review.pk:
        attended = review.attendances.filter(is_present=True, facility__isnull=False)
        present = set(attended.values_list("facility_id", flat=True))
    choices, today = pustu_choices(review), local_today(review.facility)
    proposed = None
    if data is None and part == "head" and not present:
        proposed = proposed_meeting(review, [pk for pk, _name in choices], today)
    return MeetingForm(
        data,
        review=review,
        choices=choices,
        today=today,
        present=present,
        part=part,
        proposed=proposed,
        prefix=None,
    )


def carried_problems(user: Any, review: WeeklyReview, sheet: ReviewSheet) -> list[Carried]:
    ids = [row.id for row in sheet.carried_problems]
    problems = {
        row.pk: row
        for row in Problem.objects.visible_to(user).filter(pk__in=ids).select_related("facility")
    }
    decided = carried_decisions(review, sheet)
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
    # The records are those of now: what was signed is not asked about either.
    records = recorded(facility, review.week) if is_live else None
    groups = make_groups(
        sheet,
        show=show,
        open_note=request.GET.get("note", ""),
        entries=entries,
        conflicts=conflicts,
        checks=checks,
        records=records,
    )
    carried = carried_problems(user, review, sheet)
    points: tuple[OpenPoint, ...] = ()
    if steps["can_edit"] and is_live:
        decided = {item.row.id for item in carried if item.decision}
        points = open_points(review, sheet, checks, decided, local_today(facility), records or {})
    context = {
        "review": review,
        "sheet": sheet,
        "facility": facility,
        "week": review.week,
        "now": timezone.now(),
        "kwargs": review_kwargs(review),
        "is_puskesmas": sheet.facility.kind == FacilityKind.PUSKESMAS,
        "is_frozen": not review.is_editable,
        "groups": groups,
        "chips": chips(sheet.lines, show, checks.unanswered),
        "nihil": len(empty_events(sheet.lines)) if steps["can_edit"] and is_live else 0,
        "show": show,
        "shows_later": "later" in request.GET or bool(show),
        "rest_open": bool({"later", "note"} & set(request.GET) or entries or conflicts),
        "refused": _refused(sheet, entries or {}, conflicts or {}),
        "carried": carried,
        "revisions": list(review.revisions.order_by("number")) if review.pk else [],
        "steps": list(review.steps.select_related("by")) if review.pk else [],
        "can_raise": can_raise_problem(user, facility),
        "can_record": can_record_event(user, facility),
        "open_events": sheet.events,
        "can_request": can_request_report(user, facility),
        **steps,
        **meeting_context(
            review, sheet, groups, points, can_edit=steps["can_edit"], shows_all=bool(show)
        ),
        **extra,
    }
    if steps["can_edit"]:
        _add_meeting_forms(context, review)
    if context["can_raise"]:
        context.setdefault("problem_form", raise_form(review))
    if context["is_frozen"]:
        documents = review_documents(user, review)
        newer = successors(documents)
        context |= {
            "network_events": events_since(review),
            "documents": [(row, newer.get(row.pk)) for row in documents],
            "poll_url": _poll_url(review),
            **polling(documents),
        }
    return context


def _add_meeting_forms(context: dict[str, Any], review: WeeklyReview) -> None:
    """A Puskesmas writes who and when above, the conclusion at the end; a Pustu holds no meeting.
    ``meeting`` of the context: a form that was refused."""
    refused = context.pop("meeting", None)
    for part in ("head", "conclusion") if context["is_puskesmas"] else ("conclusion",):
        is_it = refused is not None and refused.part in {part, ""}
        context[f"meeting_{part}"] = refused if is_it else meeting_form(review, part=part)


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
    return list(rows.select_related("facility").order_by("facility__path", "-created_at", "-pk"))


def _refused(
    sheet: ReviewSheet,
    entries: Mapping[str, CountEntry],
    conflicts: Mapping[str, Conflict],
) -> list[dict[str, str]]:
    """The error summary: which field, and the same words that stand below it."""
    from reports.review.forms.counts import field_name

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

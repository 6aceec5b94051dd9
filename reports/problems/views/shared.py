"""What the views of problems share: finding one, its address, what its page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.weeks import Week
from facilities.models import Facility
from reports.figures.wording import is_english
from reports.lookup import UserRequest, local_today
from reports.models import FollowUp, HealthEvent, Problem
from reports.models.problem import ProblemEvent
from reports.permissions import can_follow_up_problem, can_raise_problem, can_record_event
from reports.problems.drafts import Desk
from reports.problems.forms.files import FormWithFiles
from reports.problems.forms.steps import (
    AnswerForm,
    EvidenceForm,
    FilesForm,
    FollowUpForm,
    LetterForm,
    StepForm,
    VersionedForm,
)
from reports.problems.queries import escalations
from reports.problems.queries.page import PlannedStep, facts, planned_steps, timeline
from reports.problems.queries.rows import problem_rows
from reports.problems.queries.steps import possible_steps
from reports.states import PROBLEM_TRANSITIONS, UNFINISHED, can_transition


def problem_url(problem: Problem) -> str:
    return reverse("reports:problem-detail", args=[problem.pk])


def own_facility(user: Any) -> Facility | None:
    """Where the user would report a problem: the facility of their posting."""
    for posting in user.postings.current().select_related("facility__district"):
        if posting.facility is not None and can_raise_problem(user, posting.facility):
            facility: Facility = posting.facility
            return facility
    return None


def desk(request: UserRequest, form: str, pk: int) -> Desk:
    """Where the files of one form wait when something else in it is refused."""
    return Desk(request.user, f"{form} {pk}")


def problem_or_404(user: Any, pk: int) -> Problem:
    rows = Problem.objects.visible_to(user).select_related(
        "facility__district__area", "facility__parent", "village", "reported_by",
        "done_by", "verified_by",
    )  # fmt: skip
    problem: Problem | None = rows.filter(pk=pk).first()
    if problem is None:
        raise Http404(_("This problem does not exist, or it lies outside your area."))
    return problem


def follow_up_or_404(user: Any, pk: int) -> FollowUp:
    row = FollowUp.objects.filter(pk=pk).first()
    if row is None:
        raise Http404(_("This follow-up does not exist, or it lies outside your area."))
    row.problem = problem_or_404(user, row.problem_id)
    return row


@dataclass(frozen=True, slots=True)
class Planned:
    """A follow-up with its forms; one that was refused is bound and stands open."""

    item: PlannedStep
    finish: VersionedForm
    letter: VersionedForm
    answer: VersionedForm


def _planned(problem: Problem, today: dt.date, refused: VersionedForm | None) -> list[Planned]:
    return [
        Planned(
            item,
            **{
                name: refused
                if refused is not None and refused.auto_id == f"{name}-{item.row.pk}-%s"
                else kind(auto_id=f"{name}-{item.row.pk}-%s", initial=first)
                for name, kind, first in (
                    ("finish", EvidenceForm, {}),
                    ("letter", LetterForm, {"letter_on": today}),
                    ("answer", AnswerForm, {}),
                )
            },
        )
        for item in planned_steps(problem, today)
    ]


def detail_page(
    request: UserRequest, problem: Problem, status: int = 200, **given: Any
) -> HttpResponse:
    """The page of one problem; ``given`` are refused forms: ``plan_form``, ``files_form``,
    ``step_form`` with its ``open_step``, ``refused`` for one of a follow-up; or an ``error``
    above everything."""
    for form in given.values():
        if isinstance(form, FormWithFiles):
            form.keep_files()
    today = local_today(problem.facility)
    may = can_follow_up_problem(request.user, problem)

    def possible(action: str) -> bool:
        return may and can_transition(PROBLEM_TRANSITIONS, action, problem)

    may_record = (
        problem.event == ProblemEvent.DEATH
        and problem.status in UNFINISHED
        and can_record_event(request.user, problem.facility)
    )
    row = problem_rows(Problem.objects.filter(pk=problem.pk), Week.of(today), today)[0]
    context = {
        "problem": problem,
        "row": row,
        "facility": problem.facility,
        "moments": timeline(problem),
        "planned": _planned(problem, today, given.get("refused")),
        "files": list(problem.attachments.filter(follow_up=None)),
        "facts": facts(problem, is_english=is_english()),
        "escalations": escalations.of_problems([problem.pk], timezone.now()),
        "steps": possible_steps(request.user, problem),
        "record": HealthEvent.objects.filter(problem=problem).first(),
        "can_record": may_record,
        "can_plan": possible("plan") or possible("add"),
        "needs_follow_up": not row.is_closed and all(step.done_on for step in row.follow_ups),
        "can_edit": possible("edit"),
        "can_attach": possible("attach"),
        "can_finish": possible("follow_up_done"),
        "can_letter": possible("letter"),
        "can_answer": possible("answer"),
        "plan_form": FollowUpForm(today=today, priority=problem.priority, auto_id="plan-%s"),
        "step_form": StepForm(auto_id="step-%s"),
        "files_form": FilesForm(auto_id="attach-%s"),
        **given,
    }
    return render(request, "reports/problems/problem_detail.html", context, status=status)

"""Problems: the list, one problem with its timeline, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clusters.models import Cluster, Indicator
from clusters.weeks import Week
from facilities.errors import ActionRefused, IllegalTransition, InvalidInput, StaleVersion
from facilities.models import Facility
from lifecycle.models import LifecycleGroup
from reports.actions.problems import decide_problem, plan_follow_up
from reports.forms.problems import DecideForm, FollowUpForm
from reports.models import Problem
from reports.permissions import (
    can_follow_up_problem,
    can_raise_problem,
    check_can_follow_up_problem,
)
from reports.queries.problems import problem_rows
from reports.states import PROBLEM_TRANSITIONS, can_transition
from reports.views.lookup import UserRequest, local_today, next_page, week_or_404
from reports.views.review_rows import is_english

PAGE = 50
# What a reader filters by, in the words of the board.
STATES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "open": (
        gettext_lazy("Open"),
        ("reported", "accepted", "planned", "in_progress", "escalated", "reopened"),
    ),
    "new": (gettext_lazy("New"), ("reported", "accepted", "reopened")),
    "active": (gettext_lazy("In hand"), ("planned", "in_progress")),
    "escalated": (gettext_lazy("Waiting for Dinkes"), ("escalated",)),
    "closed": (gettext_lazy("Closed"), ("done", "verified", "rejected")),
}


@dataclass(frozen=True, slots=True)
class StateChip:
    value: str
    label: Any
    is_current: bool


@require_GET
def problem_list(request: UserRequest) -> HttpResponse:
    """Problems in the user's area, the most overdue first; filters live in the address."""
    state = request.GET.get("status", "open")
    state = state if state in STATES else "open"
    code, cluster = request.GET.get("facility", ""), request.GET.get("cluster", "")
    visible = Problem.objects.visible_to(request.user)
    rows = visible.filter(status__in=STATES[state][1])
    facility = None
    if code:
        facility = Facility.objects.visible_to(request.user).filter(code=code).first()
        if facility is None:
            raise Http404(
                _("There is no facility “%(code)s”, or it is outside your area.") % {"code": code}
            )
        rows = rows.filter(facility__path__descendant_of=facility.path)
    if cluster:
        rows = rows.filter(cluster_code=cluster)
    today = timezone.localdate()
    shaped = problem_rows(rows, Week.of(today), today)
    page = Paginator(shaped, PAGE).get_page(request.GET.get("page"))
    places = Facility.objects.visible_to(request.user).filter(kind__in=["puskesmas", "pustu"])
    context = {
        "page": page,
        "chips": [StateChip(value, label, value == state) for value, (label, _s) in STATES.items()],
        "state": state,
        "facility": facility,
        "code": code,
        "cluster": cluster,
        "clusters": list(Cluster.objects.all()),
        "places": list(places.order_by("path").values_list("code", "name", "kind")),
        "overdue": sum(any(step.is_overdue for step in row.follow_ups) for row in shaped),
        "raise_at": own_facility(request.user),
    }
    return render(request, "reports/problem_list.html", context)


def own_facility(user: Any) -> Facility | None:
    """Where the user would report a problem: the facility of their posting."""
    for posting in user.postings.current().select_related("facility__district"):
        if posting.facility is not None and can_raise_problem(user, posting.facility):
            facility: Facility = posting.facility
            return facility
    return None


def _problem_or_404(user: Any, pk: int) -> Problem:
    rows = Problem.objects.visible_to(user).select_related(
        "facility__district__area", "village", "reported_by"
    )
    problem: Problem | None = rows.filter(pk=pk).first()
    if problem is None:
        raise Http404(_("This problem does not exist, or it lies outside your area."))
    return problem


def _detail(
    request: UserRequest, problem: Problem, status: int = 200, **forms: Any
) -> HttpResponse:
    today = local_today(problem.facility)
    english = is_english()
    may = can_follow_up_problem(request.user, problem)
    row = problem_rows(Problem.objects.filter(pk=problem.pk), Week.of(today), today)[0]
    context = {
        "problem": problem,
        "row": row,
        "facility": problem.facility,
        "steps": list(problem.steps.select_related("by")),
        "indicator": _name(
            Indicator.objects.filter(code=problem.indicator_code).order_by("-valid_from"), english
        ),
        "cluster": _name(Cluster.objects.filter(code=problem.cluster_code), english),
        "group": _name(LifecycleGroup.objects.filter(code=problem.group_code), english),
        "can_decide": may and can_transition(PROBLEM_TRANSITIONS, "continue", problem),
        "can_plan": may and can_transition(PROBLEM_TRANSITIONS, "plan", problem),
        "decide_form": forms.get("decide_form") or DecideForm(initial={"version": problem.version}),
        "plan_form": forms.get("plan_form")
        or FollowUpForm(today=today, initial={"version": problem.version}),
        "error": forms.get("error", ""),
    }
    return render(request, "reports/problem_detail.html", context, status=status)


def _name(rows: Any, english: bool) -> str:
    row = rows.first()
    return "" if row is None else str(row.name_en if english else row.name_id)


@require_GET
def problem_detail(request: UserRequest, pk: int) -> HttpResponse:
    return _detail(request, _problem_or_404(request.user, pk))


@require_POST
def problem_decide(request: UserRequest, pk: int) -> HttpResponse:
    """The meeting's answer to an open problem. htmx gets the new state by id, the radio
    buttons stay as they are."""
    problem = _problem_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, problem)
    form = DecideForm(request.POST)
    today = local_today(problem.facility)
    week = week_or_404(request.POST.get("week") or str(Week.of(today)))
    status, error_text = 422, ""
    if form.is_valid():
        try:
            problem = decide_problem(
                problem=problem,
                week=week,
                decision=form.cleaned_data["decision"],
                by=request.user,
                expected_version=form.cleaned_data["version"],
                comment=form.cleaned_data["comment"],
            )
            status = 200
        except (StaleVersion, IllegalTransition) as error:
            status, error_text = 409, str(error)
            problem = _problem_or_404(request.user, pk)
        except InvalidInput as error:
            error_text = str(error)
    else:
        error_text = " ".join(str(text) for texts in form.errors.values() for text in texts)
    if request.htmx:
        context = {
            "problem": problem,
            "decision": form.data.get("decision", "") if status == 200 else "",
            "error": error_text,
            "now": timezone.now(),
            "is_saved": status == 200,
        }
        return render(request, "reports/problem_decided.html", context, status=status)
    if status != 200:
        return _detail(request, problem, status, decide_form=form, error=error_text)
    messages.success(request, _("Decision recorded: %(title)s") % {"title": problem.title})
    return redirect(next_page(request, problem_url(problem)))


def problem_url(problem: Problem) -> str:
    from django.urls import reverse

    return reverse("reports:problem-detail", args=[problem.pk])


@require_POST
def follow_up_plan(request: UserRequest, pk: int) -> HttpResponse:
    problem = _problem_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, problem)
    form = FollowUpForm(request.POST, today=local_today(problem.facility))
    if not form.is_valid():
        return _detail(request, problem, 422, plan_form=form)
    values = dict(form.cleaned_data)
    try:
        plan_follow_up(
            problem=problem,
            by=request.user,
            expected_version=values.pop("version"),
            **values,
        )
    except InvalidInput as error:
        for name, message in error.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return _detail(request, problem, 422, plan_form=form)
    except ActionRefused as error:
        problem = _problem_or_404(request.user, pk)
        return _detail(request, problem, 409, plan_form=form, error=str(error))
    messages.success(request, _("Follow-up planned."))
    return redirect(problem_url(problem))

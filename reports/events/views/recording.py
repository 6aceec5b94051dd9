"""A new event record, from a row of the report or from the list; changing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import Facility
from reports.events.actions.recording import FIELDS, edit_event, record_event
from reports.events.forms import EditForm, RecordForm
from reports.events.views.shared import detail_page, event_or_404, event_url, name_of
from reports.lookup import UserRequest, facility_or_404, local_today, next_page, week_or_404
from reports.models import HealthEvent, Problem
from reports.permissions import check_can_record_event
from reports.problems.views.shared import own_facility, problem_or_404


@require_http_methods(["GET", "POST"])
def event_record(request: UserRequest) -> HttpResponse:
    """``facility``, ``week`` and ``indicator`` name the row that counts it; ``problem`` one that
    was reported before there was a record. Default is the user's own, this week."""
    given = request.POST if request.method == "POST" else request.GET
    facility, problem = _where(request, given.get("facility", ""), given.get("problem", ""))
    check_can_record_event(request.user, facility)
    today = local_today(facility)
    this_week = str(problem.week) if problem else str(Week.of(today))
    week = week_or_404(given.get("week") or this_week)
    kinds: dict[str, Any] = {
        "facility": facility, "week": week, "today": today, "code": given.get("indicator", ""),
        "has_problem": problem is not None,
    }  # fmt: skip
    if request.method != "POST":
        initial = {"village": problem.village_id, "due_on": None} if problem else None
        return _page(request, RecordForm(initial=initial, **kinds), problem)
    form = RecordForm(request.POST, **kinds)
    if not form.is_valid():
        return _page(request, form, problem, 422)
    try:
        event = record_event(
            facility=facility, week=week, by=request.user, problem=problem, **form.cleaned_data
        )
    except InvalidInput as error:
        for name, message in error.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return _page(request, form, problem, 422)
    except IllegalTransition as error:
        form.add_error(None, str(error))
        return _page(request, form, problem, 409)
    messages.success(request, _("Event recorded: %(name)s") % {"name": name_of(event)})
    return redirect(next_page(request, event_url(event)))


def _where(request: UserRequest, code: str, pk: str) -> tuple[Facility, Problem | None]:
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        problem = problem_or_404(request.user, int(pk))
        return problem.facility, problem
    if not code:
        own = own_facility(request.user)
        code = own.code if own is not None else ""
    return facility_or_404(request.user, code), None


def _page(
    request: UserRequest, form: RecordForm, problem: Problem | None, status: int = 200
) -> HttpResponse:
    context = {
        "facility": form.facility,
        "week": form.week,
        "form": form,
        "problem": problem,
        "indicator": request.POST.get("indicator", request.GET.get("indicator", "")),
        "next": request.POST.get("next", request.GET.get("next", "")),
    }
    return render(request, "reports/events/event_record.html", context, status=status)


@require_http_methods(["GET", "POST"])
def event_edit(request: UserRequest, public_id: UUID) -> HttpResponse:
    event = event_or_404(request.user, public_id)
    check_can_record_event(request.user, event.facility)
    if request.method != "POST":
        return _edit_page(request, event, EditForm(event=event))
    form = EditForm(request.POST, event=event)
    if not form.is_valid():
        return _edit_page(request, event, form, 422)
    values = dict(form.cleaned_data)
    version = values.pop("version")
    try:
        edit_event(event=event, by=request.user, expected_version=version, **values)
    except InvalidInput as error:
        for name, message in error.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return _edit_page(request, event, form, 422)
    except IllegalTransition as error:
        return detail_page(request, event_or_404(request.user, public_id), 409, error=str(error))
    except StaleVersion as error:
        return _conflict(request, error.current, form)
    messages.success(request, _("Event saved."))
    return redirect(event_url(event))


def _conflict(request: UserRequest, now: HealthEvent, form: EditForm) -> HttpResponse:
    """409: what the other one saved beside what was typed; saving again takes the typed."""
    differences = [
        {
            "id": form[name].id_for_label,
            "label": form[name].label,
            "theirs": form.shown(name, getattr(now, name)),
            "mine": form.shown(name, form.cleaned_data[name]),
        }
        for name in FIELDS
        if getattr(now, name) != form.cleaned_data[name]
    ]
    form.data = {**request.POST.dict(), "version": now.version}
    return _edit_page(request, now, form, 409, differences=differences, is_stale=True)


def _edit_page(
    request: UserRequest, event: HealthEvent, form: EditForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "event": event, "facility": event.facility, "name": name_of(event), "form": form, **more,
    }  # fmt: skip
    return render(request, "reports/events/event_edit.html", context, status=status)

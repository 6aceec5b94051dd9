"""The list of events, the page of one, its audit, and taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.events.actions.auditing import record_audit
from reports.events.actions.recording import withdraw_event
from reports.events.forms import AuditForm, WithdrawForm
from reports.events.queries.counted import event_sums
from reports.events.queries.open_events import event_names, problem_events
from reports.events.views.shared import detail_page, event_or_404, event_url
from reports.figures.wording import is_english
from reports.lookup import UserRequest, facility_or_404
from reports.models import HealthEvent, Problem
from reports.permissions import can_record_event, check_can_audit_event, check_can_withdraw_event
from reports.problems.views.shared import own_facility

MOST_CLOSED = 50


@require_GET
def event_list(request: UserRequest) -> HttpResponse:
    """Open events in the user's area in order of date; below them what a year's records add up
    to and the closed ones. ``facility``: only it and what is below; ``year``."""
    code = request.GET.get("facility", "")
    facility = facility_or_404(request.user, code) if code else None
    problems = Problem.objects.visible_to(request.user)
    events = HealthEvent.objects.visible_to(request.user)
    if facility is not None:
        problems = problems.filter(facility__path__descendant_of=facility.path)
        events = events.filter(facility__path__descendant_of=facility.path)
    now = timezone.now()
    year = _year(request.GET.get("year", ""), timezone.localdate(now, request.user.zone))
    own = own_facility(request.user)
    of_year = list(
        events.standing()
        .filter(occurred_on__year=year)
        .select_related("village", "facility", "problem")
    )
    names = event_names(of_year)
    sums = event_sums(of_year)
    closed = [row for row in of_year if row.problem.closed_at is not None]
    context = {
        "facility": facility,
        "events": problem_events(problems, now),
        "year": str(year),
        "total": len(of_year),
        "by_code": [
            (names[name][is_english()], count)
            for name, count in sorted(sums.by_code.items())
            if name in names
        ],
        "by_village": sorted(sums.by_village.items()),
        "by_place": sorted(sums.by_place.items()),
        "closed": [(row, names[row.indicator_code][is_english()]) for row in closed[-MOST_CLOSED:]],
        "record_at": own if own and can_record_event(request.user, own) else None,
    }
    return render(request, "reports/events/event_list.html", context)


def _year(text: str, today: dt.date) -> int:
    is_year = text.isascii() and text.isdigit() and len(text) == 4
    return min(max(int(text), 2000), today.year) if is_year else today.year


@require_GET
def event_detail(request: UserRequest, public_id: UUID) -> HttpResponse:
    return detail_page(request, event_or_404(request.user, public_id))


@require_POST
def event_audit(request: UserRequest, public_id: UUID) -> HttpResponse:
    """The audit of a death; its follow-up can be closed from then on."""
    event = event_or_404(request.user, public_id)
    check_can_audit_event(request.user, event)
    form = AuditForm(request.POST, auto_id="audit-%s")

    def act() -> None:
        values = form.cleaned_data
        record_audit(
            event=event, by=request.user, expected_version=values["version"],
            audited_on=values["audited_on"], result=values["audit_result"],
        )  # fmt: skip

    return _answer(request, event, form, "audit_form", act, _("Audit recorded."))


@require_POST
def event_withdraw(request: UserRequest, public_id: UUID) -> HttpResponse:
    event = event_or_404(request.user, public_id)
    check_can_withdraw_event(request.user, event)
    form = WithdrawForm(request.POST, auto_id="withdraw-%s")

    def act() -> None:
        values = form.cleaned_data
        withdraw_event(
            event=event, by=request.user, expected_version=values["version"],
            reason=values["reason"],
        )  # fmt: skip

    return _answer(request, event, form, "withdraw_form", act, _("Event record withdrawn."))


def _answer(
    request: UserRequest,
    event: HealthEvent,
    form: AuditForm | WithdrawForm,
    name: str,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    """422: refused, what was typed stays; 409: somebody else changed it, or it is not possible."""
    if not form.is_valid():
        return detail_page(request, event, 422, **{name: form})
    try:
        act()
    except InvalidInput as error:
        for field, message in error.errors.items():
            form.add_error(field if field in form.fields else None, message)
        return detail_page(request, event, 422, **{name: form})
    except (StaleVersion, IllegalTransition) as error:
        now = event_or_404(request.user, event.public_id)
        return detail_page(request, now, 409, error=str(error), **{name: form})
    messages.success(request, said)
    return redirect(event_url(event))

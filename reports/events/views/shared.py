"""Finding an event, and its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.events.forms import AuditForm, WithdrawForm
from reports.events.queries.open_events import event_names
from reports.figures.wording import is_english
from reports.lookup import UserRequest, local_today
from reports.models import HealthEvent
from reports.models.problem import ProblemEvent
from reports.permissions import can_audit_event, can_record_event, can_withdraw_event


def event_url(event: HealthEvent) -> str:
    return reverse("reports:event-detail", args=[event.public_id])


def event_or_404(user: Any, public_id: UUID) -> HealthEvent:
    rows = HealthEvent.objects.visible_to(user).select_related(
        "facility__district__area", "facility__parent", "village", "problem", "reported_by",
        "audited_by", "withdrawn_by",
    )  # fmt: skip
    event: HealthEvent | None = rows.filter(public_id=public_id).first()
    if event is None:
        raise Http404(_("There is no such event, or it lies outside your area."))
    return event


def name_of(event: HealthEvent) -> str:
    code = event.indicator_code
    return event_names([event]).get(code, (code, code))[is_english()]


def detail_page(
    request: UserRequest, event: HealthEvent, status: int = 200, **given: Any
) -> HttpResponse:
    """``given``: a refused ``audit_form`` or ``withdraw_form``, or an ``error`` above all."""
    standing = event.withdrawn_at is None
    context = {
        "event": event,
        "facility": event.facility,
        "name": name_of(event),
        "is_death": event.kind == ProblemEvent.DEATH,
        "is_closed": event.problem.closed_at is not None,
        "can_edit": standing and can_record_event(request.user, event.facility),
        "can_audit": event.needs_audit and can_audit_event(request.user, event),
        "can_withdraw": standing and can_withdraw_event(request.user, event),
        "audit_form": AuditForm(
            initial={
                "audited_on": event.audited_on or local_today(event.facility),
                "audit_result": event.audit_result,
            },
            auto_id="audit-%s",
        ),
        "withdraw_form": WithdrawForm(auto_id="withdraw-%s"),
        "now": timezone.now(),
        **given,
    }
    return render(request, "reports/events/event_detail.html", context, status=status)

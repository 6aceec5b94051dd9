"""What waits for an answer and what the figures suggest, where a page shows it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility, User
from reports.models.escalation import EscalationReason
from reports.permissions import can_raise_problem
from reports.problems.priorities import suggest_due_on
from reports.problems.queries import escalations
from reports.problems.queries.suggestions import SuggestionCard, open_suggestions
from reports.shapes import EscalationRow

register = template.Library()


@register.simple_tag(takes_context=True)
def to_answer(context: dict[str, Any]) -> tuple[EscalationRow, ...]:
    """What the reader must answer; one query."""
    return escalations.rows_of(escalations.to_answer(context["request"].user), timezone.now())


@register.simple_tag
def suggestions_of(facility: Facility, user: User) -> list[SuggestionCard]:
    """Open suggestions of a facility for somebody who may report problems there."""
    return open_suggestions(facility) if can_raise_problem(user, facility) else []


@register.filter
def may_answer(user: User, row: EscalationRow) -> bool:
    """Whether the row waits for this very reader."""
    return row.answered_at is None and escalations.to_answer(user).filter(pk=row.id).exists()


@register.filter
def reason_words(row: EscalationRow) -> str:
    """«Lewat tenggat dua kali»."""
    return str(EscalationReason(row.reason).label)


@register.simple_tag
def due_by_priority(priority: str, facility: Facility) -> str:
    """The date a problem of this priority is due, as a date field takes it."""
    today = timezone.localdate(timezone=facility.district.zone)
    return suggest_due_on(priority, today).isoformat()


@register.filter
def head_of(facility: Facility) -> str:
    """«Kepala Pustu Lalang»: who has a problem in hand unless somebody else is named."""
    return _("Head of %(name)s") % {"name": facility.name}

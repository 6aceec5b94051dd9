"""Telling a level that it is asked, and those who asked that there is an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from reports.deliveries.outbox import notify
from reports.deliveries.recipients import heads, holders
from reports.models.delivery import DeliveryKind
from reports.models.escalation import EscalationReason

if TYPE_CHECKING:
    from facilities.models import Facility, User
    from reports.models import Escalation


def tell_escalated(escalation: Escalation) -> None:
    """Tell those who must answer; an event does not wait for the morning."""
    problem, level = escalation.problem, escalation.to_facility
    zone = problem.facility.district.zone
    with translation.override(settings.LANGUAGE_CODE):
        due = escalation.answer_due_at.astimezone(zone)
        words = {
            "title": problem.title,
            "name": problem.facility.name,
            "reason": escalation.get_reason_display(),
            "comment": escalation.comment,
            "due": formats.date_format(due, "j F Y H.i"),
            "zone": problem.facility.district.zone_name,
        }
        notify(
            key=f"escalation:{escalation.pk}",
            kind=DeliveryKind.ESCALATION,
            recipients=_answering(level),
            facility=level,
            subject=_("Your answer is needed: %(title)s") % words,
            body=_(
                "%(name)s: %(title)s\n\nWhy it comes to you: %(reason)s. %(comment)s\n\nPlease "
                "answer by %(due)s %(zone)s."
            )
            % words,
            url=_address(escalation),
            urgent=escalation.reason == EscalationReason.EVENT,
        )


def tell_answered(escalation: Escalation) -> None:
    """Tell the head of the facility that has the problem, whoever reported it, and whoever
    asked. Not the person who answered."""
    problem = escalation.problem
    people = [*heads(problem.facility), problem.reported_by, escalation.raised_by]
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "title": problem.title,
            "level": escalation.to_facility.name,
            "answer": escalation.answer,
        }
        notify(
            key=f"answer:{escalation.pk}",
            kind=DeliveryKind.ESCALATION,
            recipients=[
                one for one in people if one is not None and one.pk != escalation.answered_by_id
            ],
            facility=problem.facility,
            subject=_("Answer of %(level)s: %(title)s") % words,
            body=_("%(level)s answered on “%(title)s”:\n\n%(answer)s") % words,
            url=_address(escalation),
        )


def _answering(level: Facility) -> list[User]:
    return holders(Role.DINKES, level) if level.kind == FacilityKind.DINKES else heads(level)


def _address(escalation: Escalation) -> str:
    return f"{reverse('reports:problem-detail', args=[escalation.problem_id])}#escalations"

"""Telling the sender that a review came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from reports.deliveries.outbox import notify
from reports.deliveries.recipients import heads
from reports.models.delivery import DeliveryKind

if TYPE_CHECKING:
    from facilities.models import User
    from reports.models import WeeklyReview


def tell_returned(
    review: WeeklyReview, *, by: User, sender: User | None, revision: int, reason: str
) -> None:
    """Tell whoever sent the review, and the head of its facility, that it was returned or
    reopened and why. ``revision`` is the one that was sent back. Not the person who did it."""
    facility, week = review.facility, review.week
    people = [*([sender] if sender else []), *heads(facility)]
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "name": facility.name,
            "number": week.number,
            "year": week.year,
            "by": str(by),
            "reason": reason,
            "revision": revision + 1,
        }
        notify(
            key=f"returned:{week}:{facility.pk}:r{revision}",
            kind=DeliveryKind.RETURNED,
            recipients=[person for person in people if person.pk != by.pk],
            facility=facility,
            subject=_("Review returned: %(name)s, week %(number)s of %(year)s") % words,
            body=_(
                "%(by)s sent the review of %(name)s for week %(number)s back for correction."
                "\n\nReason: %(reason)s\n\nPlease put it right and send it again; it becomes "
                "revision %(revision)s."
            )
            % words,
            url=reverse("reports:review-detail", args=[str(week), facility.code]),
        )

"""The in-app inbox of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from reports.models.delivery import Channel, Delivery, DeliveryQuerySet, DeliveryState

if TYPE_CHECKING:
    from facilities.models import User


def unread(user: User) -> int:
    """How many inbox messages were not opened; one indexed count."""
    return _unread(user).count()


@transaction.atomic
def mark_opened(delivery: Delivery) -> None:
    """The person has opened the message, in the inbox or from the mail: both count as opened.

    The first time is kept. A mail that is still waiting keeps its state and goes out.
    """
    now = timezone.now()
    Delivery.objects.filter(
        key=delivery.key, recipient_id=delivery.recipient_id, state=DeliveryState.SENT
    ).update(state=DeliveryState.OPENED, opened_at=now)


def mark_all_opened(user: User) -> int:
    """Everything in the inbox counts as read; how many were not."""
    return _unread(user).update(state=DeliveryState.OPENED, opened_at=timezone.now())


def _unread(user: User) -> DeliveryQuerySet:
    return Delivery.objects.filter(recipient=user, channel=Channel.INBOX, state=DeliveryState.SENT)

"""Nudges for mails that lost theirs, are due after a pause, or whose sender was killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from reports import nudges
from reports.deliveries.claims import MAX_ATTEMPTS, due, record
from reports.deliveries.outbox import MAIL_TASK, QUEUE
from reports.models.delivery import Delivery, DeliveryState, LedgerKind

_LOCK = "deliveries_reconcile"
_FRESH = timedelta(seconds=10)  # its own nudge is still on the way
_MOST = 200


def resend() -> int:
    """One round; how many mails a worker was told about. Any number of processes may call it."""
    with _alone() as is_ours:
        if not is_ours:
            return 0
        _fail_exhausted()
        pending = Delivery.objects.filter(
            due(), attempts__lt=MAX_ATTEMPTS, created_at__lte=Now() - _FRESH
        ).order_by("next_attempt_at", "pk")
        count = pending.count()
        waiting = nudges.waiting(QUEUE) if count else None
        if waiting is None:
            return 0
        missing = min(count - waiting, _MOST)
        ids = pending.values_list("pk", flat=True)
        return nudges.send(MAIL_TASK, ids[:missing]) if missing > 0 else 0


def _fail_exhausted() -> None:
    """Senders died over these again and again."""
    for row in Delivery.objects.filter(due(), attempts__gte=MAX_ATTEMPTS)[:_MOST]:
        changed = Delivery.objects.filter(due(), pk=row.pk, fence=row.fence).update(
            state=DeliveryState.FAILED,
            lease_until=None,
            error=_("Sending was broken off too often."),
        )
        if changed:
            record(row, LedgerKind.FAILED)


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        is_ours = bool(cursor.fetchone()[0])
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])

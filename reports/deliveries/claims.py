"""Who sends a mail now: claim, lease and fence, as for documents (docs/adr/0002-outbox.md).

All moments are the database's. A mail cannot be sent exactly once: a worker killed between the
server's «accepted» and our row leaves a mail that is sent again after the lease. Both carry the
same Message-ID, so a mailbox shows one and a person can tell.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from reports.models.delivery import Channel, Delivery, DeliveryState, LedgerEntry, LedgerKind

# A mail server that hangs costs one socket time-out (20 s); one that drips, the task's limit.
SOFT_LIMIT_SECONDS = 45
TIME_LIMIT_SECONDS = 55
LEASE = timedelta(seconds=65)
# Pauses of 30 s, doubled up to four hours: a mail server may be away for half a day.
MAX_ATTEMPTS = 12
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 4 * 3600


def due() -> Q:
    """Queued mails that need not wait, and those whose sender's lease ran out."""
    waiting = Q(next_attempt_at=None) | Q(next_attempt_at__lte=Now())
    return Q(channel=Channel.MAIL) & (
        Q(state=DeliveryState.QUEUED) & waiting
        | Q(state=DeliveryState.SENDING, lease_until__lte=Now())
    )


def claim(delivery_id: int) -> Delivery | None:
    """Take a mail that is due; None when there is nothing to do or somebody has it."""
    with transaction.atomic():
        claimed = Delivery.objects.filter(due(), pk=delivery_id, attempts__lt=MAX_ATTEMPTS).update(
            state=DeliveryState.SENDING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=Now() + LEASE,
            next_attempt_at=None,
        )
        if not claimed:
            return None
        # Still under the update's row lock: the fence read is our own.
        return Delivery.objects.select_related("recipient", "facility__district__area").get(
            pk=delivery_id
        )


def finish(delivery: Delivery) -> bool:
    """The mail has left; False when somebody else holds the row by now."""
    with transaction.atomic():
        changed = _own(delivery).update(
            state=DeliveryState.SENT,
            sent_at=Now(),
            lease_until=None,
            error="",
            address=delivery.address,
        )
        if changed:
            record(delivery, LedgerKind.SENT)
        return bool(changed)


def give_back(delivery: Delivery, reason: str, *, is_final: bool = False) -> None:
    """Queue again after a growing pause; after the last attempt, or at once, it has failed."""
    changes: dict[str, Any] = {"error": reason[:500], "lease_until": None}
    has_failed = is_final or delivery.attempts >= MAX_ATTEMPTS
    if has_failed:
        changes |= {"state": DeliveryState.FAILED}
    else:
        seconds = FIRST_PAUSE_SECONDS * 2 ** (delivery.attempts - 1)
        pause = timedelta(seconds=min(seconds, LONGEST_PAUSE_SECONDS))
        changes |= {"state": DeliveryState.QUEUED, "next_attempt_at": Now() + pause}
    with transaction.atomic():
        if _own(delivery).update(**changes) and has_failed:
            record(delivery, LedgerKind.FAILED)


def drop(delivery: Delivery, reason: str) -> None:
    """Nobody needs the mail any more; it stays in the list with the reason."""
    _own(delivery).update(state=DeliveryState.DROPPED, error=reason[:500], lease_until=None)


def postpone(delivery: Delivery, until: Any) -> None:
    """Back into the queue without an attempt counted: it became night in between."""
    _own(delivery).update(
        state=DeliveryState.QUEUED,
        lease_until=None,
        next_attempt_at=until,
        attempts=F("attempts") - 1,
    )


def record(delivery: Delivery, kind: str) -> None:
    """A line in the report's ledger, when the message is about a report."""
    if delivery.document_id is not None:
        LedgerEntry.objects.create(
            document_id=delivery.document_id,
            kind=kind,
            detail=f"{delivery.channel}: {delivery.recipient}"[:300],
        )


def _own(delivery: Delivery) -> Any:
    return Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, fence=delivery.fence
    )

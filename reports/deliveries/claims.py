"""Who sends a mail now, and what sending leaves behind (see reports/leases.py).

A mail cannot be sent exactly once: a worker killed between the server's «accepted» and our row
leaves a mail that is sent again after the lease. Both carry the same Message-ID, so a mailbox
shows one and a person can tell.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from reports.leases import Leases
from reports.models.delivery import Channel, Delivery, DeliveryState, LedgerEntry, LedgerKind

# A mail server that hangs costs one socket time-out (20 s); one that drips, the task's limit.
# Pauses of 30 s, doubled up to four hours: a mail server may be away for half a day.
MAX_ATTEMPTS = 12
FIRST_PAUSE_SECONDS = 30
LEASES = Leases(
    Delivery,
    queued=DeliveryState.QUEUED,
    working=DeliveryState.SENDING,
    failed=DeliveryState.FAILED,
    most_attempts=MAX_ATTEMPTS,
    first_pause=FIRST_PAUSE_SECONDS,
    longest_pause=4 * 3600,
    scope=Q(channel=Channel.MAIL),
)


def claim(delivery_id: int) -> Delivery | None:
    """Take a mail that is due; None when there is nothing to do or somebody has it."""
    return LEASES.claim(delivery_id, "recipient", "facility__district__area")


def finish(delivery: Delivery) -> bool:
    """The mail has left; False when somebody else holds the row by now."""
    with transaction.atomic():
        changed = LEASES.change(
            delivery,
            state=DeliveryState.SENT,
            sent_at=Now(),
            lease_until=None,
            error="",
            address=delivery.address,
        )
        if changed:
            record(delivery, LedgerKind.SENT)
        return changed


def give_back(delivery: Delivery, reason: str, *, is_final: bool = False) -> None:
    """Queue again after a growing pause; after the last attempt, or at once, it has failed."""
    with transaction.atomic():
        if LEASES.give_back(delivery, reason, is_final=is_final):
            record(delivery, LedgerKind.FAILED)


def drop(delivery: Delivery, reason: str) -> None:
    """Nobody needs the mail any more; it stays in the list with the reason."""
    LEASES.change(delivery, state=DeliveryState.DROPPED, error=reason[:500], lease_until=None)


def postpone(delivery: Delivery, until: Any) -> None:
    """Back into the queue without an attempt counted: it became night in between."""
    LEASES.change(
        delivery,
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

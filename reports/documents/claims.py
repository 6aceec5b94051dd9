"""Who builds a document now: claim, lease and fence, each one conditional update.

All moments are the database's, so workers on machines with other clocks agree. A claim raises
``fence`` and ``attempts``; whoever holds the current fence may write, everybody else is too late.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from reports.deliveries import ledger
from reports.deliveries.ready import tell_ready
from reports.models.document import DocumentQuerySet, DocumentState, ReportDocument

# A build takes seconds. A killed worker's document must be free again well within two minutes;
# the lease is longer than the task's own limits, so two builds never overlap in a live worker.
SOFT_LIMIT_SECONDS = 45
TIME_LIMIT_SECONDS = 55
LEASE = timedelta(seconds=65)
MAX_ATTEMPTS = 5
FIRST_BACK_OFF_SECONDS = 5
STEPS = 4


class ClaimLostError(Exception):
    """The lease ran out and somebody else holds the document now."""


def due() -> Q:
    """Queued and not waiting for a back-off, or building with a lease that ran out."""
    return Q(state=DocumentState.QUEUED) & (
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=Now())
    ) | Q(state=DocumentState.BUILDING, lease_until__lte=Now())


def claim(document_id: int) -> ReportDocument | None:
    """Take a document that is due; None when there is nothing to do or somebody has it."""
    with transaction.atomic():
        claimed = (
            ReportDocument.objects.filter(due(), pk=document_id, attempts__lt=MAX_ATTEMPTS)
            .update(
                state=DocumentState.BUILDING,
                fence=F("fence") + 1,
                attempts=F("attempts") + 1,
                lease_until=Now() + LEASE,
                next_attempt_at=None,
                progress=0,
            )
        )  # fmt: skip
        if not claimed:
            return None
        # Still under the update's row lock: the fence read is our own.
        return ReportDocument.objects.select_related("snapshot", "facility__district__area").get(
            pk=document_id
        )


def advance(document: ReportDocument, step: int) -> None:
    """Save that a step of the build is finished; ClaimLostError when the fence is not ours."""
    if not _own(document).update(progress=step):
        raise ClaimLostError
    document.progress = step


def finish(document: ReportDocument, **result: Any) -> None:
    """Make the document ready with its file's facts, and tell those who must have it;
    ClaimLostError when the fence is not ours."""
    with transaction.atomic():
        changed = _own(document).update(
            state=DocumentState.READY,
            progress=STEPS,
            finished_at=Now(),
            lease_until=None,
            error="",
            **result,
        )
        if not changed:
            raise ClaimLostError
        ledger.made(document)
        tell_ready(document)


def give_back(document: ReportDocument, reason: str, *, is_final: bool = False) -> None:
    """Queue again after a growing pause; after the last attempt the document has failed."""
    changes: dict[str, Any] = {"error": reason[:500], "lease_until": None}
    has_failed = is_final or document.attempts >= MAX_ATTEMPTS
    if has_failed:
        changes |= {"state": DocumentState.FAILED, "finished_at": Now()}
    else:
        pause = timedelta(seconds=FIRST_BACK_OFF_SECONDS * 2 ** (document.attempts - 1))
        changes |= {"state": DocumentState.QUEUED, "next_attempt_at": Now() + pause}
    with transaction.atomic():
        if _own(document).update(**changes) and has_failed:
            ledger.failed(document.pk, reason)


def queue_again(document_id: int, *states: str, **changes: Any) -> bool:
    """Put a document that is in one of ``states`` back at the start; False if it is not."""
    return bool(
        ReportDocument.objects.filter(pk=document_id, state__in=states).update(
            state=DocumentState.QUEUED,
            attempts=0,
            progress=0,
            next_attempt_at=None,
            lease_until=None,
            error="",
            finished_at=None,
            **changes,
        )
    )


def _own(document: ReportDocument) -> DocumentQuerySet:
    return ReportDocument.objects.filter(
        pk=document.pk, state=DocumentState.BUILDING, fence=document.fence
    )

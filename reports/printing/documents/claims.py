"""Who builds a document now, and what a build leaves behind (see reports/leases.py)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from reports.deliveries import ledger
from reports.leases import Leases, unlock
from reports.models.document import DocumentState, ReportDocument
from reports.printing.messages import tell_ready

MAX_ATTEMPTS = 5
FIRST_BACK_OFF_SECONDS = 5
STEPS = 4
LEASES = Leases(
    ReportDocument,
    queued=DocumentState.QUEUED,
    working=DocumentState.BUILDING,
    failed=DocumentState.FAILED,
    most_attempts=MAX_ATTEMPTS,
    first_pause=FIRST_BACK_OFF_SECONDS,
    longest_pause=FIRST_BACK_OFF_SECONDS * 2**MAX_ATTEMPTS,
    is_locked=True,
)
_DISK_PAUSE = timedelta(seconds=20)


class ClaimLostError(Exception):
    """The lease ran out and somebody else holds the document now."""


def claim(document_id: int) -> ReportDocument | None:
    """Take a document that is due; None when there is nothing to do or somebody has it."""
    return LEASES.claim(document_id, "snapshot", "facility__district__area", progress=0)


def advance(document: ReportDocument, step: int) -> None:
    """Save that a step of the build is finished; ClaimLostError when the fence is not ours."""
    if not LEASES.change(document, progress=step):
        raise ClaimLostError
    document.progress = step


def renew(document: ReportDocument) -> None:
    """Say that the build goes on; ClaimLostError when somebody else has taken it over."""
    if not LEASES.renew(document):
        raise ClaimLostError


def let_go(document: ReportDocument) -> None:
    """Whatever became of it, this process works on it no more."""
    unlock(document.pk)


def finish(document: ReportDocument, **result: Any) -> None:
    """Make the document ready with its file's facts, and tell those who must have it;
    ClaimLostError when the fence is not ours."""
    with transaction.atomic():
        changed = LEASES.change(
            document,
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
    with transaction.atomic():
        if LEASES.give_back(document, reason, is_final=is_final, finished_at=Now()):
            ledger.failed(document.pk, reason)


def wait_for_disk(document: ReportDocument, reason: str) -> None:
    """Queue again; it is the disk's fault, so no attempt is spent however long that lasts."""
    LEASES.put_back(document, reason, _DISK_PAUSE)


def queue_again(document_id: int, *states: str, **changes: Any) -> bool:
    """Put a document that is in one of ``states`` back at the start; False if it is not."""
    return bool(
        ReportDocument.objects.filter(pk=document_id, state__in=states).update(
            state=DocumentState.QUEUED,
            attempts=0,
            broken_off=0,
            progress=0,
            next_attempt_at=None,
            lease_until=None,
            error="",
            finished_at=None,
            **changes,
        )
    )

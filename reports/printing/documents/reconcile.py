"""Mending what a lost message, a killed worker or a lost file left behind.

Any number of processes may run this at once: an advisory lock lets one through per round.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils.translation import gettext as _

from reports.deliveries import ledger
from reports.leases import alone
from reports.models.document import DocumentState, ReportDocument
from reports.printing.documents.build import build_document
from reports.printing.documents.claims import LEASES, queue_again
from reports.printing.documents.nudges import send_missing
from reports.printing.storage import has_file, is_whole, remove_abandoned_drafts

_LOCK = "reports_reconcile"
_FRESH = timedelta(seconds=10)  # its own message is still on the way
_MOST_FILES = 500
# Documents due for that long while nothing is built: broker or worker is gone.
_ABANDONED = timedelta(seconds=20)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: nothing when somebody else was at it."""

    failed: int = 0
    lost_files: int = 0
    sent: int = 0
    last_file_checked: int = 0


def reconcile(files_after: int = 0) -> Round:
    """One round: fail what used up its attempts, queue lost files again, resend messages.

    ``files_after`` is the last document whose file was checked; the next few hundred follow,
    after the end the first again.
    """
    with alone(_LOCK) as is_ours:
        if not is_ours:
            return Round(last_file_checked=files_after)
        reason = _("Building was broken off five times.")
        failed = LEASES.fail_exhausted(
            reason, lambda row: ledger.failed(row.pk, reason), finished_at=Now()
        )
        fresh = Now() - _FRESH
        sent = send_missing(_oldest_due().filter(created_at__lte=fresh))
        lost, last = _queue_lost_files(files_after)
        remove_abandoned_drafts()
        return Round(failed=failed, lost_files=lost, sent=sent, last_file_checked=last)


def queue_damaged_files() -> int:
    """Read every stored file and compare it with its hash; how many were lost or damaged and are
    made again. By night: a reader must not be the one who finds it."""
    damaged = 0
    rows = ReportDocument.objects.filter(state=DocumentState.READY).order_by("pk")
    for pk, sha256 in rows.values_list("pk", "file_sha256").iterator(_MOST_FILES):
        if not is_whole(sha256):
            _log.warning("file_damaged: document %s", pk)
            damaged += queue_again(pk, DocumentState.READY)
    return damaged


def build_abandoned(go_on: Callable[[], bool], *, is_helping: bool = False) -> bool:
    """Build in this process while nobody else does; whether it is still needed.

    Starts when documents are due for 20 seconds and no other process is building or has just
    finished one (no broker, or no worker); once started (``is_helping``) it goes on until the
    queue is empty or a worker is back. ``go_on`` is asked before each document.
    """
    if not is_helping and not _is_abandoned():
        return False
    while go_on() and not _under_way().exists():
        document_id = _oldest_due().values_list("pk", flat=True).first()
        if document_id is None:
            return False
        _log.warning("built_without_worker: document %s", document_id)
        build_document(document_id)
    return not _under_way().exists()


def _queue_lost_files(after: int) -> tuple[int, int]:
    rows = list(
        ReportDocument.objects.filter(state=DocumentState.READY, pk__gt=after)
        .order_by("pk")
        .values_list("pk", "file_sha256", "size")[:_MOST_FILES]
    )
    lost = [pk for pk, sha256, size in rows if not has_file(sha256, size)]
    for pk in lost:
        _log.warning("file_lost: document %s", pk)
        queue_again(pk, DocumentState.READY)
    return len(lost), rows[-1][0] if len(rows) == _MOST_FILES else 0


def _oldest_due() -> QuerySet[Any]:
    return LEASES.pending().annotate(due_since=_DUE_SINCE).order_by("due_since", "pk")


_DUE_SINCE = Coalesce(F("lease_until"), Greatest(F("created_at"), F("next_attempt_at")))


def _under_way() -> QuerySet[ReportDocument]:
    """Being built under a valid lease, by whomever."""
    return ReportDocument.objects.filter(state=DocumentState.BUILDING, lease_until__gt=Now())


def _is_abandoned() -> bool:
    return (
        _oldest_due().filter(due_since__lte=Now() - _ABANDONED).exists()
        and not _under_way().exists()
        and not ReportDocument.objects.filter(finished_at__gt=Now() - _ABANDONED).exists()
    )

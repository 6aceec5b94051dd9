"""The ledger of a report: each fact in the transaction that makes it one, never changed later.

``detail`` of a message is ``channel: person``; of a failure the reason people read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reports.models.delivery import LedgerEntry, LedgerKind

if TYPE_CHECKING:
    from facilities.models import User
    from reports.models import ReportDocument

ZIP = "zip"


def made(document: ReportDocument) -> None:
    """A worker finished the file."""
    LedgerEntry.objects.create(document=document, kind=LedgerKind.MADE)


def failed(document_id: int, reason: str) -> None:
    """Building was given up; ``reason`` in people's words."""
    LedgerEntry.objects.create(document_id=document_id, kind=LedgerKind.FAILED, detail=reason[:300])


def opened(documents: Iterable[ReportDocument], by: User, detail: str = "") -> None:
    """A person took the file; ``detail`` is ``zip`` when it was among others."""
    LedgerEntry.objects.bulk_create(
        LedgerEntry(document=document, kind=LedgerKind.OPENED, by=by, detail=detail)
        for document in documents
    )


def shared(document: ReportDocument, by: User, detail: str = "") -> None:
    """A person took the text or the picture of a report to pass it on."""
    LedgerEntry.objects.create(
        document=document, kind=LedgerKind.SHARED, by=by, detail=detail[:300]
    )

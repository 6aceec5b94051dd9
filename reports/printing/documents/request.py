"""Asking for a document, asking again, and reading the finished file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from reports.models.document import ANNEXES, DocumentState, ReportDocument, Snapshot
from reports.permissions import check_can_request_report
from reports.printing.documents.claims import queue_again
from reports.printing.documents.nudges import send_on_commit
from reports.printing.storage import FileLostError, read_file

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import Facility, User


class NotReadyError(Exception):
    """There is no file to read yet; ``document`` says how far it is."""

    def __init__(self, document: ReportDocument) -> None:
        super().__init__(f"document {document.pk} is {document.state}")
        self.document = document


@transaction.atomic
def request_document(
    *,
    kind: str,
    facility: Facility,
    week: Week,
    snapshot: Snapshot,
    revision: int,
    is_draft: bool,
    document_number: str = "",
    by: User | None = None,
) -> ReportDocument:
    """The document of these figures under today's template; made if nobody asked before.

    The row commits with the caller's transaction; the message goes out after it. A document
    that exists is never made twice; one that had failed is tried again. ``by`` must hold the
    right to ask; None is the clock or a command.
    """
    from reports.printing.pdf import template_version

    if by is not None:
        check_can_request_report(by, facility)
    document, is_new = ReportDocument.objects.get_or_create(
        kind=kind,
        facility=facility,
        week=week,
        snapshot=snapshot,
        template_version=template_version(),
        defaults={
            "revision": revision,
            "is_draft": is_draft,
            "document_number": document_number,
        },
    )
    if not is_new:
        _ask_again(document, is_draft=is_draft)
    if document.state == DocumentState.QUEUED:
        send_on_commit(document.pk)
    return document


def request_annex(*, document: ReportDocument, letter: str, by: User) -> ReportDocument:
    """Annex A, B or C of a Puskesmas' report: of the same figures and the same revision. Asked for
    twice, it is made once. KeyError for any other letter."""
    return request_document(
        kind=ANNEXES[letter],
        facility=document.facility,
        week=document.week,
        snapshot=document.snapshot,
        revision=document.revision,
        is_draft=document.is_draft,
        document_number=document.document_number,
        by=by,
    )


def _ask_again(document: ReportDocument, *, is_draft: bool) -> None:
    is_final_now = document.is_draft and not is_draft
    if is_final_now:  # same figures, but the watermark must go
        queue_again(document.pk, *DocumentState.values, is_draft=False)
    elif document.state == DocumentState.FAILED:
        queue_again(document.pk, DocumentState.FAILED)
    else:
        return
    document.refresh_from_db()


@transaction.atomic
def retry_document(*, document: ReportDocument, by: User) -> ReportDocument:
    """Start a failed document over with five new attempts; nothing happens to any other."""
    check_can_request_report(by, document.facility)
    if queue_again(document.pk, DocumentState.FAILED):
        send_on_commit(document.pk)
    document.refresh_from_db()
    return document


def read_document(document: ReportDocument) -> bytes:
    """The PDF's bytes, exactly those that were recorded.

    NotReadyError while it is being built; also when the file was lost on disk, and then it is
    queued to be made again from its frozen figures.
    """
    if document.state != DocumentState.READY:
        raise NotReadyError(document)
    try:
        return read_file(document.file_sha256)
    except FileLostError as error:
        if queue_again(document.pk, DocumentState.READY):
            send_on_commit(document.pk)
        document.refresh_from_db()
        raise NotReadyError(document) from error

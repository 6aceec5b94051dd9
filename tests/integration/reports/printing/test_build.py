"""Building with the real renderer, and mending with the real reconciler."""

from __future__ import annotations

import hashlib
import signal
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from reports.models import ReportDocument, Snapshot
from reports.models.document import DocumentState
from reports.printing.documents import NotReadyError, build_document, read_document
from reports.printing.documents.claims import MAX_ATTEMPTS, claim
from reports.printing.documents.reconcile import build_abandoned, reconcile
from reports.printing.storage import file_path
from tests import clock

LONG_AGO = timedelta(minutes=5)


def test_built_document_is_a_file_named_by_its_bytes(document: ReportDocument) -> None:
    assert build_document(document.pk)

    document.refresh_from_db()
    content = file_path(document.file_sha256).read_bytes()
    assert document.state == DocumentState.READY
    assert hashlib.sha256(content).hexdigest() == document.file_sha256
    assert (len(content), document.progress) == (document.size, 4)
    assert document.pages
    assert document.engine
    assert not list((file_path(document.file_sha256).parents[1] / "drafts").iterdir())


def test_built_document_is_not_built_again(document: ReportDocument) -> None:
    build_document(document.pk)
    assert not build_document(document.pk)
    document.refresh_from_db()
    assert document.attempts == 1


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_lost_file_is_made_again_with_the_same_bytes(document: ReportDocument, damage: str) -> None:
    build_document(document.pk)
    document.refresh_from_db()
    before = document.file_sha256
    file = file_path(before)
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(b"x" * file.stat().st_size)

    with pytest.raises(NotReadyError):
        read_document(document)
    assert document.state == DocumentState.QUEUED
    assert build_document(document.pk)
    document.refresh_from_db()
    assert document.file_sha256 == before
    assert read_document(document).startswith(b"%PDF-")


def test_reconciler_finds_a_missing_file(document: ReportDocument) -> None:
    build_document(document.pk)
    document.refresh_from_db()
    file_path(document.file_sha256).unlink()

    assert reconcile().lost_files == 1
    document.refresh_from_db()
    assert document.state == DocumentState.QUEUED


def test_error_is_kept_and_costs_an_attempt(document: ReportDocument) -> None:
    Snapshot.objects.filter(pk=document.snapshot_id).update(content='{"facility": 1}')

    assert not build_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.attempts) == (DocumentState.QUEUED, 1)
    assert document.error.startswith("Angka yang tersimpan tidak dapat dibaca.")
    assert document.next_attempt_at is not None


def test_time_limit_costs_an_attempt(document: ReportDocument) -> None:
    def too_long(*_frame: object) -> None:
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, 0.1)  # as Celery does it: in the middle of the work
    try:
        assert not build_document(document.pk)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    document.refresh_from_db()
    assert (document.state, document.attempts) == (DocumentState.QUEUED, 1)
    assert document.error
    assert document.next_attempt_at is not None


def test_worker_that_died_five_times_leaves_a_failure(document: ReportDocument) -> None:
    for _attempt in range(MAX_ATTEMPTS):
        assert claim(document.pk)
        ReportDocument.objects.update(lease_until=clock.now() - timedelta(seconds=1))

    assert claim(document.pk) is None
    assert reconcile().failed == 1
    document.refresh_from_db()
    assert document.state == DocumentState.FAILED
    assert document.error


def test_reconciler_sends_what_the_broker_lost_once(document: ReportDocument, own_broker) -> None:
    assert reconcile().sent == 0  # its own message is still on the way
    ReportDocument.objects.update(created_at=clock.now() - LONG_AGO)

    assert reconcile().sent == 1
    assert reconcile().sent == 0  # it waits in the queue
    own_broker.flushdb()
    assert reconcile().sent == 1


def test_reconciler_waits_for_back_off_and_lease(document: ReportDocument, own_broker) -> None:
    now = clock.now()
    ReportDocument.objects.update(created_at=now - LONG_AGO, next_attempt_at=now + LONG_AGO)
    assert reconcile().sent == 0
    ReportDocument.objects.update(next_attempt_at=None)
    claim(document.pk)
    assert reconcile().sent == 0
    ReportDocument.objects.update(lease_until=now)
    assert reconcile().sent == 1


def test_abandoned_document_is_built_here(document: ReportDocument) -> None:
    assert not build_abandoned(lambda: True)  # too early to say
    ReportDocument.objects.update(created_at=clock.now() - LONG_AGO)

    build_abandoned(lambda: True)
    document.refresh_from_db()
    assert document.state == DocumentState.READY


def test_nothing_is_built_here_while_somebody_works(document: ReportDocument) -> None:
    ReportDocument.objects.update(created_at=clock.now() - LONG_AGO)
    ReportDocument.objects.create(
        kind=document.kind,
        facility=document.facility,
        week=document.week,
        snapshot=document.snapshot,
        template_version="other",
        state=DocumentState.BUILDING,
        lease_until=clock.now() + LONG_AGO,
    )

    assert not build_abandoned(lambda: True)
    document.refresh_from_db()
    assert document.state == DocumentState.QUEUED

"""Building with the real renderer, and mending with the real reconciler."""

from __future__ import annotations

import errno
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from reports.leases import MOST_BROKEN_OFF, unlock
from reports.models import ReportDocument, Snapshot
from reports.models.document import DocumentState
from reports.periodic import check_stored_files
from reports.printing.documents import NotReadyError, build_document, read_document
from reports.printing.documents.claims import MAX_ATTEMPTS, claim, let_go
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


def test_damaged_file_is_found_by_night_and_not_by_its_reader(document: ReportDocument) -> None:
    """Of the same size, so the reconciler's quick look does not see it."""
    build_document(document.pk)
    document.refresh_from_db()
    file = file_path(document.file_sha256)
    check_stored_files()
    assert not ReportDocument.objects.filter(state=DocumentState.QUEUED).exists()
    file.write_bytes(b"x" * file.stat().st_size)

    check_stored_files()
    document.refresh_from_db()
    assert document.state == DocumentState.QUEUED


def test_error_is_kept_and_costs_an_attempt(document: ReportDocument) -> None:
    Snapshot.objects.filter(pk=document.snapshot_id).update(content='{"facility": 1}')

    assert not build_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.attempts) == (DocumentState.QUEUED, 1)
    assert document.error.startswith("Angka yang tersimpan tidak dapat dibaca.")
    assert document.next_attempt_at is not None


def test_f2_used_up_processor_time_costs_an_attempt_and_says_so(
    document: ReportDocument, settings
) -> None:
    settings.BUILD_CPU_SECONDS = 0  # the kernel ends the drawing within its first second

    assert not build_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.attempts) == (DocumentState.QUEUED, 1)
    assert document.error.startswith("Menggambar")
    assert not list(Path(settings.REPORTS_DIR).glob("??/*.pdf"))


def test_f5_full_disk_costs_no_attempt_however_long_it_lasts(
    document: ReportDocument, monkeypatch, settings
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("reports.printing.storage.os.fsync", full)
    ReportDocument.objects.update(attempts=MAX_ATTEMPTS - 1)  # another error would be the last
    assert not build_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.attempts) == (DocumentState.QUEUED, MAX_ATTEMPTS - 1)
    assert document.error.startswith("Penyimpanan penuh")
    assert not list(Path(settings.REPORTS_DIR).glob("drafts/*"))


def test_build_goes_on_when_its_process_is_gone_and_costs_no_attempt(
    document: ReportDocument, own_broker
) -> None:
    """A worker that the supervisor restarted, or that somebody killed."""
    ReportDocument.objects.update(created_at=clock.now() - LONG_AGO)
    assert claim(document.pk)
    assert reconcile().sent == 0
    unlock(document.pk)  # as PostgreSQL does when the session ends

    assert reconcile().sent == 1  # at once, not after the lease
    again = claim(document.pk)
    assert again is not None
    assert (again.attempts, again.broken_off) == (1, 1)
    let_go(again)


def test_document_over_which_every_worker_dies_fails_in_the_end(document: ReportDocument) -> None:
    assert claim(document.pk)
    let_go(document)
    ReportDocument.objects.update(broken_off=MOST_BROKEN_OFF)

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
    mine = claim(document.pk)
    assert reconcile().sent == 0
    ReportDocument.objects.update(lease_until=now)
    assert reconcile().sent == 1
    assert mine is not None
    let_go(mine)


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
    )
    other = claim(ReportDocument.objects.get(template_version="other").pk)
    assert other is not None

    assert not build_abandoned(lambda: True)
    let_go(other)
    document.refresh_from_db()
    assert document.state == DocumentState.QUEUED

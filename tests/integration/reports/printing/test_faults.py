"""kill -9 of a worker in the middle of a build and a flushed broker: nothing lost or doubled."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings

from reports.models import ReportDocument
from reports.models.document import DocumentState
from reports.review.documents import request_week_documents
from tests.factories.world import World, build_world, last_week
from tests.integration.reports.printing.processes import RECONCILER, WORKER, kill, start, until

pytestmark = pytest.mark.real_time

# Two minutes on two quiet cores are the promise; here others may be at work on them.
PATIENCE_SECONDS = 600


@pytest.fixture
def whole_world(transactional_db) -> World:
    """Committed: other processes read it."""
    return build_world(few=True)


def states() -> Counter[str]:
    return Counter(ReportDocument.objects.values_list("state", flat=True))


def all_ready() -> bool:
    return set(states()) == {DocumentState.READY}


def check_ledger(expected: int) -> None:
    """One ready document per key, its file as recorded, and no other file."""
    documents = list(ReportDocument.objects.all())
    assert len(documents) == expected
    keys = {(d.kind, d.facility_id, d.week, d.snapshot_id, d.template_version) for d in documents}
    assert len(keys) == expected
    files = {
        file.stem: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in Path(settings.REPORTS_DIR).glob("??/*.pdf")
    }
    assert files == {d.file_sha256: d.file_sha256 for d in documents}
    events = apps.get_model("reports", "ReportDocumentEvent").objects.filter(state="ready")
    assert Counter(events.values_list("pgh_obj_id", flat=True)) == {d.pk: 1 for d in documents}


def test_killed_worker_and_flushed_broker(whole_world: World, own_broker, tmp_path) -> None:
    log = tmp_path / "log"
    broker = current_app.conf.broker_url
    expected = len(request_week_documents(whole_world.district, last_week()))

    with start(WORKER, broker, log) as worker:
        until(lambda: states()[DocumentState.BUILDING] > 0, seconds=300, log=log)
        kill(worker)
    own_broker.flushdb()
    assert states()[DocumentState.BUILDING] > 0  # really in the middle of a build
    with start(WORKER, broker, log), start(RECONCILER, broker, log):
        until(all_ready, seconds=PATIENCE_SECONDS, log=log)

    check_ledger(expected)
    # Nobody sat out a lease or spent an attempt: the dead builders' rows went on at once.
    attempts = ReportDocument.objects.values_list("attempts", flat=True)
    assert set(attempts) == {1}
    assert ReportDocument.objects.filter(broken_off__gt=0).exists()


def test_no_worker_and_no_broker_at_all(whole_world: World, tmp_path, monkeypatch) -> None:
    nobody = f"redis+socket://{tmp_path}/nobody.sock"
    monkeypatch.setattr(current_app.conf, "broker_url", nobody)
    expected = len(request_week_documents(whole_world.district, last_week()))

    log = tmp_path / "log"
    with start(RECONCILER, nobody, log):
        until(all_ready, seconds=PATIENCE_SECONDS, log=log)
    check_ledger(expected)

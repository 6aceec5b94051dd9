"""``/healthz``, ``/readyz`` and ``manage.py doctor`` tell the truth, also when parts are away."""

from __future__ import annotations

import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.test import Client

from ilp import health
from ilp.launch import parts
from ilp.models import Backup, Heartbeat
from reports.models import ReportDocument
from reports.review.documents import request_facility_document
from tests import clock
from tests.factories.world import build_world, last_week

PARTS = ("worker", "beat", "reconcile")


def all_parts_beat() -> None:
    for part in PARTS:
        Heartbeat.objects.beat(part)
    Backup.objects.create(path="-", size=1, sha256="-", is_encrypted=False)


def test_healthz_needs_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_when_all_parts_live(client: Client, db: None) -> None:
    all_parts_beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "ready"
    assert set(answer.json()["checks"]) == {
        "database", "broker", "disk", "queue", "backup", *PARTS
    }  # fmt: skip


def test_readyz_when_the_last_backup_is_too_old(client: Client, db: None) -> None:
    all_parts_beat()
    Backup.objects.update(finished_at=Now() - timedelta(hours=27))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert not answer.json()["checks"]["backup"]["ok"]


def test_site_that_has_just_begun_needs_no_backup_yet(client: Client, db: None) -> None:
    all_parts_beat()
    Backup.objects.all().delete()
    begun = MigrationRecorder.Migration.objects.filter(app="ilp", name__startswith="0003")
    for hours, status in ((25, 200), (27, 503)):
        begun.update(applied=Now() - timedelta(hours=hours))
        assert client.get("/readyz").status_code == status


@pytest.mark.parametrize("part", PARTS)
def test_readyz_when_a_part_is_silent(client: Client, db: None, part: str) -> None:
    all_parts_beat()
    Heartbeat.objects.filter(name=part).update(at=Now() - timedelta(seconds=91))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, check in answer.json()["checks"].items() if not check["ok"]] == [part]


def test_readyz_when_the_broker_is_away(client: Client, db: None, settings, tmp_path) -> None:
    all_parts_beat()
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/no-such.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == {"ok": False}


def noted(state: str, *, ago: float) -> None:
    now = clock.now().timestamp()
    parts.note(settings.DATA_DIR, "worker", parts.Part(state, now - ago, 1, "fonts loaded", now))


@pytest.fixture
def own_data(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_f1_readyz_says_starting_with_the_seconds(client: Client, db: None, own_data) -> None:
    all_parts_beat()
    Heartbeat.objects.filter(name="worker").delete()
    noted("starting", ago=130)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "starting"
    assert 130 <= answer.json()["checks"]["worker"]["starting_seconds"] < 130 + 600


def test_f1_worker_that_is_busy_for_minutes_is_ready(client: Client, db: None, own_data) -> None:
    all_parts_beat()
    Heartbeat.objects.filter(name="worker").update(at=Now() - timedelta(seconds=400))
    noted("busy", ago=1000)
    assert client.get("/readyz").status_code == 200


def test_f5_low_and_full_disk(client: Client, db: None, settings, monkeypatch) -> None:
    all_parts_beat()
    usage = shutil.disk_usage(settings.DATA_DIR)
    settings.LOW_SPACE_MIB = usage.free // 2**20 + 1000
    answer = client.get("/readyz")
    assert answer.status_code == 200  # a warning
    assert answer.json()["checks"]["disk"]["is_low"]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out, stderr=StringIO())
    assert any("TIDAK" in line and "MiB" in line for line in out.getvalue().splitlines())
    monkeypatch.setattr(health, "FULL_BYTES", usage.total)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"]["cause"] == "full"


def document_due_for(minutes: int) -> None:
    document = request_facility_document(build_world().pustu, last_week())
    ReportDocument.objects.filter(pk=document.pk).update(
        created_at=Now() - timedelta(minutes=minutes)
    )


@pytest.mark.parametrize(
    ("minutes", "moves", "ok"),
    [(1, False, True), (3, False, False), (3, True, True), (11, True, False)],
)
def test_queue_is_judged_by_age_and_movement(
    db: None, minutes: int, *, moves: bool, ok: bool
) -> None:
    document_due_for(minutes)
    if moves:
        snapshot = ReportDocument.objects.get().snapshot
        ReportDocument.objects.create(
            kind="pustu_weekly", facility_id=ReportDocument.objects.get().facility_id,
            week=last_week(), snapshot=snapshot, template_version="other", state="ready",
            file_sha256="0" * 64, finished_at=clock.now(),
        )  # fmt: skip
    found = health.check_queue()
    assert (found["ok"], found["oldest_seconds"] >= minutes * 60 - 1) == (ok, True)


def test_doctor_never_says_yes_beside_its_own_contradiction(db: None, own_data) -> None:
    """A queue that moves and still makes somebody wait: no, and the seconds beside it."""
    all_parts_beat()
    document_due_for(15)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out, stderr=StringIO())
    line = next(line for line in out.getvalue().splitlines() if "sepuluh menit" in line)
    assert line.startswith("TIDAK")


def test_beat_again_keeps_one_row(db: None) -> None:
    Heartbeat.objects.beat("worker")
    Heartbeat.objects.beat("worker")
    assert Heartbeat.objects.count() == 1
    assert Heartbeat.objects.all().ages()["worker"] < 60


def test_doctor_names_what_is_broken_and_its_cure(db: None) -> None:
    all_parts_beat()
    Heartbeat.objects.filter(name="worker").delete()
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=out, stderr=err)
    assert end.value.code == 1
    broken = [line for line in out.getvalue().splitlines() if line.startswith("TIDAK")]
    assert any("90 detik" in line for line in broken)
    assert "logs/worker.log" in out.getvalue()

"""``/healthz``, ``/readyz`` and ``manage.py doctor`` tell the truth, also when parts are away."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.test import Client

from ilp.models import Backup, Heartbeat

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
    assert set(answer.json()["checks"]) == {"database", "broker", "queue", "backup", *PARTS}


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

"""Cases F4, F5 and F6 of the faults, as people and clients meet them."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement
from ilp.env import BASE_DIR
from ilp.outage import outage_of
from tests.factories.world import World, build_world, last_week

INSIDES = ("SELECT", "INSERT", "psycopg", "Traceback", "relation", "socket", "ERROR", "achievement")
CODE = "SPM01"
WITHOUT_DATABASE = """
import json, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "localhost"})
answers = {}
for path in ("/login/", "/api/v1/facilities/", "/healthz", "/readyz"):
    client.cookies.clear()
    if not path.endswith("z"):  # probes bring no cookie
        client.cookies["sessionid"] = "0" * 32  # somebody who was signed in
    answer = client.get(path)
    answers[path] = (answer.status_code, dict(answer.headers), answer.content.decode())
print(json.dumps(answers))
"""


@pytest.fixture
def world(db) -> World:
    return build_world()


def without_database(tmp_path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql:///pantau?host={tmp_path}&user=pantau",
        "DJANGO_SETTINGS_MODULE": "ilp.settings",
        "PYTHONPATH": str(BASE_DIR),
        "PANTAU_DATA": str(tmp_path),
    }
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False, cwd=BASE_DIR,
        env=environment,
    )  # fmt: skip


def is_plain(text: str) -> bool:
    return not any(word in text for word in INSIDES)


def test_f4_without_a_database_people_and_clients_are_told_so(tmp_path: Path) -> None:
    done = without_database(tmp_path, "-c", WITHOUT_DATABASE)
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout.splitlines()[-1])

    status, headers, text = answers["/login/"]
    assert (status, headers["Retry-After"]) == (503, "10")
    assert "Basis data sedang tidak menjawab." in text
    assert headers["X-Request-Id"] in text
    assert headers["X-Request-Id"] in done.stderr  # beside the real error
    assert is_plain(text)

    status, headers, text = answers["/api/v1/facilities/"]
    assert (status, headers["Retry-After"]) == (503, "10")
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(text)["detail"].startswith("Basis data")

    assert answers["/healthz"][0] == 200
    assert json.loads(answers["/readyz"][2])["checks"]["database"] == {"ok": False}


def test_f4_command_without_a_database_says_one_sentence(tmp_path: Path) -> None:
    done = without_database(tmp_path, "manage.py", "check_rollups")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("Basis data sedang tidak menjawab.")
    assert is_plain(done.stderr)


def refuse(table: str, event: str, state: str) -> None:
    """PostgreSQL itself refuses, with the state it has for that fault."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION 'could not extend relation' USING ERRCODE = '{state}'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER refuse BEFORE {event} ON {table} EXECUTE FUNCTION refuse()")


def enter(world: World, number: int, version: int, **headers: str):
    client = Client(raise_request_exception=False)
    client.force_login(world["pustu_head"])
    kwargs = {"week": str(last_week()), "code": world.pustu.code, "indicator": CODE}
    data = {f"n-{CODE}": str(number), f"v-{CODE}": str(version)}
    return client.post(reverse("reports:review-count", kwargs=kwargs), data, headers=headers)


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("53100", 507, "Disk situs penuh"),
        ("58030", 503, "Disk situs tidak bekerja"),
        ("53300", 503, "Basis data"),
        ("55P03", 503, "sangat sibuk"),
    ],
)
def test_f5_number_that_cannot_be_stored_is_refused_with_the_cause(
    world: World, state: str, status: int, words: str
) -> None:
    refuse("clusters_achievement", "INSERT", state)
    answer = enter(world, 4, 0, **{"HX-Request": "true"})
    assert answer.status_code == status
    assert words in answer.text
    assert "\n" not in answer.text
    assert is_plain(answer.text)
    assert not Achievement.objects.exists()


def test_f6_number_is_not_changed_without_its_history(world: World) -> None:
    assert enter(world, 4, 0).status_code < 400
    refuse("clusters_achievementevent", "INSERT", "42501")
    version = Achievement.objects.get().version
    answer = enter(world, 9, version, **{"HX-Request": "true"})
    assert answer.status_code == 503
    assert "riwayat" in answer.text
    assert is_plain(answer.text)
    assert Achievement.objects.get().numerator == 4


@pytest.mark.parametrize(
    ("number", "status"),
    [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EROFS, 503), (errno.EIO, 503)],
)
def test_f5_file_that_cannot_be_written_names_the_disk(number: int, status: int) -> None:
    """Case F5 (X5) of the faults."""
    try:
        try:
            raise OSError(number, os.strerror(number), "/data/reports/drafts/x")
        except OSError as error:
            raise RuntimeError("while storing a photo") from error
    except RuntimeError as error:
        found = outage_of(error)
    assert found is not None
    assert (found.status, "Disk" in found.sentence) == (status, True)
    assert is_plain(found.sentence)


def test_fault_of_the_program_is_no_outage() -> None:
    assert outage_of(KeyError("x")) is None
    assert outage_of(FileNotFoundError(errno.ENOENT, "x")) is None

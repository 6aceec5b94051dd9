"""A database of version 1.0.0 starts with this version and is then like one made by it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pypdf
import pytest
from django.db import connection

from ilp.keeping.backup import verify
from ilp.keeping.contents import checksums
from tests.integration.upgrade.catalogue import SECTIONS, catalogue
from tests.integration.upgrade.databases import DUMP, Database

APPS = ("clusters", "facilities", "ilp", "lifecycle", "reports")
INITIAL = "0001_initial_2026_11"
# In the dump: the review of a Puskesmas, signed; its PDF was asked for and not yet made.
PUSKESMAS, WEEK, NUMBER = "1012406", "2026-W46", "440/046/1012406/XI/2026"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("installation")


def _database(name: str, *, like: Database | None = None) -> Iterator[Database]:
    database = Database(f"upgrade_{name}_{os.getpid()}")
    database.create(like=like)
    try:
        yield database
    finally:
        database.drop()


@pytest.fixture(scope="module")
def old() -> Iterator[Database]:
    """As version 1.0.0 left it."""
    for database in _database("old"):
        database.load(DUMP)
        yield database


@pytest.fixture(scope="module")
def upgraded(old: Database, data: Path) -> Iterator[Database]:
    """The same after its first start with this version."""
    for database in _database("new", like=old):
        started = database.manage(data, "prepare")
        assert started.returncode == 0, started.stderr
        yield database


@pytest.fixture(scope="module")
def fresh(django_db_setup: None) -> Iterator[Database]:
    """Made by this version, then dumped and restored like the old one: PostgreSQL writes a few
    expressions back in other words than it was given."""
    made = Database(str(connection.settings_dict["NAME"]))
    for database in _database("fresh"):
        database.restore(made.dump("--schema-only"))
        yield database


@pytest.fixture
def in_use(upgraded: Database) -> Iterator[Database]:
    """The upgraded one once more, for a test to write into."""
    yield from _database("in_use", like=upgraded)


@pytest.fixture
def another(old: Database) -> Iterator[Database]:
    """The old one once more, for a test to spoil."""
    yield from _database("another", like=old)


def test_backup_of_the_old_state_was_made_first(
    old: Database, upgraded: Database, data: Path
) -> None:
    [path] = (data / "backups").iterdir()
    manifest = verify(path, "")
    assert "ilp_backup" not in manifest.tables  # the state from before
    assert manifest.tables["reports_reviewrevision"][0] > 0
    with psycopg.connect(old.url) as session:
        assert checksums(session) == manifest.tables
    assert upgraded.rows("SELECT path FROM ilp_backup") == [(str(path),)]


def test_without_room_for_a_backup_nothing_is_changed(another: Database, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("no folder")
    before = _recorded(another)
    refused = another.manage(tmp_path, "prepare")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "PANTAU_NO_BACKUP=1" in refused.stderr
    assert _recorded(another) == before


def _recorded(database: Database) -> list[tuple[str, str]]:
    return [
        (app, name)
        for app, name in database.rows("SELECT app, name FROM django_migrations ORDER BY app, name")
        if app in APPS
    ]


def test_old_steps_count_as_the_one_migration_of_each_app(
    old: Database, upgraded: Database
) -> None:
    assert not {(app, INITIAL) for app in APPS} & set(_recorded(old))
    assert {(app, INITIAL) for app in APPS} <= set(_recorded(upgraded))


def test_they_count_even_where_nothing_else_is_to_be_done(upgraded: Database, data: Path) -> None:
    """Otherwise a later version, which no longer knows the steps, would begin from nothing."""
    upgraded.execute("DELETE FROM django_migrations WHERE name = %s", INITIAL)
    assert upgraded.manage(data, "prepare").returncode == 0
    assert {(app, INITIAL) for app in APPS} <= set(_recorded(upgraded))


def test_models_ask_for_nothing_more(upgraded: Database, data: Path) -> None:
    checked = upgraded.manage(data, "makemigrations", "--check", "--dry-run")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.django_db
def test_schema_is_that_of_a_fresh_database(
    section: str, upgraded: Database, fresh: Database
) -> None:
    wanted = catalogue(fresh.url, section)
    # The tables of an older program's library stay: after a step back it needs them to sign in.
    found = [row for row in catalogue(upgraded.url, section) if not row[0].startswith("axes_")]
    assert wanted
    assert found == wanted


def test_every_row_is_still_there(upgraded: Database) -> None:
    text = gzip.decompress(DUMP.read_bytes()).decode()
    copied = re.findall(r"^COPY public\.(\w+) .*?;\n(.*?)^\\\.$", text, re.DOTALL | re.MULTILINE)
    rows = {table: body.count("\n") for table, body in copied if table.startswith(APPS)}
    assert len(rows) > 50
    # An empty table would prove nothing.
    assert [table for table in rows if not rows[table]] == ["facilities_user_user_permissions"]
    for table, count in rows.items():
        assert upgraded.rows(f"SELECT count(*) FROM {table}") == [(count,)], table  # noqa: S608


def test_sums_equal_what_they_add_up(upgraded: Database, data: Path) -> None:
    checked = upgraded.manage(data, "check_rollups")
    assert checked.returncode == 0, checked.stdout + checked.stderr


# Two pages with what the meeting speaks of, and annex A with every indicator.
MAKE_ANNEX = f"""
from facilities.models import User
from reports.models import ReportDocument
from reports.printing.documents.build import build_document
from reports.printing.documents.request import request_annex
report = ReportDocument.objects.filter(document_number={NUMBER!r}, state="ready").get()
annex = request_annex(document=report, letter="A", by=User.objects.order_by("pk").first())
build_document(annex.pk)
"""


def test_signed_revision_is_printed_with_its_figures(in_use: Database, data: Path) -> None:
    [(sha256, content)] = in_use.rows(
        "SELECT sha256, content FROM reports_snapshot JOIN reports_reviewrevision"
        " ON snapshot_id = sha256 WHERE document_number = %s",
        NUMBER,
    )
    assert hashlib.sha256(content.encode()).hexdigest() == sha256
    asked = ("--district", "19.06", "--week", WEEK, "--facility", PUSKESMAS, "--wait")
    built = in_use.manage(data, "build_reports", *asked)
    assert built.returncode == 0, built.stderr

    annexed = in_use.manage(data, "shell", "-c", MAKE_ANNEX)
    assert annexed.returncode == 0, annexed.stderr
    files = in_use.rows(
        "SELECT file_sha256 FROM reports_reportdocument"
        " WHERE document_number = %s AND state = 'ready'",
        NUMBER,
    )
    assert len(files) == 2
    printed = ""
    for (file,) in files:
        pdf = (data / "reports" / file[:2] / f"{file}.pdf").read_bytes()
        pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
        printed += " ".join(" ".join(page.extract_text() for page in pages).split())
    assert NUMBER in printed
    lines = [line for cluster in json.loads(content)["clusters"] for line in cluster["lines"]]
    wanted = [figures for line in lines if (figures := _in_words(line["figures"]))]
    assert len(wanted) > 10
    assert [figures for figures in wanted if figures not in printed] == []


def _in_words(figures: dict[str, int | str | None]) -> str:
    """Population, target, count of the week and of the year, coverage, as a row prints them."""
    names = ("population", "target_to_date", "week_count", "cumulative")
    if figures["coverage"] is None or any(not figures[name] for name in names):
        return ""
    if figures["cumulative_denominator"] is not None:
        return ""  # printed as cases of cases found
    whole = [f"{figures[name]:,}".replace(",", ".") for name in names]
    return " ".join([*whole, str(figures["coverage"]).replace(".", ",")])


def test_dump_can_be_restored(upgraded: Database) -> None:
    for restored in _database("restored"):
        restored.restore(upgraded.dump())
        for section in SECTIONS:
            assert catalogue(restored.url, section) == catalogue(upgraded.url, section)


@pytest.mark.parametrize("command", ["migrate", "prepare"])
def test_database_between_two_old_steps_is_left_alone(
    command: str, another: Database, data: Path
) -> None:
    another.execute("DELETE FROM django_migrations WHERE app = 'reports' AND name > '0005'")
    before = _recorded(another)
    refused = another.manage(data, command)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "reports 0004_escalation_moment" in refused.stderr
    assert "Pasang dulu versi 1.0.0" in refused.stderr
    assert _recorded(another) == before


def test_doctor_sees_a_database_between_two_old_steps(another: Database, data: Path) -> None:
    another.execute("DELETE FROM django_migrations WHERE app = 'reports' AND name > '0005'")
    said = another.manage(data, "doctor")
    assert re.search(r"^TIDAK .*reports 0004_escalation_moment", said.stdout, re.MULTILINE)

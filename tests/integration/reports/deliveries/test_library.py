"""The library: filters, revisions that stay, and the ZIP of a week."""

from __future__ import annotations

import csv
import hashlib
import io
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.weeks import Week
from facilities.models import Facility
from reports.models import ReportDocument, Snapshot
from reports.printing.documents.archive import entry_name, stream, week_items
from reports.printing.queries.revisions import successors
from reports.printing.storage import file_path, store_file
from tests import clock
from tests.factories.world import World

WEEK = Week.parse("2026-W24")
LIST = reverse("reports:document-list")
KINDS = {"puskesmas": "puskesmas_weekly", "pustu": "pustu_weekly", "dinkes": "district_weekly"}


def make(facility: Facility, **changes) -> ReportDocument:
    """A document with a file of its own; every call is another one."""
    number = ReportDocument.objects.count()
    content = b"%PDF-1.7 " + str(number).encode() * 100
    snapshot = Snapshot.objects.create(sha256=f"{number:064x}", kind="review", content="{}")
    values = {
        "kind": KINDS[facility.kind],
        "facility": facility,
        "week": WEEK,
        "snapshot": snapshot,
        "template_version": "uji",
        "document_number": f"440/024/{facility.code}/VI/2026",
        "state": "ready",
        "file_sha256": store_file(content),
        "size": len(content),
        "finished_at": clock.now(),
    }
    return ReportDocument.objects.create(**{**values, **changes})


@pytest.fixture
def dinkes(client: Client, world: World) -> Client:
    client.force_login(world["dinkes"])
    return client


def names_in(page: str, *documents: ReportDocument) -> list[bool]:
    return [f'id="document-{row.public_id}"' in page for row in documents]


def test_filters_by_week_facility_kind_and_state(dinkes: Client, world: World) -> None:
    head, unit = make(world.puskesmas), make(world.pustu)
    other = make(world.sibling, week=WEEK - 1)
    failed = make(
        world.other_pustu, state="failed", error="Penyimpanan penuh.", finished_at=clock.now()
    )
    rows = (head, unit, other, failed)
    for query, expected in {
        "": [True] * 4,
        f"?week={WEEK}": [True, True, False, True],
        "?facility=P1": [True, True, False, True],
        "?facility=P1-PT01": [False, True, False, False],
        "?kind=pustu_weekly": [False, True, False, True],
        "?state=failed": [False, False, False, True],
        "?state=pending": [False] * 4,
        f"?week={WEEK}&facility=P1&kind=pustu_weekly&state=ready": [False, True, False, False],
    }.items():
        assert names_in(dinkes.get(LIST + query).text, *rows) == expected, query


def test_every_revision_stays_and_says_what_took_its_place(dinkes: Client, world: World) -> None:
    draft = make(world.puskesmas, is_draft=True, document_number="")
    first = make(world.puskesmas)
    second = make(world.puskesmas, revision=2)
    page = dinkes.get(LIST).text
    assert names_in(page, draft, first, second) == [True] * 3
    assert page.count("digantikan oleh revisi 2") == 2
    detail = dinkes.get(reverse("reports:document-detail", args=[first.public_id])).text
    assert "digantikan oleh revisi 2" in detail
    assert reverse("reports:document-detail", args=[second.public_id]) in detail
    assert (
        dinkes.get(reverse("reports:document-download", args=[first.public_id])).status_code == 200
    )


def test_what_replaces_what(world: World) -> None:
    draft = make(world.puskesmas, is_draft=True)
    first = make(world.puskesmas)
    draft_again = make(world.puskesmas, is_draft=True, revision=2)
    failed = make(world.puskesmas, revision=3, state="failed")
    elsewhere = make(world.sibling, revision=5)
    rows = [draft, first, draft_again, failed, elsewhere]
    found = {pk: row.pk for pk, row in successors(rows).items()}
    assert found == {draft.pk: draft_again.pk}  # no draft and no failure replaces a signed one
    second = make(world.puskesmas, revision=2)
    found = {pk: row.pk for pk, row in successors(rows).items()}
    assert found == {draft.pk: second.pk, first.pk: second.pk, draft_again.pk: second.pk}
    assert successors([]) == {}


def test_list_costs_the_same_for_few_and_many(dinkes: Client, world: World) -> None:
    dinkes.get(LIST)  # the session's first page writes its moment
    counts = []
    for number in range(120):
        make(world.pustu if number % 2 else world.puskesmas, week=WEEK - number)
        if number in {1, 119}:
            with CaptureQueriesContext(connection) as queries:
                page = dinkes.get(LIST).text
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.count('id="document-') == 51  # 50 rows and the list itself
    assert "after=" in page  # there are more


def fetch_zip(client: Client, facility: Facility, week: Week = WEEK) -> zipfile.ZipFile:
    answer = client.get(
        reverse("reports:document-zip"), {"week": str(week), "facility": facility.code}
    )
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer)))


def listing(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    text = archive.read("daftar-isi.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_zip_holds_the_standing_files_and_a_list_that_tells_the_truth(
    dinkes: Client, world: World
) -> None:
    make(world.puskesmas)
    second = make(world.puskesmas, revision=2)
    draft = make(world.pustu, is_draft=True, document_number="")
    make(world.other_pustu, state="failed", error="Penyimpanan penuh.", file_sha256="")
    lost = make(world.dinkes)
    file_path(lost.file_sha256).unlink()

    archive = fetch_zip(dinkes, world.dinkes)
    assert archive.testzip() is None
    assert archive.namelist() == [
        "440-024-P1-VI-2026-puskesmas-P1-2026-W24-r2.pdf",
        "tanpa-nomor-pustu-P1-PT01-2026-W24-r1-draf.pdf",
        "daftar-isi.csv",
    ]
    rows = {row["Kode"]: row for row in listing(archive)}
    assert list(rows) == [world.dinkes.code, "P1", "P1-PT01", "P1-PT02", "P2"]
    name = "440-024-P1-VI-2026-puskesmas-P1-2026-W24-r2.pdf"
    assert rows["P1"]["Berkas"] == name
    assert rows["P1"]["SHA-256"] == second.file_sha256
    assert hashlib.sha256(archive.read(name)).hexdigest() == second.file_sha256
    assert rows["P1"]["Nomor"] == second.document_number
    assert rows["P1-PT01"]["Berkas"] == entry_name(draft)
    assert rows["P1-PT02"]["Keterangan"] == "gagal dibuat: Penyimpanan penuh."
    assert rows["P2"]["Keterangan"] == "laporan ini belum diminta"
    assert "hilang" in rows[world.dinkes.code]["Keterangan"]
    lost.refresh_from_db()
    assert lost.state == "queued"  # made again from its frozen figures


def test_zip_ends_where_the_users_area_ends(client: Client, world: World) -> None:
    for place in (world.puskesmas, world.pustu, world.other_pustu, world.sibling):
        make(place)
    client.force_login(world["pustu_head"])
    assert len(fetch_zip(client, world.pustu).namelist()) == 2
    address = reverse("reports:document-zip")
    assert client.get(address, {"week": str(WEEK), "facility": "P1"}).status_code == 404
    client.force_login(world["puskesmas_head"])
    archive = fetch_zip(client, world.puskesmas)
    assert {row["Kode"] for row in listing(archive)} == {"P1", "P1-PT01", "P1-PT02"}


def test_zip_refuses_what_it_cannot_read(dinkes: Client, world: World) -> None:
    address = reverse("reports:document-zip")
    for query in ({}, {"week": "2026-W99", "facility": "P1"}, {"week": str(WEEK), "facility": "?"}):
        assert dinkes.get(address, query).status_code == 404


def test_zip_is_the_same_twice_and_each_file_was_opened_by_somebody(
    dinkes: Client, world: World
) -> None:
    document = make(world.pustu, finished_at=clock.now() - timedelta(hours=1))
    address = reverse("reports:document-zip")
    query = {"week": str(WEEK), "facility": "P1-PT01"}
    first, second = (b"".join(dinkes.get(address, query)) for _time in range(2))
    assert first == second
    rows = document.ledger.values_list("kind", "by__username", "detail")
    assert list(rows) == [("opened", "dinkes", "zip")] * 2


def test_list_of_the_zip_runs_no_formula(dinkes: Client, world: World) -> None:
    Facility.objects.filter(pk=world.pustu.pk).update(name="=HYPERLINK(1)")
    make(world.pustu, document_number="=1+1")
    row = listing(fetch_zip(dinkes, world.pustu))[0]
    assert row["Fasilitas"] == "'=HYPERLINK(1)"
    assert row["Nomor"] == "'=1+1"


def test_large_week_takes_little_memory(world: World) -> None:
    """45 files of 2 MB each: 90 MB pass through, a few are held."""
    size = 2 * 1024 * 1024
    for number in range(45):
        content = b"%PDF-1.7 " + number.to_bytes(4) + bytes(size)
        make(
            world.puskesmas, revision=number + 1, week=WEEK - number,
            file_sha256=store_file(content), size=len(content),
        )  # fmt: skip
    items = [week_items(world.puskesmas, WEEK - back, world["dinkes"])[0] for back in range(45)]
    assert all(item.document for item in items)
    tracemalloc.start()
    total = sum(len(chunk) for chunk in stream(items))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 45 * size
    assert peak < 12 * size

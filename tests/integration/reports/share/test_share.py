"""Sharing a week: the page, the picture, the ledger."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from reports.models import LedgerEntry, Snapshot
from reports.printing.documents import request_document
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.share import PICTURE_SIZE, picture, share_text
from reports.share.drawing import LARGEST, draw
from reports.share.store import folder
from tests import clock
from tests.factories import sheets
from tests.factories.world import REASONS, World, build_world, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def _client(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def _address(name: str, place: Any) -> str:
    return reverse(f"reports:review-{name}", args=[last_week(), place.code])


def test_page_shows_the_message_and_the_picture(world: World, settings: Any) -> None:
    settings.PUBLIC_URL = "https://pantau.example.org"
    response = _client(world, "puskesmas_head").get(_address("share", world.puskesmas))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Belum ada Pustu yang melapor (dari 2): semuanya belum lapor." in page
    assert f"https://pantau.example.org/reviews/{last_week()}/P1/</textarea>" in page
    assert f'src="{_address("picture", world.puskesmas)}"' in page
    assert 'alt="Evaluasi mingguan ILP Puskesmas P1' in page
    assert "DRAF" in page


def test_signed_review_is_no_draft(world: World, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks():
        review = open_weekly_review(facility=world.pustu, week=last_week())
        submit_review(review=review, by=world["pustu_head"], expected_version=1, **REASONS)
    client = _client(world, "puskesmas_head")
    assert "DRAF" not in client.get(_address("share", world.pustu)).content.decode()
    text = client.get(_address("share", world.puskesmas)).content.decode()
    assert "1 dari 2 Pustu sudah lapor." in text


def test_district_page(world: World) -> None:
    url = reverse("reports:district-share")
    page = _client(world, "dinkes").get(f"{url}?week={last_week()}").content.decode()
    assert "Belum ada Puskesmas yang melapor (dari 2)" in page
    assert f"/district/?week={last_week()}&amp;district=" in page
    assert reverse("reports:district-picture") in page


@pytest.mark.parametrize("url", ["reports:district-share", "reports:district-picture"])
def test_district_of_another_office_or_a_future_week(world: World, url: str) -> None:
    client = _client(world, "dinkes")
    assert client.get(reverse(url), {"district": "99.99"}).status_code == 404
    assert client.get(reverse(url), {"week": "2099-W01"}).status_code == 404
    assert client.get(reverse(url), {"week": "now"}).status_code == 404


@pytest.mark.at(clock.NOON)  # never ahead of the real time, which is that of files
def test_picture_is_kept_by_the_browser_but_asked_for_each_time(world: World) -> None:
    client = _client(world, "puskesmas_head")
    first = client.get(_address("picture", world.puskesmas))
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    assert first["Cache-Control"] == "private, no-cache"
    assert Image.open(io.BytesIO(first.content)).size == PICTURE_SIZE
    assert len(list(folder().glob("*.png"))) == 1
    again = client.get(
        _address("picture", world.puskesmas), headers={"If-None-Match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(_address("picture", world.pustu))
    assert other["ETag"] != first["ETag"]


def test_a_broken_file_is_drawn_again(world: World) -> None:
    client = _client(world, "puskesmas_head")
    first = client.get(_address("picture", world.puskesmas)).content
    (file,) = folder().glob("*.png")
    file.write_bytes(first[:200])
    assert client.get(_address("picture", world.puskesmas)).content == first
    assert file.read_bytes() == first


def test_sharing_stands_in_the_ledger_once(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = _client(world, "puskesmas_head")
    url = _address("share", world.puskesmas)
    assert client.post(url, {"fetch": "1"}).status_code == 204  # no report yet: nothing to note
    assert not LedgerEntry.objects.exists()
    snapshot = Snapshot.objects.create(sha256="b" * 64, kind="review", content="{}")
    with django_capture_on_commit_callbacks():
        document = request_document(
            kind="puskesmas_weekly", facility=world.puskesmas, week=last_week(),
            snapshot=snapshot, revision=1, is_draft=True,
        )  # fmt: skip
    assert client.post(url, {"fetch": "1"}).status_code == 204
    assert client.post(url).status_code == 302
    entries = LedgerEntry.objects.filter(kind="shared")
    assert [(row.document, row.by) for row in entries] == [(document, world["puskesmas_head"])]


@pytest.mark.parametrize(
    "sheet",
    [
        sheets.review_sheet(problems=12),
        sheets.review_sheet(pustu=0, problems=0),
        sheets.pustu_sheet(is_signed=False),
        sheets.district_sheet(),
    ],
    ids=["puskesmas", "no-pustu", "pustu", "district"],
)
def test_picture_of_any_sheet_is_small_quick_and_always_the_same(sheet: Any) -> None:
    shown = picture(sheet, is_draft=False)
    draw(shown.html, shown.start)  # fonts read, stylesheet parsed
    start = time.process_time()
    content = draw(shown.html, shown.start)
    assert time.process_time() - start < 1.5
    assert len(content) < LARGEST
    assert Image.open(io.BytesIO(content)).size == PICTURE_SIZE
    assert picture(sheet, is_draft=False).key == shown.key
    assert draw(shown.html, shown.start) == content
    assert picture(sheet, is_draft=True).key != shown.key


def test_picture_and_text_tell_the_same_gaps() -> None:
    sheet = sheets.review_sheet()
    text = share_text(sheet, "https://pantau.example.org/", is_draft=False)
    shown = picture(sheet, is_draft=False)
    rows = [row for row in text.splitlines() if row.startswith("• ") and "kurang" in row]
    assert len(rows) == 5
    for row in rows:
        people = row.partition(": ")[2].partition(" (")[0]
        assert people in shown.html
        assert people in shown.alt


def test_picture_holds_nothing_written_by_hand() -> None:
    sheet = sheets.review_sheet(problems=12)
    html = picture(sheet, is_draft=False).html
    for row in sheet.carried_problems + sheet.new_problems:
        assert row.title not in html
        assert row.cause not in html
    assert sheet.conclusion not in html

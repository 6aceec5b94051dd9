"""Copying and sharing a week on the page, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from reports.models import LedgerEntry, Snapshot
from reports.printing.documents import request_document
from tests.factories.world import World, last_week
from tests.functional.conftest import OpenPage

SHARES = """
navigator.canShare = (parcel) => !!parcel.files;
navigator.share = (parcel) => {
  window.shared = { text: parcel.text, files: (parcel.files || []).map((file) => [
    file.name, file.type, file.size]) };
  return Promise.resolve();
};
"""


@pytest.fixture
def path(world: World) -> str:
    """The share page of a Puskesmas that has a report."""
    snapshot = Snapshot.objects.create(sha256="c" * 64, kind="review", content="{}")
    request_document(
        kind="puskesmas_weekly", facility=world.puskesmas, week=last_week(), snapshot=snapshot,
        revision=1, is_draft=True,
    )  # fmt: skip
    return f"/reviews/{last_week()}/P1/share/"


def test_copy(open_page: OpenPage, world: World, path: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    page = open_page(world["puskesmas_head"], path, permissions=allowed)
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.get_by_role("button", name="Salin teks").click()
    assert posted.value.status == 204
    expect(page.locator("#announce")).to_have_text("Teks disalin.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == page.locator("#share-text").input_value()
    assert text.startswith("*Evaluasi mingguan ILP, Puskesmas P1*\n")
    assert LedgerEntry.objects.filter(kind="shared", by=world["puskesmas_head"]).count() == 1


def test_share_with_the_picture(open_page: OpenPage, world: World, path: str) -> None:
    page = open_page(world["puskesmas_head"], path, width=360)
    page.add_init_script(SHARES)
    with page.expect_response("**/picture.png"):
        page.reload()
    page.wait_for_load_state("networkidle")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Bagikan teks dan gambar").click()
    shared = page.evaluate("window.shared")
    assert shared["text"] == page.locator("#share-text").input_value()
    ((name, kind, size),) = shared["files"]
    assert (name, kind) == (f"evaluasi-{last_week()}-P1-draf.png", "image/png")
    assert 10_000 < size < 300 * 1024


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_no_accessibility_faults(
    open_page: OpenPage, world: World, path: str, width: int, scheme: str
) -> None:
    page = open_page(
        world["puskesmas_head"], path, width=width, color_scheme=scheme,
        bypass_csp=True,  # axe is put into the page as text
    )  # fmt: skip
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_without_script(open_page: OpenPage, world: World, path: str, tmp_path: Path) -> None:
    page = open_page(world["puskesmas_head"], path, java_script_enabled=False)
    assert "belum lapor" in page.locator("#share-text").input_value()
    expect(page.get_by_role("button", name="Salin teks")).to_be_hidden()
    expect(page.get_by_role("button", name="Bagikan teks dan gambar")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh gambar").click()
    download.value.save_as(tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Sudah saya bagikan").click()
    assert page.url.endswith(path)
    assert LedgerEntry.objects.filter(kind="shared").count() == 1

"""PDF/UA: every paper passes pdfua, and what pdfua does not look at is asserted on the file."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pytest

from facilities.models import Logo
from reports.printing import pdf
from tests.factories import sheets
from tests.paper import Paper

SHA = "0123456789abcdef" * 4
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LOGO = hashlib.sha256(PIXEL).hexdigest()
KINDS = (
    "puskesmas_weekly", "puskesmas_annex_a", "puskesmas_annex_b", "puskesmas_annex_c",
    "pustu_weekly", "district_weekly",
)  # fmt: skip


def content_of(kind: str) -> bytes:
    sheet: Any = sheets.review_sheet(pustu=3, problems=20)
    if kind in {"pustu_weekly", "district_weekly"}:
        sheet = sheets.pustu_sheet() if kind == "pustu_weekly" else sheets.district_sheet()
    head = replace(sheet.letterhead, logo_sha256=LOGO, unit_logo_sha256=LOGO)
    return pdf.render(
        replace(sheet, letterhead=head), kind=kind, revision=1, is_draft=False,
        snapshot_sha256=SHA, verify_url="https://pantau.example.org/v/",
    ).content  # fmt: skip


@pytest.fixture(params=KINDS)
def content(request: pytest.FixtureRequest, db: None) -> bytes:
    Logo.objects.get_or_create(
        sha256=LOGO, defaults={"content": PIXEL, "media_type": "image/png"}
    )  # fmt: skip
    return content_of(request.param)


def test_every_paper_is_pdf_ua(content: bytes, tmp_path: Path) -> None:
    assert findings(content, tmp_path) == []

    with pikepdf.open(io.BytesIO(content)) as file:
        root = file.Root
        assert str(root.Lang) == "id"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"]
        tree = elements(root.StructTreeRoot.K)
        for element in tree:
            if element.S == "/Figure":
                assert str(element.get("/Alt", "")).strip(), "figure without words"
            if element.S == "/TH":
                assert str(element.A.Scope) in {"/Column", "/Row"}
        assert any(element.S == "/TH" for element in tree)
        for page in file.pages:
            assert untagged(page) == 0
    for root_node in Paper(content).roots:
        for heading in root_node.all("H1", "H2", "H3"):
            assert heading.text


def findings(content: bytes, folder: Path) -> list[str]:
    """What pdfua has to say: rule and message."""
    file = folder / "paper.pdf"
    file.write_bytes(content)
    report = pdfua.validate(str(file))
    return [f"{one.rule_id}: {one.message}" for one in report.findings]


def elements(node: Any) -> list[Any]:
    if isinstance(node, pikepdf.Array):
        return [found for kid in node for found in elements(kid)]
    if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
        return []
    return [node, *elements(node.get("/K", pikepdf.Array()))]


def untagged(page: pikepdf.Page) -> int:
    """Painting operators outside marked content and artifacts."""
    depth, found = 0, 0
    for step in pikepdf.parse_content_stream(page):
        name = str(step.operator)
        if name in {"BDC", "BMC"}:
            depth += 1
        elif name == "EMC":
            depth -= 1
        elif name in {"Tj", "TJ", "Do", "sh", "f", "F", "f*", "S", "s", "B", "b"} and not depth:
            found += 1
    return found

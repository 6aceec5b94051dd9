"""Strings of every kind and every faulty variant of an archive through the weekly Excel form."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import Any

import pytest
from django.test import Client

from reports.models import SheetUpload
from reports.review.actions.steps import open_weekly_review
from reports.sheets.xlsx.layout import ENTRIES, FIRST_ROW
from tests.factories.world import World, build_world, last_week
from tests.integration.reports.sheets.conftest import BACKEND, Desk, as_bytes
from tests.integration.text.test_imports import as_cell
from tests.text_cases import TextCase, cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def desk(world: World) -> Desk:
    client = Client()
    client.force_login(world["pustu_head"], BACKEND)
    review = open_weekly_review(facility=world.pustu, week=last_week())
    review.facility = world.pustu
    return Desk(client, world, review)


def upload(desk: Desk, chosen: list[TextCase], letter: str) -> dict[str, TextCase]:
    """The cases one below the other in a column; which stands in the row of which indicator."""
    book = desk.book()
    sheet = book[ENTRIES]
    rows = [
        number for number in range(FIRST_ROW, sheet.max_row + 1)
        if sheet[f"A{number}"].value and str(sheet[f"J{number}"].value or "") == ""
    ]  # fmt: skip
    placed = {}
    for number, case in zip(rows, chosen, strict=False):
        cell = sheet[f"{letter}{number}"]
        cell.value = as_cell(case)
        if isinstance(cell.value, str):
            cell.data_type = "s"
        placed[str(sheet[f"A{number}"].value)] = case
    answer = desk.upload(as_bytes(book))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return placed


def chunks(chosen: list[TextCase], size: int = 25) -> list[list[TextCase]]:
    return [chosen[start : start + size] for start in range(0, len(chosen), size)]


def _code(desk: Desk, sheet: Any, cell: str) -> str:
    return str(sheet[f"A{re.sub('[A-Z]', '', cell)}"].value)


def test_notes(desk: Desk) -> None:  # T01 to T11
    sheet = desk.book()[ENTRIES]
    for chosen in chunks(cases("text", door="excel")):
        placed = upload(desk, chosen, "K")
        assert len(placed) == len(chosen)
        refused = {_code(desk, sheet, cell) for cell in desk.errors()}
        assert refused == {code for code, case in placed.items() if case.do == "refuse"}
        assert len(desk.last().content["errors"]) == len(refused)  # one message a cell
        read = {row["code"]: row["note"] for row in desk.last().content["entries"]}
        for code, case in placed.items():
            assert code in refused or read[code] == case.one_line, case.id
        url = desk.url("sheet-preview", public_id=desk.last().public_id)
        assert desk.client.get(url).status_code == 200
        assert desk.save(without_wrong="yes").status_code == 302
        stored = desk.values()
        for code, case in placed.items():
            assert code in refused or stored[code][2] == case.one_line, case.id


def test_counts(desk: Desk) -> None:  # T12, E3
    sheet = desk.book()[ENTRIES]
    chosen = cases("count", door="excel")
    for some in chunks(chosen):
        placed = upload(desk, some, "I")
        refused = {_code(desk, sheet, cell) for cell in desk.errors()}
        read = {row["code"]: row["numerator"] for row in desk.last().content["entries"]}
        for code, case in placed.items():
            if code in refused:
                assert case.may_be_refused, case.id
            else:
                assert case.do == "clean", case.id
                assert read[code] == (int(case.becomes) if case.becomes else None)


def variant(content: bytes, change: Any = None, extra: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """The form with its sheet of entries changed and further parts, also of a name twice."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(content)) as old:
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                data = old.read(entry)
                is_main = entry.filename == "xl/worksheets/sheet2.xml"
                new.writestr(entry.filename, change(data) if change and is_main else data)
            for name, data in extra:
                new.writestr(name, data)
    return file.getvalue()


LINK = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/relationships/externalLinkPath" Target="http://example.invalid/a.xlsx"'
    b' TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ((("xl/worksheets/sheet2.xml", b"<a/>"),), "dua bagian dengan nama yang sama"),  # F07
        ((("xl/externalLinks/_rels/externalLink1.xml.rels", LINK),), "tertaut"),  # F08
        ((("../../outside.txt", b"x"),), "di luar buku kerja"),  # F09
        ((("xl/media/a.zip", b"PK\x03\x04" + b"0" * 99),), "arsip lain"),  # F21
        (tuple((f"xl/media/{n}.xml", b"<a/>") for n in range(300)), "jauh lebih"),
        ((("xl/media/a.xml", b" " * 70_000_000),), "jauh lebih"),
    ],
    ids=["two entries", "external link", "parent folder", "archive inside", "entries", "blanks"],
)
def test_archives(desk: Desk, extra: tuple[tuple[str, bytes], ...], words: str) -> None:
    answer = desk.upload(variant(as_bytes(desk.book()), extra=extra))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SheetUpload.objects.exists()


def with_cell(inner: str, kind: str = "") -> Any:
    """The first open cell of a count gets this content."""

    def change(data: bytes) -> bytes:
        text = data.decode()
        start = text.index('r="I6"')
        found = re.search(r'<c r="I(\d+)"([^>]*?)(/>|>.*?</c>)', text[start - 3 :], re.DOTALL)
        assert found
        style = re.sub(r'\s*\bt="[^"]*"', "", found[2])
        cell = f'<c r="I{found[1]}"{style}{kind}>{inner}</c>'
        return text.replace(found[0], cell, 1).encode()

    return change


def string(text: str) -> Any:
    return with_cell(f'<is><t xml:space="preserve">{text}</t></is>', ' t="inlineStr"')


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (with_cell("<v>12</v>"), 12), (string("12"), 12), (string("\u00a0 12 "), 12),  # F11
        (string("1.234"), 1234),  # F12
    ],
)  # fmt: skip
def test_numbers_are_shown_before_they_are_saved(desk: Desk, change: Any, number: int) -> None:
    desk.upload(variant(as_bytes(desk.book()), change))
    assert desk.errors() == {}
    url = desk.url("sheet-preview", public_id=desk.last().public_id)
    preview = desk.client.get(url).context["preview"]
    assert [row.after[0] for row in preview.changes] == [number]


@pytest.mark.parametrize(
    "change",
    [
        with_cell("<f>1+2</f><v>3</v>"),  # F10
        string("1,5"), with_cell("<v>1.234</v>"), with_cell("<v>1.5</v>"),  # F13
        string("12 13"), string("12\u00a013"),  # F14, E3
        with_cell("<v>2026-03-04T00:00:00</v>", ' t="d"'),
    ],
)  # fmt: skip
def test_a_wrong_cell_has_exactly_one_message(desk: Desk, change: Any) -> None:
    desk.upload(variant(as_bytes(desk.book()), change))
    assert len(desk.last().content["errors"]) == 1
    assert next(iter(desk.errors())).startswith("I")


def test_form_comes_back_with_the_letters_that_were_typed(desk: Desk) -> None:
    """T04, x000d-typed: plain text on the page, plain text in the form and back."""
    url = desk.url("review-count", indicator="KIA01")
    desk.client.post(url, {"n-KIA01": "5", "v-KIA01": "0", "note-KIA01": "bubur_x000D_kelambu"})
    book = desk.book()
    row = desk.row(book[ENTRIES], "KIA01")
    assert book[ENTRIES][f"K{row}"].value == "bubur_x005F_x000D_kelambu"
    desk.upload(as_bytes(book))
    (entry,) = (one for one in desk.last().content["entries"] if one["code"] == "KIA01")
    assert entry["note"] == "bubur_x000D_kelambu"

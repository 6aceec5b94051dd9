"""Files nobody should send: each ends in a sentence for the whole file, never in an error page,
never with anything saved, within bounded time and memory."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable

import pytest
from django.conf import settings
from openpyxl import Workbook

from reports.models import SheetUpload
from reports.sheets.xlsx import reading
from reports.sheets.xlsx.layout import ENTRIES, HIDDEN
from tests.integration.reports.sheets.conftest import Desk, as_bytes, repacked, sheet_xml

pytestmark = pytest.mark.django_db
LONGEST = 45.0  # seconds by the clock, on a busy machine


def other(change: Callable[..., None]) -> Callable[[Desk], bytes]:
    """The form after a change to its workbook."""

    def make(desk: Desk) -> bytes:
        book = desk.book()
        change(book)
        return as_bytes(book)

    return make


def without_sheet(name: str) -> Callable[[Desk], bytes]:
    return other(lambda book: book.remove(book[name]))


def said(key: str, value: str) -> Callable[[Desk], bytes]:
    """The form with another identity."""

    def change(book):
        for row in book[HIDDEN].iter_rows():
            if row[0].value == key:
                row[1].value = value

    return other(change)


def renamed(book):
    book[ENTRIES].title = "Lembar1"


def no_heading(book):
    for cell in book[ENTRIES][5]:
        cell.value = None


def heading_gone(book):
    book[ENTRIES]["K5"] = "Keterangan"


def heading_twice(book):
    book[ENTRIES]["N5"] = "Kode"


def stranger(_desk: Desk) -> bytes:
    book = Workbook()
    book.active.append(["kode_faskes", "indikator", "jumlah"])
    return as_bytes(book)


def many_rows(desk: Desk) -> bytes:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>KIA01</t></is></c>'
        f'<c r="I{n}"><v>{n}</v></c></row>'
        for n in range(200, 100_200)
    ).encode()
    return sheet_xml(
        as_bytes(desk.book()), lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")
    )


def far_row(desk: Desk) -> bytes:
    row = b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row></sheetData>'
    return sheet_xml(as_bytes(desk.book()), lambda xml: xml.replace(b"</sheetData>", row))


def bomb(desk: Desk) -> bytes:
    """Small on the wire, 60 MB of rows when unpacked."""
    filler = b'<row r="300"><c r="A300"><v>1</v></c></row>' * 1_400_000
    return sheet_xml(
        as_bytes(desk.book()), lambda xml: xml.replace(b"</sheetData>", filler + b"</sheetData>")
    )


def big_text(desk: Desk) -> bytes:
    """Under the limits of the archive, still far more than a form."""
    text = "".join(chr(33 + n * n % 90) for n in range(20_000)).replace("<", "x").replace("&", "y")
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n}{text}</t></is></c></row>'
        for n in range(200, 1900)
    )
    return sheet_xml(
        as_bytes(desk.book()),
        lambda xml: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>"),
    )


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"ha" * 500 + b'">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(8))
    + b"]>"
)  # fmt: skip


def entities(desk: Desk) -> bytes:
    return sheet_xml(
        as_bytes(desk.book()),
        lambda xml: LAUGHS + xml.replace(b"<sheetData>", b"<sheetData>&i;"),
    )


def outside_entity(desk: Desk) -> bytes:
    start = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return sheet_xml(
        as_bytes(desk.book()), lambda xml: start + xml.replace(b"Kode</t>", b"&a;</t>")
    )


def entities_in_utf16(desk: Desk) -> bytes:
    text = LAUGHS.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"')
    return sheet_xml(as_bytes(desk.book()), lambda _xml: (text + "<worksheet/>").encode("utf-16"))


def odd_archive(**made: bytes) -> Callable[[Desk], bytes]:
    def make(_desk: Desk) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in made.items():
                archive.writestr(name, content)
        return file.getvalue()

    return make


def ods(_desk: Desk) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office/>")
    return file.getvalue()


def encrypted(desk: Desk) -> bytes:
    """The flag «has a password» on every entry."""
    content = bytearray(as_bytes(desk.book()))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            flags = struct.unpack_from("<H", content, start + place)[0]
            struct.pack_into("<H", content, start + place, flags | 1)
            start = content.find(mark, start + 4)
    return bytes(content)


def lzma_zip(desk: Desk) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_bytes(desk.book()))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


def flipped(desk: Desk) -> bytes:
    content = bytearray(as_bytes(desk.book()))
    for place in range(400, len(content), 97):
        content[place] ^= 0x55
    return bytes(content)


def with_part(name: str, content: bytes) -> Callable[[Desk], bytes]:
    """The form with one more part."""

    def make(desk: Desk) -> bytes:
        file = io.BytesIO(as_bytes(desk.book()))
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return file.getvalue()

    return make


def two_parts_of_one_name(desk: Desk) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return with_part("xl/worksheets/sheet2.xml", b"<worksheet/>")(desk)


LINK = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/\
relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/\
relationships/externalLinkPath" Target="http://example.invalid/a.xlsx" TargetMode="External"/>\
</Relationships>"""


def endless_number(desk: Desk) -> bytes:
    return sheet_xml(
        as_bytes(desk.book()),
        lambda xml: xml.replace(b"</sheetData>", b'<row r="300"><c r="I300"><v>'
                                + b"9" * 6000 + b"</v></c></row></sheetData>"),
    )  # fmt: skip


REFUSED: dict[str, Callable[[Desk], bytes]] = {
    "empty file": lambda _desk: b"",
    "one byte": lambda _desk: b"P",
    "only the sign of a zip": lambda _desk: b"PK\x03\x04",
    "csv named xlsx": lambda _desk: b"Kode;Jumlah\nKIA01;5\n",
    "html named xlsx": lambda _desk: b"<html><table><tr><td>KIA01</td></tr></table></html>",
    "old xls": lambda _desk: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000,
    "ods": ods,
    "picture": lambda _desk: b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "NUL bytes": lambda _desk: b"\0" * 10_000,
    "30 MB": lambda _desk: b"PK\x03\x04" + b"a" * (30 * 1024 * 1024),
    "a zip of something else": odd_archive(**{"catatan.txt": b"isi"}),
    "climbing out of the folder": odd_archive(**{"../../etc/passwd": b"x", "xl/workbook.xml": b""}),
    "two parts of one name": two_parts_of_one_name,
    "linked with another file": with_part("xl/externalLinks/_rels/externalLink1.xml.rels", LINK),
    "a part outside of the workbook": with_part("../../outside.txt", b"x"),
    "another archive inside": lambda desk: with_part("xl/media/a.zip", as_bytes(desk.book()))(desk),
    "half a zip": lambda desk: as_bytes(desk.book())[:4000],
    "without its end": lambda desk: as_bytes(desk.book())[:-30],
    "flipped bytes": flipped,
    "password": encrypted,
    "other compression": lzma_zip,
    "another workbook": stranger,
    "sheet renamed": other(renamed),
    "sheet missing": without_sheet(ENTRIES),
    "identity missing": without_sheet(HIDDEN),
    "other facility": said("fasilitas", "P1-PT02"),
    "other week": said("minggu", "2020-W01"),
    "other form": said("formulir", "sasaran"),
    "old form version": said("versi", "0"),
    "identity with a NUL": said("fasilitas", "P1_x0000_"),
    "headings gone": other(no_heading),
    "a heading renamed": other(heading_gone),
    "a heading twice": other(heading_twice),
    "100,000 rows": many_rows,
    "a row far below": far_row,
    "zip bomb": bomb,
    "enormous text": big_text,
    "entity bomb": entities,
    "outside entity": outside_entity,
    "entity bomb in UTF-16": entities_in_utf16,
    "a number of 6,000 digits": endless_number,
    "no number in a number": lambda desk: sheet_xml(
        desk.fill(I_KIA01=4242), lambda xml: xml.replace(b"<v>4242</v>", b"<v>NaN</v>")
    ),
    "no workbook part": lambda desk: repacked(
        as_bytes(desk.book()), lambda name, data: None if name == "xl/workbook.xml" else data
    ),
    "broken workbook part": lambda desk: repacked(
        as_bytes(desk.book()), lambda name, data: b"<x" if name == "xl/workbook.xml" else data
    ),
    "broken sheet": lambda desk: sheet_xml(as_bytes(desk.book()), lambda xml: xml[: len(xml) // 2]),
    "broken styles": lambda desk: repacked(
        as_bytes(desk.book()), lambda name, data: b"<styleSheet" if "styles" in name else data
    ),
}


@pytest.mark.parametrize("part", range(4))
def test_each_ends_in_a_sentence_about_the_file(desk, part):
    """In four parts, so that several processes can share them."""
    desk.enter("KIA01", 7)
    for name, make in list(REFUSED.items())[part::4]:
        content = make(desk)
        start = time.monotonic()
        response = desk.upload(content)
        assert time.monotonic() - start < LONGEST, name
        assert response.status_code == 422, name
        (message, *more) = response.context["errors"]
        assert message.strip(), name
        assert not more, name
        assert "Traceback" not in response.content.decode(), name
    assert desk.values() == {"KIA01": (7, None, "")}
    assert not SheetUpload.objects.exists()


# A process of its own: what earlier tests of this one started would count among the children.
_READ_ALONE = """
import resource, sys
from pathlib import Path
import django
django.setup()
from facilities.tabular.errors import FileRefused
from reports.sheets.xlsx.reading import read_form_workbook
try:
    read_form_workbook(Path(sys.argv[1]))
except FileRefused:
    pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_a_refused_file_costs_little_memory(desk, tmp_path):
    """What is swallowed is bounded by the child's limit, not by what the file claims."""
    content = many_rows(desk)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    desk.upload(content)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 1024  # KiB, in the process of the page
    path = tmp_path / "berat.xlsx"
    path.write_bytes(content)
    read = subprocess.run(
        [sys.executable, "-c", _READ_ALONE, str(path)],
        capture_output=True, text=True, check=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    assert 0 < int(read.stdout.split()[-1]) < 700 * 1024


def test_a_child_that_hangs_is_ended(desk, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    response = desk.upload(desk.fill())
    assert response.status_code == 422
    assert "terlalu besar" in response.content.decode()


def test_no_file_at_all(desk):
    response = desk.client.post(desk.url("sheet-upload"))
    assert response.status_code == 422
    response = desk.client.post(desk.url("sheet-upload"), {"file": "teks"})
    assert response.status_code == 422


def test_name_and_content_type_do_not_matter(desk):
    for name, kind in (("isian.pdf", "application/pdf"), ("../../x.xlsx", "text/html"),
                       ("a\0b" * 200 + ".xlsx", "image/png"), ("", "")):  # fmt: skip
        response = desk.upload(desk.fill(I_KIA01=5), name or "x", kind)
        assert response.status_code == 302, name
        assert len(desk.last().file_name) <= 100

"""A PDF that would do something by itself is found however it hides that; others are taken."""

from __future__ import annotations

import zlib

import pytest

from facilities.sandbox import Bounds
from reports.printing.pictures import UnfitFileError
from reports.problems import pdfs
from reports.problems.attachments import check_file
from reports.problems.pdf_objects import judge
from tests.unit.reports.problems.test_attachments import pdf

SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
LAUNCH = b"<< /S /Launch /F (a.exe) >>"
ADDRESS = b"<< /S /URI /URI (http://example.invalid/) >>"
ACTING = {
    "script at opening": b"/OpenAction " + SCRIPT,
    "program at opening": b"/OpenAction " + LAUNCH,
    "address at opening": b"/OpenAction " + ADDRESS,
    "print at opening": b"/OpenAction << /S /Named /N /Print >>",
    "page first, then a script": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next "
    + SCRIPT
    + b" >>",
    "when it is closed": b"/AA << /WC " + ADDRESS + b" >>",
    "in escaped letters": b"/Open#41ction << /S /#4caunch /F (a.exe) >>",
    "a form with scripts": b"/AcroForm << /Fields [] /XFA [(a) (b)] >>",
    "a form that is sent": b"/Annots [<< /Subtype /Widget /A << /S /SubmitForm /F (x) >> >>]",
    "a link that starts a program": b"/Annots [<< /Subtype /Link /A " + LAUNCH + b" >>]",
}
HOLDING = {
    "a portfolio": b"/Collection << /View /D >>",
    "a file pinned to a page": b"/Annots [<< /Subtype /FileAttachment /FS << /F (a) >> >>]",
    "a file of a specification": b"/AF [<< /Type /Filespec /F (a) /EF << /F 2 0 R >> >>]",
}
QUIET = {
    "nothing": b"",
    "page to begin with": b"/OpenAction [3 0 R /XYZ null null 1]",
    "page to begin with, as action": b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>",
    "ordinary link": b"/Annots [<< /Subtype /Link /A " + ADDRESS + b" >>]",
    "link to a page": b"/Annots [<< /Subtype /Link /A << /S /GoTo /D [3 0 R /Fit] >> >>]",
    "tags of its structure": b"/StructTreeRoot << /Type /StructTreeRoot /K [<< /S /P >>] >>",
    "fields without scripts": b"/AcroForm << /Fields [] >> /AA << >>",
}


def compressed(catalog: bytes) -> bytes:
    """The catalogue inside a compressed object stream, named by a compressed table."""
    content = b"%PDF-1.7\n"
    places = {}

    def add(number: int, data: bytes) -> None:
        nonlocal content
        places[number] = len(content)
        content += b"%d 0 obj\n" % number + data + b"\nendobj\n"

    inner = b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>"
    packed = zlib.compress(b"1 0 " + inner)
    add(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    add(3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>")
    add(
        4,
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(packed) + packed + b"\nendstream",
    )  # fmt: skip
    start = len(content)
    rows = [(0, 0, 255), (2, 4, 0), *((1, places[n], 0) for n in (2, 3, 4)), (1, start, 0)]
    table = zlib.compress(
        b"".join(
            kind.to_bytes(1) + place.to_bytes(4) + more.to_bytes(1) for kind, place, more in rows
        )
    )
    add(
        5,
        b"<< /Type /XRef /W [1 4 1] /Size 6 /Root 1 0 R /Filter /FlateDecode /Length %d >>\n"
        b"stream\n" % len(table) + table + b"\nendstream",
    )  # fmt: skip
    return content + b"startxref\n%d\n%%%%EOF\n" % start


@pytest.mark.parametrize("make", [lambda c: pdf(catalog=c), compressed], ids=["plain", "packed"])
@pytest.mark.parametrize("kind", ACTING)
def test_what_acts_is_refused(kind: str, make) -> None:  # F03, F04
    assert judge(make(ACTING[kind])) == {"action"}


@pytest.mark.parametrize("make", [lambda c: pdf(catalog=c), compressed], ids=["plain", "packed"])
@pytest.mark.parametrize("kind", HOLDING)
def test_what_holds_a_file_is_refused(kind: str, make) -> None:  # F05
    assert judge(make(HOLDING[kind])) == {"file"}


@pytest.mark.parametrize("make", [lambda c: pdf(catalog=c), compressed], ids=["plain", "packed"])
@pytest.mark.parametrize("kind", QUIET)
def test_what_is_quiet_is_taken_as_it_is(kind: str, make) -> None:  # F01, F02
    assert judge(make(QUIET[kind])) == set()


def test_the_sentences() -> None:
    with pytest.raises(UnfitFileError, match="sendiri"):
        check_file("surat.pdf", compressed(ACTING["address at opening"]))
    with pytest.raises(UnfitFileError, match="berkas lain"):
        check_file("surat.pdf", compressed(HOLDING["a portfolio"]))
    content = compressed(QUIET["ordinary link"])
    assert check_file("surat.pdf", content).content == content


def test_what_cannot_be_looked_through_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds = Bounds(memory=pdfs._BOUNDS.memory, processor=15, clock=0)
    monkeypatch.setattr(pdfs, "_BOUNDS", bounds)
    with pytest.raises(UnfitFileError, match="tidak dapat diperiksa"):
        check_file("surat.pdf", pdf())

"""Hostile texts are inert; a foreign address is an ordinary error."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pypdf
import pytest

from reports.printing import pdf
from reports.printing.pdf import engine, version
from reports.printing.pdf.frame import Printing
from reports.printing.pdf.html import report_html
from tests.factories import sheets

HOSTILE = (
    '<script>alert(1)</script><img src="file:///etc/passwd"><img src=http://127.0.0.1:9/x>'
    "</svg></title></style><style>@import 'http://127.0.0.1:9/y';</style>\" onload=\"x {{ 7 }}"
)
PRINTING = Printing("puskesmas_weekly", 1, False, "ab" * 32, "https://pantau.example.org/v/")


def render(sheet, kind="puskesmas_weekly") -> pdf.RenderedPdf:
    return pdf.render(
        sheet, kind=kind, revision=1, is_draft=False, snapshot_sha256="ab" * 32,
        verify_url="https://pantau.example.org/v/",
    )  # fmt: skip


def hostile_sheet():
    """Every text a person can type is hostile."""
    sheet = sheets.review_sheet(pustu=1, problems=1)
    facility = replace(sheet.facility, name=HOSTILE, short_name=HOSTILE)
    bad = replace(
        sheet.new_problems[0], title=HOSTILE, cause=HOSTILE, village=HOSTILE, facility=facility,
        indicator_name=HOSTILE,
        follow_ups=(replace(sheet.new_problems[0].follow_ups[0], action=HOSTILE, owner=HOSTILE,
                            escalated_to=HOSTILE, evidence=HOSTILE),),
    )  # fmt: skip
    chart = sheet.charts[0]
    return replace(
        sheet, facility=facility, document_number=HOSTILE, conclusion=HOSTILE,
        meeting_place=HOSTILE, chair_name=HOSTILE, new_problems=(bad,),
        clusters=tuple(
            replace(block, name_id=HOSTILE, lines=tuple(
                replace(line, note=HOSTILE, indicator=replace(line.indicator, name_id=HOSTILE))
                for line in block.lines[:2]
            ))
            for block in sheet.clusters
        ),
        charts=(replace(chart, indicator=replace(chart.indicator, name_id=HOSTILE),
                        whole=replace(chart.whole, facility=facility)),),
        annex=(),
        attendance=(replace(sheet.attendance[0], name=HOSTILE, position=HOSTILE),),
        letterhead=sheets.letterhead(
            HOSTILE, government=HOSTILE, address=HOSTILE, seat=HOSTILE, legal_basis=HOSTILE
        ),
        signature=replace(sheet.signature, head_name=HOSTILE, minutes_by=HOSTILE,
                          signed_by=HOSTILE, head_rank=HOSTILE),
    )  # fmt: skip


def test_hostile_texts_stay_text(caplog):
    sheet = hostile_sheet()

    html = report_html(sheet, PRINTING)
    made = render(sheet)

    assert "&lt;script&gt;" in html
    for tag in ("<script", "<img", "<style", "</style", "<iframe"):
        assert tag not in html
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages)
    assert "<script>alert(1)</script>" in re.sub(r"\s+", "", text)
    assert b"/JavaScript" not in made.content
    assert b"/EmbeddedFile" not in made.content
    assert caplog.records == []


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.org/x.png",
     "ftp://127.0.0.1/x", "asset:other", "//example.org/x"],
)  # fmt: skip
def test_foreign_address_is_an_ordinary_error(address):
    html = f'<html lang="id"><title>x</title><img alt="x" src="{address}">'

    with pytest.raises(pdf.PdfError, match=r"address not allowed|Relative URI"):
        engine.html_to_pdf(html)


def test_unreadable_image_is_an_error_not_a_hole():
    html = '<html lang="id"><title>x</title><img alt="x" src="data:image/png;base64,AAAA">'

    with pytest.raises(pdf.PdfError, match="Failed to load image"):
        engine.html_to_pdf(html)


def test_pdf_error_is_an_ordinary_exception():
    assert issubclass(pdf.PdfError, Exception)


def test_template_version_is_a_stable_hash():
    assert re.fullmatch(r"[0-9a-f]{64}", pdf.template_version())
    version.template_version.cache_clear()
    assert pdf.template_version() == version.template_version()


def test_template_version_covers_templates_style_charts_and_fonts():
    names = {path.name for path in version.sources()}

    assert {"meeting.html", "annex_a.html", "pustu.html", "district.html", "report.css", "bars.py",
            "rows.py",
            "SourceSans3[wght].ttf"} <= names  # fmt: skip


def test_every_printed_word_is_indonesian():
    """Found in templates and code, looked up as they are: a word without translation shows."""
    found = list(version._messages())
    words = version.printed_words()

    assert len(found) > 150
    assert {"Pendahuluan", "belum lapor", "% target", "Cakupan (%)", "belum mengirim"} <= {
        word.replace("%%", "%") for word in words
    }
    same_in_both = {
        "Status", "No.", "%(pustu)d Pustu, %(posyandu)d Posyandu",
        "%(coverage)s, target %(target)s",
    }  # fmt: skip
    assert {text for _context, text in found} & set(words) <= same_in_both


def test_warm_up_loads_fonts_once():
    pdf.warm_up()
    first = engine.stylesheet()
    pdf.warm_up()

    assert engine.stylesheet() is first

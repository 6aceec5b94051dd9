"""What the finished PDFs say, read back from the files."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.utils import translation

from reports.printing import pdf
from reports.printing.pdf.meeting import meeting_lines
from tests.factories import sheets

SHA = "0123456789abcdef" * 4
URL = "https://pantau.example.org/verify/" + SHA + "/"


def make(sheet, kind="puskesmas_weekly", **changes) -> pdf.RenderedPdf:
    asked = {
        "kind": kind, "revision": 2, "is_draft": False, "snapshot_sha256": SHA, "verify_url": URL,
    }  # fmt: skip
    return pdf.render(sheet, **(asked | changes))


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def page_texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in read(content).pages]


def squeeze(text: str) -> str:
    """Without white space: line breaks inside a cell do not matter."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def review():
    return sheets.review_sheet(pustu=9, problems=6)


@pytest.fixture(scope="module")
def review_pdf(review):
    return make(review)


@pytest.fixture(scope="module")
def review_text(review_pdf) -> str:
    return squeeze("".join(page_texts(review_pdf.content)))


@pytest.fixture(scope="module")
def annexes(review) -> dict[str, pdf.RenderedPdf]:
    return {letter: make(review, f"puskesmas_annex_{letter.lower()}") for letter in "ABC"}


@pytest.fixture(scope="module")
def annex_texts(annexes) -> dict[str, str]:
    return {letter: squeeze("".join(page_texts(made.content))) for letter, made in annexes.items()}


@pytest.fixture(scope="module")
def pustu_pdf():
    return make(sheets.pustu_sheet(), "pustu_weekly")


@pytest.fixture(scope="module")
def district_pdf():
    return make(sheets.district_sheet(), "district_weekly")


def figure(value: int | Decimal | None) -> str:
    """A second, naive way to write a number."""
    if value is None:
        return "-"
    text = f"{value:,.1f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


def gap(value: int | None) -> str:
    return (
        "-"
        if value is None
        else f"{'+' if value > 0 else '−' if value < 0 else ''}" + figure(abs(value))
    )


def row_text(line, *, is_short=False, units="Pustu") -> str:
    """What the row of a line must read, from name to needed a month; ``units`` report below."""
    f = line.figures
    week = figure(f.week_count)
    if f.week_count is not None and f.week_denominator is not None:
        week += "/" + figure(f.week_denominator)
    remark = "diatas100%:periksadata" if "over_100" in f.checks else ""
    partial = line.is_due and 0 < line.reported < line.expected and not is_short
    name = line.indicator.name_id.replace("<=", "≤").replace(">=", "≥")
    cells = [
        line.indicator.code, name, remark, figure(f.population),
        figure(f.target_to_date), week,
        f"{line.reported}/{line.expected}{units}" if partial else "",
        figure(f.cumulative), figure(f.coverage), gap(f.gap), figure(f.percent_of_target),
        figure(f.need_per_month),
    ]  # fmt: skip
    return squeeze("".join(cells))


def test_puskesmas_figures_equal_the_sheet_for_every_indicator(review, annex_texts):
    text = annex_texts["A"]
    missing = [line.indicator.code for line in review.lines if row_text(line) not in text]

    assert len(review.lines) == len(sheets.indicators())
    assert missing == []
    # Each once: sections VI to VIII leave out of IV what they print themselves.
    assert all(text.count(row_text(line)) == 1 for line in review.lines)


def test_puskesmas_annex_has_every_indicator_of_every_pustu(review, annex_texts):
    totals = {line.indicator.code: line for line in review.lines}
    for code, total in totals.items():
        cells = [total] + [
            next(line for line in row.lines if line.indicator.code == code) for row in review.annex
        ]
        expected = "".join(annex_text(line) for line in cells)
        assert expected in annex_texts["B"], code


def annex_text(line) -> str:
    f = line.figures
    people = figure(f.cumulative)
    if f.cumulative is not None and f.population is not None:
        people += "/" + figure(f.population)
    if line.is_due and not line.is_filled:
        return squeeze(people + "belum lapor")
    glyph = {"baik": "▲", "cukup": "▲", "kurang": "▼", "jelek": "▼"}.get(f.status or "", "")
    return people + (f"{figure(f.coverage)}%" if f.coverage is not None else "") + glyph


def test_pustu_figures_equal_the_sheet(pustu_pdf):
    text = squeeze("".join(page_texts(pustu_pdf.content)))

    for line in sheets.pustu_sheet().lines:
        assert row_text(line, is_short=True) in text, line.indicator.code


def test_district_figures_equal_the_sheet(district_pdf):
    sheet = sheets.district_sheet()
    text = squeeze("".join(page_texts(district_pdf.content)))

    for line in sheet.lines:
        assert row_text(line, units="Puskesmas") in text, line.indicator.code
    for row in sheet.puskesmas:
        counts = row.tally
        quadrants = f"▲Baik{counts.baik}▼Kurang{counts.kurang}▲Cukup{counts.cukup}▼Jelek"
        assert quadrants + str(counts.jelek) in text


def test_puskesmas_has_all_sections_in_order(review_text, annex_texts):
    heads = {
        "": ["I.Pendahuluan", "II.Ringkasan", "IV.Capaianterhadaptarget:prioritas",
             "IX–XI.Masalah,keputusan", "III.Tindaklanjutminggulalu", "XII.Penutup"],
        "A": ["LampiranA", "IV.Capaianterhadaptargetperklaster", "VI.Kunjunganrumah",
              "VII.Posyandudankader", "VIII.Kewaspadaandini(SKDR)"],
        "B": ["LampiranB", "V.Analisiswilayah(PWS)"],
        "C": ["LampiranC"],
    }  # fmt: skip

    for letter, wanted in heads.items():
        text = annex_texts[letter] if letter else review_text
        places = [text.find(head) for head in wanted]
        assert -1 not in places, (letter, places)
        assert places == sorted(places)


def test_meeting_has_two_pages(review_pdf):
    assert review_pdf.pages == len(read(review_pdf.content).pages) == 2


def test_meeting_speaks_of_at_most_fifteen_rows_in_the_order_of_the_catalogue(review):
    lines = meeting_lines(review)
    codes = [line.indicator.code for line in review.lines]

    assert 0 < len(lines) <= 15
    places = [codes.index(line.indicator.code) for line in lines]
    assert places == sorted(places)
    assert all(line.is_priority or line.indicator.is_alert for line in lines)


def test_annex_is_of_the_same_revision_and_says_so(annexes):
    for letter, made in annexes.items():
        first = page_texts(made.content)[0]
        assert f"Lampiran {letter}" in first
        assert "440/024/1012406/VI/2026" in first
        assert "revisi 2" in squeeze_spaces(first)


def squeeze_spaces(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_letterhead_title_and_footer(review_pdf):
    first, *_others = page_texts(review_pdf.content)

    for words in ("PEMERINTAH KABUPATEN BELITUNG TIMUR", "DINAS KESEHATAN",
                  "UPTD PUSKESMAS MANGGAR", "LAPORAN EVALUASI MINGGUAN",
                  "Minggu ke-24 Tahun 2026 (14–20 Juni 2026)",
                  "440/024/1012406/VI/2026"):  # fmt: skip
        assert words in first
    assert (
        f"Puskesmas Manggar - Minggu ke-24 - Halaman 1 dari {review_pdf.pages}"
        " - dicetak 16 Juni 2026 10.30 WIB"
    ) in first
    assert "revisi 2 - SHA-256 0123456789ab" in first


def test_every_page_says_sample_data(review_pdf, pustu_pdf, district_pdf):
    for made in (review_pdf, pustu_pdf, district_pdf):
        assert all("Data contoh" in text for text in page_texts(made.content))


def test_real_data_says_nothing_of_samples():
    made = make(replace(sheets.pustu_sheet(), is_demo=False), "pustu_weekly")

    assert not any("Data contoh" in text for text in page_texts(made.content))


def test_verification_block_has_hash_number_and_address(review_text):
    assert SHA in review_text
    assert squeeze(URL) in review_text
    assert "Nomordokumen440/024/1012406/VI/2026,revisi2" in review_text


def test_missing_pustu_is_belum_lapor(review, review_text, annex_texts):
    name = squeeze(review.filings[-1].facility.name)

    assert f"Pustubelumlapor:{name}(terlambat1hari)." in review_text
    code = review.filings[-1].facility.code
    assert f"{len(review.filings)}{name}{code}belumlapor,terlambat1hari" in annex_texts["B"]


def test_draft_is_marked_and_unsigned():
    sheet = sheets.review_sheet(pustu=2, problems=1, is_signed=False)
    sheet = replace(sheet, document_number="440/024/1012406/VI/2026")  # as it would get

    pages = page_texts(make(sheet, is_draft=True, verify_url="").content)

    assert all("DRAF" in text for text in pages)
    whole = " ".join(pages)
    assert "dicetak" not in whole
    assert "440/024" not in whole
    assert "Nomor:" not in whole
    assert "Nomor dokumen" not in whole
    assert "Dikirim melalui" not in whole
    assert "belum ada yang menandatangani" in re.sub(r"\s+", " ", whole)


def test_signature_shares_its_page_with_the_closing_and_rows_before_it(review_pdf):
    for text in page_texts(review_pdf.content):
        if "Kepala UPTD Puskesmas Manggar," in text:
            assert "XII." in text
            assert "IX–XI." in text


def test_district_signature_shares_its_page_with_rows_before_it(district_pdf):
    signed = [
        text for text in page_texts(district_pdf.content) if "Kepala Dinas Kesehatan," in text
    ]

    assert len(signed) == 1
    assert "Yang diminta" in signed[0]  # the table of escalations


@pytest.mark.parametrize("problems", [0, 3, 12])
def test_pustu_is_exactly_two_pages(problems):
    made = make(sheets.pustu_sheet(problems=problems), "pustu_weekly")

    assert made.pages == len(read(made.content).pages) == 2


def test_short_pustu_report_still_fills_two_pages():
    sheet = sheets.pustu_sheet(problems=0)
    sheet = replace(sheet, clusters=(replace(sheet.clusters[0], lines=sheet.lines[:3]),))

    assert make(sheet, "pustu_weekly").pages == 2


def test_same_sheet_gives_the_same_bytes(pustu_pdf):
    assert make(sheets.pustu_sheet(), "pustu_weekly").content == pustu_pdf.content


def test_reader_language_does_not_matter(pustu_pdf):
    with translation.override("en"):
        assert make(sheets.pustu_sheet(), "pustu_weekly").content == pustu_pdf.content


def test_pdf_is_tagged_with_title_and_language(review_pdf, pustu_pdf, district_pdf):
    for made, title in (
        (review_pdf, "Laporan evaluasi mingguan ILP Puskesmas Manggar - 2026-W24"),
        (pustu_pdf, "Laporan evaluasi mingguan ILP Pustu Lalang Jaya - 2026-W24"),
        (district_pdf, "Rekap evaluasi mingguan ILP Kabupaten Belitung Timur - 2026-W24"),
    ):
        reader = read(made.content)
        assert reader.metadata is not None
        assert reader.metadata.title == title
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"] == "id"
        assert root["/MarkInfo"]["/Marked"]
        assert root["/StructTreeRoot"]


def test_wide_annexes_are_landscape(review_pdf, annexes):
    boxes = [page.mediabox for page in read(review_pdf.content).pages]
    assert all(box.height > box.width for box in boxes)
    for letter in "AB":
        boxes = [page.mediabox for page in read(annexes[letter].content).pages]
        assert all(box.width > box.height for box in boxes)


def test_rendering_logs_nothing(caplog):
    with caplog.at_level(logging.WARNING):
        make(sheets.review_sheet(pustu=3, problems=2))
        make(sheets.district_sheet(puskesmas=3), "district_weekly")

    assert caplog.records == []


def test_empty_sheet_is_a_readable_report():
    bare = sheets.review_sheet(pustu=0, problems=0, is_signed=False)
    bare = replace(
        bare, clusters=(), charts=(), attendance=(), meeting_on=None, conclusion="",
        letterhead=replace(bare.letterhead, address="", phone="", email="", postal_code=""),
        tally=sheets.tally(()),
    )  # fmt: skip

    text = " ".join(page_texts(make(bare, is_draft=True, verify_url="").content))

    assert "Belum ada indikator yang dapat dinilai" in re.sub(r"\s+", " ", text)
    assert "None" not in text


def test_nobody_is_absent_from_a_meeting_that_was_not_held():
    sheet = replace(sheets.review_sheet(pustu=1, problems=0, is_signed=False), meeting_on=None)

    text = " ".join(page_texts(make(sheet, is_draft=True, verify_url="").content))

    assert "tidak hadir" not in text
    assert "dari 1 orang" not in text


def test_engine_names_what_drew_it(pustu_pdf):
    for name in ("weasyprint", "pydyf", "pango", "harfbuzz"):
        assert re.search(rf"{name} \d+\.\d+", pustu_pdf.engine)
    assert len(pustu_pdf.engine) <= 200


def test_smaller_and_larger_are_written_with_their_signs():
    sheet = sheets.pustu_sheet()
    block = sheet.clusters[0]
    named = replace(block.lines[0].indicator, name_id="Tanda bahaya ditangani <= 24 jam, >=2 kali")
    lines = (replace(block.lines[0], indicator=named), *block.lines[1:])
    sheet = replace(sheet, clusters=(replace(block, lines=lines), *sheet.clusters[1:]))

    text = " ".join(page_texts(make(sheet, "pustu_weekly").content))

    assert "≤ 24 jam" in squeeze_spaces(text)
    assert "≥2 kali" in squeeze_spaces(text)
    assert "<=" not in text
    assert ">=" not in text


def test_sifat_and_tembusan_are_printed():
    sheet = sheets.review_sheet(pustu=1, problems=0)
    head = replace(sheet.letterhead, classification="Segera", copies=("Camat Manggar", "Arsip"))

    text = squeeze("".join(page_texts(make(replace(sheet, letterhead=head)).content)))

    assert "SifatSegera" in text
    assert "Tembusan:" in text
    assert text.index("Tembusan:") < text.index("CamatManggar") < text.index("Arsip")


def test_charts_use_the_papers_own_font(annexes, district_pdf):
    for made in (annexes["B"], district_pdf):
        for page in read(made.content).pages:
            resources: Any = page["/Resources"]
            fonts = resources.get("/Font", {})
            names = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
            assert all("Source-Sans-3" in name or "SourceSans3" in name for name in names), names

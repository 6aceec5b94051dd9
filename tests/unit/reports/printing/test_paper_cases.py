"""P1 to P4 of tests/cases/paper on finished PDFs: a week nobody reported, names of 110 letters,
numbers of seven digits, thirty long problems. Each line of ``must_hold`` has its assertion."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clusters.weeks import Week
from facilities.models import Facility
from reports import shapes
from reports.models import ReportDocument
from reports.printing import pdf
from reports.printing.views.documents import file_name
from tests.factories import sheets
from tests.paper import Paper, layout_faults, lonely_signature

CASES = Path(__file__).parents[3] / "cases" / "paper"
SHA = "0123456789abcdef" * 4
MEETING, ANNEX_A, ANNEX_B, ANNEX_C = (
    "puskesmas_weekly", "puskesmas_annex_a", "puskesmas_annex_b", "puskesmas_annex_c",
)  # fmt: skip
PUSKESMAS_PAPERS = (MEETING, ANNEX_A, ANNEX_B, ANNEX_C)
TITLE = "Kepala UPTD Puskesmas Manggar"


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def render(sheet: Any, kind: str) -> pdf.RenderedPdf:
    return pdf.render(
        sheet, kind=kind, revision=2, is_draft=False, snapshot_sha256=SHA,
        verify_url=f"https://pantau.example.org/verify/{SHA}/",
    )  # fmt: skip


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


# ── P1: a week in which no Pustu has reported anything ──────────────────────────────────────────


def unreported(line: shapes.Line, expected: int) -> shapes.Line:
    import random

    found = sheets.line(line.indicator, random.Random(1), is_missing=True, expected=expected)
    return replace(found, reported=0, spark=(None,) * 8, own_count=None)


@pytest.fixture(scope="module")
def p1() -> shapes.ReviewSheet:
    """P1 all-missing-week."""
    given = case("all-missing-week")
    full = sheets.review_sheet(pustu=len(given["units"]), problems=0)
    lines = {row.indicator.code: unreported(row, len(given["units"])) for row in full.lines}
    rows = tuple(
        replace(row, is_reported=False, lines=tuple(unreported(x, 1) for x in row.lines))
        for row in full.annex
    )
    whole = [lines[chart.indicator.code] for chart in full.charts]
    return replace(
        full,
        week=sheets.week_ref(Week.parse(given["week"])),
        clusters=tuple(
            replace(block, lines=tuple(lines[row.indicator.code] for row in block.lines))
            for block in full.clusters
        ),
        tally=sheets.tally(tuple(lines.values())),
        filings=tuple(
            replace(row, status="missing", submitted_at=None, is_reported=False, days_late=2)
            for row in full.filings
        ),
        annex=rows,
        charts=tuple(sheets.chart(row, sheets.PUSKESMAS, list(rows)) for row in whole),
        empty_reason="Semua Pustu terputus banjir sejak Senin",
    )


@pytest.fixture(scope="module")
def p1_papers(p1: shapes.ReviewSheet) -> dict[str, Paper]:
    return {kind: Paper(render(p1, kind).content) for kind in PUSKESMAS_PAPERS}


def test_p1_what_nobody_reported_is_never_zero(p1, p1_papers) -> None:
    """P1: empty or «-» with the words «belum lapor», never 0."""
    found = 0
    for cells in p1_papers[MEETING].cells():
        if len(cells) == 9 and cells[0].isdigit():
            found += 1
            _no, _name, _target, week, achieved, gap, percent, status, _units = cells
            assert week == "belum lapor"
            assert {achieved, gap, percent} == {"-"}
            assert status.split("(")[0].strip() == "belum lapor"  # and of which period
    assert found
    by_code = {row.indicator.code: row for row in p1.lines}
    rows = [cells for cells in p1_papers[ANNEX_A].cells() if len(cells) == 11]
    seen = {cells[0].split()[0]: cells for cells in rows if cells[0].split()[0] in by_code}
    assert set(seen) == set(by_code)
    for code, cells in seen.items():
        week, cumulative, coverage, gap, percent = cells[3:8]
        assert week == ("belum lapor" if by_code[code].is_due else "-"), cells
        assert {cumulative, coverage, gap, percent} == {"-"}, cells


def test_p1_how_many_and_which_are_missing_and_why_it_was_sent(p1, p1_papers) -> None:
    """P1: «0 dari 4 Pustu», the missing by name, the reason."""
    text = p1_papers[MEETING].text
    assert "0 dari 4 Pustu" in text
    for row in p1.filings:
        assert row.facility.name in text
    assert "Semua Pustu terputus banjir sejak Senin" in text


def test_p1_unit_without_a_report_has_no_rank_no_bar_and_no_colour(p1, p1_papers) -> None:
    """P1: no ranking, no chart bar, no colour."""
    rows = [cells for cells in p1_papers[ANNEX_B].cells() if len(cells) == 7 and cells[3:]]
    names = {row.facility.short_name for row in p1.filings}
    places = [cells for cells in rows if cells[1] in names]
    assert len(places) == len(p1.charts) * len(names)
    for cells in places:
        assert cells == ["-", cells[1], "-", "-", "-", "-", "belum lapor"]
    assert not [node for root in p1_papers[ANNEX_B].roots for node in root.all("Figure")
                if "target" in node.alt]  # fmt: skip
    html = render_html(p1, ANNEX_B)
    assert not re.search(r'class="s (baik|kurang|cukup|jelek)"', html)


def render_html(sheet: shapes.ReviewSheet, kind: str) -> str:
    from reports.printing.pdf.frame import Printing
    from reports.printing.pdf.html import report_html

    return report_html(sheet, Printing(kind, 1, False, SHA, "https://example.org/"))


def test_p1_earlier_figures_of_a_unit_without_a_report_give_it_no_bar(p1) -> None:
    """P1 with what was reported in earlier weeks still known: only the missing unit goes."""
    full = sheets.review_sheet(pustu=4, problems=0)
    missing = [row.facility.short_name for row in full.filings if not row.is_reported]
    known = replace(full, charts=tuple(
        replace(chart, cells=tuple(
            replace(cell, coverage=Decimal("99.9"), cumulative=99, rank=1, status="baik")
            if cell.facility.short_name in missing else cell for cell in chart.cells
        )) for chart in full.charts
    ))  # fmt: skip
    rows = [cells for cells in Paper(render(known, ANNEX_B).content).cells() if len(cells) == 7]
    for cells in rows:
        if cells[1] in missing:
            assert (cells[0], cells[2], cells[6]) == ("-", "-", "belum lapor")
    assert {"1", "2", "3"} <= {cells[0] for cells in rows}


def test_p1_has_not_more_pages_than_a_full_week(p1_papers) -> None:
    full = sheets.review_sheet(pustu=4, problems=0)
    for kind, paper in p1_papers.items():
        assert len(paper.pages) <= render(full, kind).pages, kind


def test_p1_says_nothing_that_is_not_so(p1_papers) -> None:
    for paper in p1_papers.values():
        for words in case("all-missing-week")["must_not_contain"]:
            assert words not in paper.text


# ── P2: seven digits in every column ────────────────────────────────────────────────────────────


def large(line: shapes.Line) -> shapes.Line:
    given = case("numbers-seven-digits")["figures"]
    figures = replace(
        line.figures, population=given["population"], target_to_date=given["target_to_date"],
        week_count=given["week_count"], week_denominator=None, cumulative=given["cumulative"],
        cumulative_denominator=None, gap=given["gap"],
        need_per_month=Decimal(given["need_per_month"]),
        percent_of_target=Decimal(str(given["percent_of_target"])),
        coverage=Decimal(str(given["coverage"])), checks=(),
    )  # fmt: skip
    return replace(line, figures=figures, is_due=True, is_filled=True, reported=line.expected)


LARGE = {
    "9.876.543", "8.765.432", "1.234.567", "7.654.321", "1.234.567,8", "−1.111.111",
    "123.456,7", "1.234.567,0",
}  # fmt: skip


@pytest.fixture(scope="module")
def p2() -> shapes.ReviewSheet:
    """P2 numbers-seven-digits."""
    full = sheets.review_sheet(pustu=4, problems=2)
    rows = tuple(
        replace(row, is_reported=True, lines=tuple(large(x) for x in row.lines))
        for row in full.annex
    )
    clusters = tuple(
        replace(block, lines=tuple(large(row) for row in block.lines)) for block in full.clusters
    )
    by_code = {row.indicator.code: row for block in clusters for row in block.lines}
    return replace(
        full, clusters=clusters, annex=rows,
        filings=tuple(replace(row, is_reported=True) for row in full.filings),
        charts=tuple(
            sheets.chart(by_code[chart.indicator.code], sheets.PUSKESMAS, list(rows))
            for chart in full.charts
        ),
    )  # fmt: skip


@pytest.mark.parametrize("kind", [MEETING, ANNEX_A, ANNEX_B])
def test_p2_numbers_stand_in_full_in_their_own_column(p2, kind: str) -> None:
    """P2: in full, in one line, two points apart, read cell by cell."""
    content = render(p2, kind).content
    assert layout_faults(content) == {}
    paper = Paper(content)
    counted = 0
    for row in paper.rows():
        for cell in row:
            for number in re.findall(r"−?\d+(?:\.\d{3})+(?:,\d)?", cell.text):
                # A signal in words has no sign: «jauh tertinggal, 1.111.111 orang».
                assert number in LARGE | {"7.654.321/9.876.543", "1.111.111"}, cell.text
                counted += 1
                tops = {round(char["top"]) for char in cell.letters if char["text"].isdigit()}
                assert len(tops) <= (2 if kind == ANNEX_B else 1), cell.text
    assert counted > 50
    if kind == ANNEX_A:
        rows = [cells for cells in paper.cells() if len(cells) == 11 and "9.876.543" in cells]
        assert len(rows) == len(p2.lines)
        for cells in rows:
            assert cells[1:9] == [
                "9.876.543", "8.765.432", "1.234.567", "7.654.321", "1.234.567,8", "−1.111.111",
                "123.456,7", "1.234.567,0",
            ]  # fmt: skip


def test_p2_district_recap_and_its_annex() -> None:
    """P2 for the district."""
    full = sheets.district_sheet()
    sheet = replace(
        full, lines=tuple(large(row) for row in full.lines),
        gaps=tuple(replace(row, line=large(row.line)) for row in full.gaps),
    )  # fmt: skip
    content = render(sheet, "district_weekly").content
    assert layout_faults(content) == {}
    rows = [cells for cells in Paper(content).cells() if len(cells) == 11 and "9.876.543" in cells]
    assert len(rows) == len(sheet.lines)
    assert all(set(cells) >= LARGE for cells in rows)


def test_p2_pustu() -> None:
    """P2 on the short report of a Pustu."""
    full = sheets.pustu_sheet()
    sheet = replace(full, clusters=tuple(
        replace(block, lines=tuple(large(row) for row in block.lines)) for block in full.clusters
    ))  # fmt: skip
    content = render(sheet, "pustu_weekly").content
    assert layout_faults(content) == {}


# ── P3: names of 110 letters ────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def p3() -> shapes.ReviewSheet:
    """P3 names-110-letters."""
    long, wide, puskesmas, person = case("names-110-letters")["names"]
    full = sheets.review_sheet(pustu=4, problems=3)
    names = [f"{long[:-2]}{n:02d}" if n % 2 else f"{wide[:-2]}{n:02d}" for n in range(4)]
    refs = {
        row.facility.id: replace(row.facility, name=name, short_name=name)
        for row, name in zip(full.annex, names, strict=True)
    }

    def renamed(ref: shapes.FacilityRef) -> shapes.FacilityRef:
        return refs.get(ref.id, ref)

    facility = replace(full.facility, name=puskesmas, short_name=puskesmas)
    return replace(
        full, facility=facility, letterhead=sheets.letterhead(f"UPTD {puskesmas}", seat=long[:100]),
        annex=tuple(replace(row, facility=renamed(row.facility)) for row in full.annex),
        filings=tuple(replace(row, facility=renamed(row.facility)) for row in full.filings),
        charts=tuple(
            replace(chart, cells=tuple(
                replace(cell, facility=renamed(cell.facility)) for cell in chart.cells
            )) for chart in full.charts
        ),
        carried_problems=tuple(
            replace(row, facility=renamed(row.facility)) for row in full.carried_problems
        ),
        new_problems=tuple(
            replace(row, facility=renamed(row.facility)) for row in full.new_problems
        ),
        attendance=tuple(
            replace(row, name=person, position=f"Kepala {name}", facility=name)
            for row, name in zip(full.attendance, names, strict=True)
        ),
        chair_name=person,
        signature=replace(
            full.signature, head_name=person, minutes_by=person, signed_by=person,
            head_title=f"Kepala UPTD {puskesmas}",
        ),
    )  # fmt: skip


@pytest.mark.parametrize("kind", PUSKESMAS_PAPERS)
def test_p3_long_names_keep_the_layout(p3, kind: str) -> None:
    """P3: complete at least once, footer inside the paper, no label runs into another."""
    content = render(p3, kind).content
    assert layout_faults(content) == {}
    text = squeeze(Paper(content).text)
    assert squeeze(p3.facility.name) in text or squeeze(p3.facility.name.upper()) in text
    if kind in {MEETING, ANNEX_B}:
        for row in p3.annex if kind == ANNEX_B else p3.attendance:
            name = row.facility.name if isinstance(row, shapes.AnnexRow) else row.facility
            assert squeeze(name) in text


def test_p3_meeting_still_has_two_pages_and_no_lonely_signature(p3) -> None:
    made = render(p3, MEETING)
    assert made.pages == 2
    assert lonely_signature(Paper(made.content), p3.signature.head_title, "XII.") == []


def test_p3_pustu_and_district() -> None:
    """P3 on the other papers."""
    long, wide, *_others = case("names-110-letters")["names"]
    pustu = sheets.pustu_sheet()
    pustu = replace(pustu, facility=replace(pustu.facility, name=wide, short_name=wide))
    assert layout_faults(render(pustu, "pustu_weekly").content) == {}
    district = sheets.district_sheet()
    assert district.chart is not None

    def renamed(ref: shapes.FacilityRef) -> shapes.FacilityRef:
        name = wide if ref.id % 2 else long
        return replace(ref, name=name, short_name=name)

    district = replace(
        district,
        puskesmas=tuple(
            replace(row, facility=renamed(row.facility),
                    filing=replace(row.filing, facility=renamed(row.filing.facility)))
            for row in district.puskesmas
        ),
        gaps=tuple(replace(row, facility=renamed(row.facility)) for row in district.gaps),
        chart=replace(district.chart, cells=tuple(
            replace(cell, facility=renamed(cell.facility)) for cell in district.chart.cells
        )),
    )  # fmt: skip
    assert layout_faults(render(district, "district_weekly").content) == {}


@pytest.mark.parametrize("kind", [*PUSKESMAS_PAPERS, "pustu_weekly", "district_weekly"])
@pytest.mark.parametrize("name", case("names-110-letters")["names"])
def test_p3_file_name_is_valid_and_short(kind: str, name: str) -> None:
    """P3: valid and at most 150 bytes."""
    document = ReportDocument(
        kind=kind, week=Week(2026, 30), revision=12, is_draft=True,
        facility=Facility(name=name, code="1012406"),
    )  # fmt: skip
    found = file_name(document)
    assert len(found.encode()) <= 150
    assert re.fullmatch(r"[a-z0-9W-]+\.pdf", found)


# ── P4: thirty problems of 500 letters ──────────────────────────────────────────────────────────


def problem(number: int, given: dict[str, Any]) -> shapes.ProblemRow:
    base = sheets.problem(1, is_new=not given["carried_from_last_week"],
                          facility=sheets.pustu_refs(1)[0])  # fmt: skip
    step = replace(
        base.follow_ups[0], action=given["action"], evidence=given["evidence"],
        owner=given["owner"], due_on=dt.date(2026, 6, 22) + dt.timedelta(given["due_in_days"]),
    )  # fmt: skip
    return replace(
        base, id=1000 + number, title=given["title"], cause=given["cause"], follow_ups=(step,)
    )


@pytest.fixture(scope="module")
def p4() -> shapes.ReviewSheet:
    """P4 thirty-long-problems."""
    given = case("thirty-long-problems")["problems"]
    rows = [problem(number, row) for number, row in enumerate(given)]
    return replace(
        sheets.review_sheet(pustu=4, problems=0),
        carried_problems=tuple(row for row in rows if not row.is_new),
        new_problems=tuple(row for row in rows if row.is_new),
    )


@pytest.fixture(scope="module")
def p4_papers(p4: shapes.ReviewSheet) -> dict[str, bytes]:
    return {kind: render(p4, kind).content for kind in (MEETING, ANNEX_C)}


@pytest.mark.parametrize("kind", [MEETING, ANNEX_C])
def test_p4_keeps_the_layout(p4_papers, kind: str) -> None:
    """P4: heads repeated, no heading alone, no overlap, page numbers, footer."""
    assert layout_faults(p4_papers[kind]) == {}


def test_p4_nothing_is_cut_away(p4, p4_papers) -> None:
    """P4: first and last word of every text, in the order typed, over paper and annex."""
    text = Paper(p4_papers[MEETING]).text + Paper(p4_papers[ANNEX_C]).text
    place = 0
    for row in p4.carried_problems + p4.new_problems:
        step = row.follow_ups[0]
        for typed in (row.title, row.cause, step.action, step.evidence):
            for marker in (typed.split()[0], typed.split()[-1]):
                found = text.find(marker, place)
                assert found >= place, marker
                place = found


def test_p4_says_how_many_stand_in_the_annex(p4, p4_papers) -> None:
    moved = re.search(r"(\d+) masalah lain ada di lampiran C", Paper(p4_papers[MEETING]).text)
    assert moved
    listed = Paper(p4_papers[ANNEX_C]).text.count("Penyebab: P")
    assert int(moved[1]) == listed
    assert 0 < listed < 30


def test_p4_has_at_most_twenty_pages_more(p4, p4_papers) -> None:
    bare = replace(p4, carried_problems=(), new_problems=())
    pages = {kind: len(Paper(content).pages) for kind, content in p4_papers.items()}
    assert pages[MEETING] == 2
    assert sum(pages.values()) - render(bare, MEETING).pages - render(bare, ANNEX_C).pages <= 20


def test_p4_no_page_is_half_empty_and_two_lines_stay_together(p4_papers) -> None:
    paper = Paper(p4_papers[ANNEX_C])
    for page, root in list(zip(paper.pages, paper.roots, strict=True))[:-1]:
        lowest = max(char["bottom"] for char in root.letters)
        assert lowest > page.height / 2
        for cell in root.all("P"):
            lines = {round(char["top"]) for char in cell.letters if char["text"].strip()}
            whole = sum(len(other.text) for other in [cell])
            is_part = whole < 480 and not re.search(r":P\d\d[CAB]", cell.text)
            if cell.text.startswith(("Penyebab: P", "Keputusan: P", "Bukti: P")) and is_part:
                assert len(lines) >= 2, cell.text


def test_p4_signature_is_not_alone(p4_papers) -> None:
    assert lonely_signature(Paper(p4_papers[MEETING]), TITLE, "XII.") == []

"""Every declared column stands in every table it names, under the declared heading; nothing
about it is written down a second time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import polib
import pytest
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from ilp.env import BASE_DIR
from reports.figures import table_tags
from reports.figures.columns import COLUMNS, columns_of
from reports.figures.tables import Table, TableColumn, TableView
from reports.printing.pdf import rows
from reports.printing.pdf.frame import Printing
from reports.printing.pdf.html import report_html
from reports.printing.pdf.version import printed_columns, printed_words
from reports.review.queries.revision_diff import diff
from reports.review.tags.signing import change_label
from reports.review.views.rows import make_row
from reports.sheets.pdf import review as paper
from reports.sheets.queries import BlankSheet, Head
from reports.sheets.xlsx.layout import COLUMNS as FORM
from tests.factories import sheets

LANGUAGES = ("id", "en")
VIEWS: dict[Table, TableView] = {
    Table.LINES: table_tags.PAGES["lines"],
    Table.REVIEW: table_tags.PAGES["review"],
    Table.OWN_ENTRY: table_tags.PAGES["own_entry"],
    Table.REPORT: rows.REPORT,
    Table.SHORT_REPORT: rows.SHORT_REPORT,
    Table.PAPER: paper.PAPER,
    Table.PAPER_WITH_SUMS: paper.PAPER_WITH_SUMS,
}
WEEK = sheets.WEEK


@dataclass
class Drawn:
    """A table as it was drawn: (class, text) of its heads, and of the cells of each row."""

    heads: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    spans: list[int] = field(default_factory=list)


class Reader(HTMLParser):
    def __init__(self, css: str) -> None:
        super().__init__()
        self.css, self.is_head, self.is_inside = css, False, False
        self.tables: list[Drawn] = []
        self.text: list[str] | None = None  # of the head being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.is_inside = self.css in (given.get("class") or "").split()
            if self.is_inside:
                self.tables.append(Drawn())
        if not self.is_inside:
            return
        if tag == "thead":
            self.is_head = True
        elif tag == "tr" and not self.is_head:
            self.tables[-1].rows.append([])
        elif tag in {"th", "td"}:
            if "colspan" in given:
                self.tables[-1].spans.append(int(given["colspan"] or 0))
                self.tables[-1].rows[-1] = ["span"]
            elif self.is_head:
                self.text = []
                self.tables[-1].heads.append((_code(given["class"]), ""))
            else:
                self.tables[-1].rows[-1].append(_code(given["class"]))
        elif tag == "br" and self.text is not None:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self.is_head = False
        if tag == "th" and self.text is not None:
            code, _none = self.tables[-1].heads[-1]
            self.tables[-1].heads[-1] = (code, " ".join("".join(self.text).split()))
            self.text = None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)


def _code(css: str | None) -> str:
    """``c-need-per-week`` among the classes: the column."""
    (found,) = [part for part in (css or "").split() if part.startswith("c-")]
    return found.removeprefix("c-").replace("-", "_")


def drawn(html: str, css: str) -> list[Drawn]:
    reader = Reader(css)
    reader.feed(html)
    assert reader.tables
    return reader.tables


def declared(table: Table) -> list[tuple[str, str]]:
    """(code, heading) in the active language; a line break reads as a blank."""
    return [(column.code, heading(column)) for column in columns_of(table)]


def heading(column: TableColumn) -> str:
    return str(column.heading).replace("{week}", str(WEEK.number)).replace("\n", " ")


def check(tables: list[Drawn], table: Table) -> None:
    """Heads as declared, in every row a cell below each, and wide cells as wide as all."""
    codes = [code for code, _heading in declared(table)]
    for one in tables:
        assert one.heads == declared(table)
        assert [row for row in one.rows if row not in (codes, ["span"])] == []
        assert set(one.spans) <= {len(codes)}


def test_codes_are_unique_and_every_column_is_shown_somewhere() -> None:
    codes = [column.code for column in COLUMNS]
    assert len(set(codes)) == len(codes)
    assert {column.code for table in Table for column in columns_of(table)} == set(codes)
    assert all(columns_of(table) for table in Table)


def _texts() -> Iterator[Any]:
    for column in COLUMNS:
        yield from (column.heading, column.help)
        yield from (place.heading for place in column.tables.values() if place.heading)


def test_every_heading_and_help_is_written_in_both_languages() -> None:
    path = BASE_DIR / "locale/id/LC_MESSAGES/django.po"
    catalogue = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    for text in _texts():
        with translation.override("en"):
            english = str(text)
        with translation.override("id"):
            indonesian = str(text)
        assert english.strip()
        assert catalogue.get(english) == indonesian, english
        assert indonesian.strip()


@pytest.mark.parametrize("table", VIEWS)
def test_every_special_cell_has_its_template_and_its_live_piece(table: Table) -> None:
    engine = Engine.get_default()
    view = VIEWS[table]
    assert view.columns == columns_of(table)
    for cell in view.cells:
        if cell.template:
            engine.get_template(cell.template)
        if cell.column.place.live:
            engine.get_template(f"{cell.template}#{cell.column.place.live}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_on_a_page(language: str) -> None:
    with translation.override(language):
        html = render_to_string("components/lines.html", {"lines": sheets.review_sheet().lines})
        check(drawn(html, "stack"), Table.LINES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("can_edit", [True, False])
@pytest.mark.parametrize("is_puskesmas", [True, False])
def test_review_page(language: str, *, can_edit: bool, is_puskesmas: bool) -> None:
    table = Table.OWN_ENTRY if can_edit and is_puskesmas else Table.REVIEW
    with translation.override(language):
        sheet = sheets.review_sheet()
        context = {
            "rows": [make_row(line, week=WEEK) for line in sheet.lines], "sheet": sheet,
            "week": WEEK,
            "can_edit": can_edit, "is_puskesmas": is_puskesmas, "base": "/reviews/x/",
            "kwargs": {"week": str(WEEK), "code": "1012406"}, "can_raise": True,
        }  # fmt: skip
        html = render_to_string("reports/review/review_table.html", context)
        (one,) = tables = drawn(html, "review")
        check(tables, table)
        assert len(one.rows) >= len(sheet.lines)
        assert bool(one.spans) is can_edit


def test_what_a_saved_number_changes_is_answered_by_id() -> None:
    row = make_row(sheets.review_sheet().lines[0], week=sheets.review_sheet().week)
    html = table_tags.live_cells(Context({"row": row, "oob": True}), VIEWS[Table.REVIEW])
    ids = re.findall(r'<span id="(\w+)-' + row.code, html)
    assert ids == [column.place.live for column in columns_of(Table.REVIEW) if column.place.live]
    assert html.count('hx-swap-oob="true"') == len(ids)


def _printing(kind: str) -> Printing:
    return Printing(kind, 1, False, "0" * 64, "https://pantau.example.org/verify/")


@pytest.mark.parametrize(
    ("table", "kind", "sheet"),
    [
        (Table.REPORT, "puskesmas_annex_a", sheets.review_sheet()),
        (Table.REPORT, "district_weekly", sheets.district_sheet()),
        (Table.SHORT_REPORT, "pustu_weekly", sheets.pustu_sheet()),
    ],
)
def test_report(table: Table, kind: str, sheet: Any) -> None:
    tables = drawn(report_html(sheet, _printing(kind)), "lines")
    for one in tables:  # a wide table repeats its columns by number below the head
        one.heads = [head for head in one.heads if not re.fullmatch(r"\(\d+\)", head[1])]
    check(tables, table)


@pytest.mark.parametrize("kind", ["puskesmas", "pustu"])
def test_form_on_paper(kind: str) -> None:
    sheet = sheets.review_sheet() if kind == "puskesmas" else sheets.pustu_sheet()
    blank = BlankSheet(
        facility=sheet.facility, timezone=sheet.timezone, zone_name=sheet.zone_name, is_demo=True,
        week=sheet.week, deadline_at=dt.datetime(2026, 6, 16, 9, tzinfo=dt.UTC),
        letterhead=sheet.letterhead, clusters=sheet.clusters, carried=(), invited=(),
        head=Head("", "Kepala", ""),
    )  # fmt: skip
    table = Table.PAPER_WITH_SUMS if kind == "puskesmas" else Table.PAPER
    check(drawn(paper.blank_review_html(blank), "asked"), table)


def test_headings_of_the_excel_form_are_part_of_its_format() -> None:
    """Files that people hold are read by these words: a better one is a new FORM_VERSION."""
    with translation.override("en"):
        headings = [column.heading for column in FORM]
    assert headings == [
        "Kode", "Klaster", "Indikator", "Diminta minggu ini", "Sasaran", "Target s.d. minggu ini",
        "Kumulatif saat diunduh", "Dari unit di bawah", "Jumlah minggu ini", "Penyebut",
        "Catatan", "Yang dihitung", "Versi", "Cakupan tahun lalu (%)",
    ]  # fmt: skip
    assert [column.key for column in FORM] == [code for code, _heading in declared(Table.FORM)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_api_describes_every_field_in_the_same_words(language: str) -> None:
    with translation.override(language):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        fields = schema["components"]["schemas"]["Line"]["properties"]
        for column in columns_of(Table.API):
            said = fields[column.code]
            assert str(column.help) in said["description"]
            # A title that only repeats the field's name is left out.
            assert said.get("title", column.code.replace("_", " ").capitalize()) == heading(column)


def test_comparison_of_revisions_names_every_figure() -> None:
    sheet, other = sheets.review_sheet(seed=1), sheets.review_sheet(seed=5)
    changes = [change for line in diff(sheet, other).lines for change in line.fields]
    for language in LANGUAGES:
        with translation.override(language):
            names = dict(declared(Table.CHANGES))
            assert {change.name for change in changes} <= names.keys()
            assert {change_label(change) for change in changes} <= set(names.values())
    assert {"week_count", "cumulative", "coverage", "gap"} <= {change.name for change in changes}


def test_another_heading_makes_another_document() -> None:
    for table in (Table.REPORT, Table.SHORT_REPORT):
        assert {name for _code, name in declared(table)} <= set(printed_words())
        classes = [f"c-{code.replace('_', '-')}" for code, _name in declared(table)]
        said = "\n".join(printed_columns())
        assert all(name in said for name in classes)


def test_no_column_is_hidden_or_sized_by_its_position() -> None:
    for path in (*BASE_DIR.glob("static/*.css"), *BASE_DIR.glob("reports/*/**/*.css")):
        rules = re.findall(r"[^{}]*nth-[^{}]*\{", path.read_text(encoding="utf-8"))
        wrong = [rule for rule in rules if re.search(r"\.(review|lines|asked|stack)\b", rule)]
        assert wrong == [], path.name


# Tables of the meeting's paper whose columns are not the lines': facts, priorities, problems.
OF_THEIR_OWN = {"_meeting_facts.html", "_meeting_lines.html", "_entries.html", "_entry_list.html"}


def test_no_width_in_columns_is_written_down() -> None:
    wrong = [
        path.name
        for path in BASE_DIR.glob("templates/**/*.html")
        if path.name not in OF_THEIR_OWN
        and re.search(r'colspan="[^"{]*\d', path.read_text(encoding="utf-8"))
    ]
    assert wrong == []

"""What a column of the weekly review is, and the tables it can stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from reports.shapes import Line

Text = str | Promise
Unit = Literal["people", "difference", "percent", "per_month", "text"]

# A text has none.
UNITS: dict[Unit, Text] = {
    "people": _("people"),
    "difference": _("people"),
    "percent": _("percent"),
    "per_month": _("people a month"),
}


class Table(StrEnum):
    REVIEW = "review"  # the page of a review
    OWN_ENTRY = "own_entry"  # the same, where a Puskesmas enters what it did itself
    LINES = "lines"  # the pages of a facility and of the district
    REPORT = "report"  # the PDF of a Puskesmas and of the district
    SHORT_REPORT = "short_report"  # the PDF of a Pustu: two pages, whatever happens
    PAPER = "paper"  # the empty form on paper
    PAPER_WITH_SUMS = "paper_with_sums"  # the same for a Puskesmas, which has reports below
    FORM = "form"  # the Excel form, always in Indonesian
    CHANGES = "changes"  # two revisions side by side
    API = "api"


# Shows what the other table shows, unless a column says otherwise.
VARIANT_OF = {
    Table.OWN_ENTRY: Table.REVIEW,
    Table.SHORT_REPORT: Table.REPORT,
    Table.PAPER_WITH_SUMS: Table.PAPER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class In:
    """How a column stands in one table, as far as that differs from its definition."""

    heading: Text = ""  # «{week}» is the number of the week; a line break is one
    align: Literal["", "left", "right"] = ""
    hides: str = ""  # no room: hide-m phone, hide-t tablet, hide-p print
    css: str = ""  # further classes of its cells
    width: str = ""  # class w-… of a PDF; of the Excel form: characters
    # The cell is not just a number: it is drawn by <folder of the table>/<code>.html.
    has_template: bool = False
    live: str = ""  # the partial of that template which a saved number changes
    is_row_head: bool = False
    is_input: bool = False
    is_heading_hidden: bool = False  # only read aloud
    is_shown: bool = True  # False: a variant of a table goes without it
    order: int = 0  # lower stands further left; else as declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column, wherever it is shown. ``code``: its class in HTML (``c-…``), its cell template,
    its field in the API and, for a computed figure, its name in ``clusters.targets.Figures``."""

    code: str
    heading: Text
    help: Text
    unit: Unit
    value: Callable[[Line], Any] = lambda _line: None
    tables: Mapping[Table, In] = field(default_factory=dict)

    def shown_in(self, table: Table) -> In | None:
        place = self.tables.get(table)
        if place is None and table in VARIANT_OF:
            place = self.tables.get(VARIANT_OF[table])
        return place if place is not None and place.is_shown else None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as it stands in one table."""

    column: Column
    place: In

    @property
    def code(self) -> str:
        return self.column.code

    @property
    def heading(self) -> Text:
        return self.place.heading or self.column.heading

    @property
    def help(self) -> Text:
        """What it means, with the unit of a figure: «… [people]»."""
        unit = UNITS.get(self.column.unit)
        return format_lazy("{} [{}]", self.column.help, unit) if unit else self.column.help

    @property
    def is_right(self) -> bool:
        align = self.place.align or ("left" if self.column.unit == "text" else "right")
        return align == "right"

    @property
    def css(self) -> str:
        """Of head and cells alike."""
        return f"c-{self.code.replace('_', '-')} {self.place.hides}".rstrip()


@dataclass(frozen=True, slots=True)
class Cell:
    """What every row of a table writes for one column: tags around it, and the template that
    draws it; without one it is text."""

    column: TableColumn
    css: str  # also of the head
    start: SafeString
    end: SafeString
    template: str


@dataclass(frozen=True)
class TableView:
    """A table in HTML. ``write`` says a cell that has no template of its own, given a row."""

    columns: tuple[TableColumn, ...]
    folder: str  # of the cell templates
    write: Callable[[TableColumn, Any], str]
    right: str = "n"  # class of figures, which stand to the right
    has_roles: bool = False  # tables become cards on a phone; roles keep what they mean

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(self._cell(column) for column in self.columns)

    def _cell(self, column: TableColumn) -> Cell:
        place = column.place
        tag = mark_safe("th" if place.is_row_head else "td")  # noqa: S308 - one of two words
        role = "rowheader" if place.is_row_head else "cell"
        css = f"{self.right} {column.css}" if column.is_right else column.css
        return Cell(
            column=column,
            css=css,
            start=format_html(
                '<{}{}{} class="{}">',
                tag,
                format_html(' role="{}"', role) if self.has_roles else "",
                mark_safe(' scope="row"') if place.is_row_head else "",
                f"{css} {place.css}".rstrip(),
            ),
            end=format_html("</{}>", tag),
            template=f"{self.folder}/{column.code}.html" if place.has_template else "",
        )

"""What writer and reader of the form must agree on. A change here is a new FORM_VERSION."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import translation
from openpyxl.utils import get_column_letter

from reports.figures.columns import columns_of
from reports.figures.tables import Table, TableColumn

FORM_VERSION = "1"
FORM = "pantau-ilp-evaluasi"  # what the hidden sheet must say
INSTRUCTIONS, ENTRIES, PROBLEMS, HIDDEN = "Petunjuk", "Isian", "Masalah baru", "_formulir"
HEADER_ROW = 5
FIRST_ROW = HEADER_ROW + 1
LONGEST_NOTE = 300


@dataclass(frozen=True)
class FormColumn:
    """A column of «Isian»; ``letter`` is where the writer puts it. The reader goes by the
    heading, so that a column moved in a spreadsheet is still found."""

    declared: TableColumn
    letter: str

    @property
    def key(self) -> str:
        return self.declared.code

    @cached_property
    def heading(self) -> str:
        """Indonesian whoever reads: part of the form's format."""
        with translation.override("id"):
            return str(self.declared.heading)

    @property
    def width(self) -> float:
        return float(self.declared.place.width)

    @property
    def is_input(self) -> bool:
        return self.declared.place.is_input

    @property
    def is_figure(self) -> bool:
        """A number to read, which is shown with its thousands."""
        return self.declared.column.unit != "text" and not self.is_input


COLUMNS = tuple(
    FormColumn(column, get_column_letter(place))
    for place, column in enumerate(columns_of(Table.FORM), start=1)
)
BY_KEY = {column.key: column for column in COLUMNS}
INPUTS = tuple(column for column in COLUMNS if column.is_input)
LAST = COLUMNS[-1].letter
# Code, cluster and name stay in sight.
FIRST_SCROLLED = COLUMNS[COLUMNS.index(BY_KEY["name"]) + 1].letter
# What the reader cannot do without.
REQUIRED = ("code", "name", "numerator", "denominator", "note", "version")

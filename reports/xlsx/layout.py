"""What writer and reader of the form must agree on. A change here is a new FORM_VERSION."""

from __future__ import annotations

from dataclasses import dataclass

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

    key: str
    letter: str
    heading: str  # Indonesian, as printed; part of the form's format
    width: float
    is_input: bool = False


COLUMNS = (
    FormColumn("code", "A", "Kode", 8),
    FormColumn("cluster", "B", "Klaster", 11),
    FormColumn("name", "C", "Indikator", 38),
    FormColumn("asked", "D", "Diminta minggu ini", 9),
    FormColumn("population", "E", "Sasaran", 10),
    FormColumn("target", "F", "Target s.d. minggu ini", 10),
    FormColumn("cumulative", "G", "Kumulatif saat diunduh", 10),
    FormColumn("below", "H", "Dari unit di bawah", 10),
    FormColumn("numerator", "I", "Jumlah minggu ini", 11, is_input=True),
    FormColumn("denominator", "J", "Penyebut", 11, is_input=True),
    FormColumn("note", "K", "Catatan", 32, is_input=True),
    FormColumn("meaning", "L", "Yang dihitung", 46),
    FormColumn("version", "M", "Versi", 7),
)
BY_KEY = {column.key: column for column in COLUMNS}
INPUTS = tuple(column for column in COLUMNS if column.is_input)
LAST = COLUMNS[-1].letter
# What the reader cannot do without.
REQUIRED = ("code", "name", "numerator", "denominator", "note", "version")

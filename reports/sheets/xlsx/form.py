"""The cells of an uploaded form as entries, with everything that is wrong, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries

from clusters.actions import check_counts
from clusters.models import Indicator
from clusters.weeks import Week
from facilities.codes import same_code
from facilities.models import Facility
from facilities.tabular.cells import CellRefused
from facilities.tabular.errors import refuse
from facilities.tabular.workbook import Page, RawCell, Workbook
from facilities.text.cleaning import shown
from reports.sheets.xlsx import judging
from reports.sheets.xlsx.layout import (
    BY_KEY,
    COLUMNS,
    ENTRIES,
    FORM,
    FORM_VERSION,
    HIDDEN,
    REQUIRED,
)

MOST_ERRORS = 200
_HEADING_ROWS = 30  # how far down the headings are looked for
_JUDGED = ("numerator", "denominator", "note")


@dataclass(frozen=True, slots=True, order=True)
class FormError:
    """``cell`` like «I14»; ``row`` 0: the sheet as a whole."""

    row: int
    cell: str
    found: str
    message: str
    sheet: str = ENTRIES


@dataclass(frozen=True, slots=True)
class Entry:
    """One good row. Empty counts are None; ``version`` is that of the row the form was made
    from (0: there was none)."""

    row: int
    code: str
    numerator: int | None
    denominator: int | None
    note: str
    version: int
    is_hidden: bool

    @property
    def values(self) -> tuple[int | None, int | None, str]:
        return self.numerator, self.denominator, self.note


@dataclass(slots=True)
class Form:
    entries: list[Entry] = field(default_factory=list)
    errors: list[FormError] = field(default_factory=list)

    @property
    def wrong_rows(self) -> int:
        return len({error.row for error in self.errors})


def read_form(
    workbook: Workbook, facility: Facility, week: Week, indicators: Mapping[str, Indicator]
) -> Form:
    """Entries and errors of a form of this facility and week. ``indicators``: those reported
    there, by code. FileRefused when the file is no such form at all."""
    _check_identity(workbook, facility, week)
    page = workbook.pages.get(ENTRIES.casefold())
    if page is None:
        message = _("The workbook has no sheet “%(sheet)s”. Found: %(found)s.")
        raise refuse(message % {"sheet": ENTRIES, "found": ", ".join(workbook.sheets) or "–"})
    if page.is_cut:
        raise refuse(
            _("The sheet “%(sheet)s” holds far more than a form. Download a new form.")
            % {"sheet": ENTRIES}
        )
    header, letters = _heading(page)
    reader = _Rows(page, letters, indicators)
    for number in sorted(row for row in page.rows if row > header):
        reader.read(number)
    return reader.finish()


def _check_identity(workbook: Workbook, facility: Facility, week: Week) -> None:
    page = workbook.pages.get(HIDDEN)
    rows = page.rows.values() if page else ()
    said = {
        row["A"].text.strip(): row["B"].text.strip() for row in rows if "A" in row and "B" in row
    }
    if said.get("formulir") != FORM:
        raise refuse(_("This is not a form of Pantau ILP. Download the form and fill in that one."))
    if said.get("versi") != FORM_VERSION:
        raise refuse(_("This form is of another version. Download a new form and fill it in."))
    code, label = said.get("fasilitas", ""), said.get("minggu", "")
    if not same_code(code, facility.code):
        message = _("This form belongs to the facility %(other)s, not to %(name)s (%(code)s).")
        raise refuse(
            message
            % {"other": shown(code, 30) or "–", "name": facility.name, "code": facility.code}
        )
    if label != str(week):
        message = _("This form belongs to week %(other)s, not to week %(week)s.")
        raise refuse(message % {"other": shown(label, 10) or "–", "week": week})


def _heading(page: Page) -> tuple[int, dict[str, str]]:
    """The row of the headings and the letter of each column by its key."""
    keys = {judging.plain(column.heading).casefold(): column.key for column in COLUMNS}
    for number in sorted(page.rows)[:_HEADING_ROWS]:
        found = {
            letter: keys[text]
            for letter, cell in page.rows[number].items()
            if (text := judging.plain(cell.text).casefold()) in keys
        }
        if not {"code", "numerator"} <= set(found.values()):
            continue
        missing = [BY_KEY[key].heading for key in REQUIRED if key not in found.values()]
        if missing:
            message = _("The column “%(column)s” is missing. Download a new form.")
            raise refuse(message % {"column": ", ".join(missing)})
        if len(set(found.values())) < len(found):
            raise refuse(_("A column is there twice. Download a new form."))
        return number, {key: letter for letter, key in found.items()}
    raise refuse(
        _("The sheet “%(sheet)s” has lost its headings. Download a new form.") % {"sheet": ENTRIES}
    )


class _Rows:
    """Reads row after row; what is wrong in a row keeps the whole row out."""

    def __init__(
        self, page: Page, letters: Mapping[str, str], indicators: Mapping[str, Indicator]
    ) -> None:
        self._page, self._letters, self._indicators = page, letters, indicators
        self._known = set(letters.values())
        self._form = Form()
        self._rows_of: dict[str, list[int]] = {}
        self._merged = _merged(page.merged, set(letters.values()))

    def read(self, number: int) -> None:
        cells = self._page.rows[number]
        before = len(self._form.errors)
        if number in self._merged:
            place = self._merged[number]
            self._error(
                number, place.partition(":")[0], place,
                _("These cells are merged. Unmerge them: one value for each cell."),
            )  # fmt: skip
        indicator = self._indicator(number, cells)
        self._check_surplus(number, cells)
        if indicator is None:
            return
        self._rows_of.setdefault(indicator.code, []).append(number)
        values = {key: self._take(number, cells, key) for key in _JUDGED}
        if len(self._form.errors) > before:
            return
        entry = Entry(
            row=number,
            code=indicator.code,
            numerator=values["numerator"],  # type: ignore[arg-type]
            denominator=values["denominator"],  # type: ignore[arg-type]
            note=str(values["note"]),
            version=judging.version(cells.get(self._letters["version"])),
            is_hidden=number in self._page.hidden,
        )
        for key, message in check_counts(indicator, entry.numerator, entry.denominator).items():
            self._cell_error(number, cells, key, message)
        if len(self._form.errors) == before:
            self._form.entries.append(entry)

    def finish(self) -> Form:
        """Refuses rows of the same indicator: nobody can say which one is meant."""
        for code, rows in self._rows_of.items():
            if len(rows) < 2:
                continue
            message = _("The indicator %(code)s is in the rows %(rows)s. Keep one of them.")
            text = message % {"code": code, "rows": ", ".join(map(str, rows))}
            for number in rows:
                self._error(number, f"{self._letters['code']}{number}", code, text)
            self._form.entries = [row for row in self._form.entries if row.code != code]
        self._form.errors = sorted(self._form.errors)
        return self._form

    def _indicator(self, number: int, cells: Mapping[str, RawCell]) -> Indicator | None:
        letter = self._letters["code"]
        code = cells.get(letter)
        if code is None:
            first = next(iter(cells))
            self._error(
                number, f"{first}{number}", judging.shown(cells[first]),
                _("This row has no indicator code, so it is not read. Use the row of the"
                  " indicator."),
            )  # fmt: skip
            return None
        indicator = self._indicators.get(code.text.strip()) if code.kind == "s" else None
        if indicator is None:
            self._cell_error(
                number, cells, "code",
                _("This code is not in the form of this facility. Download a new form."),
            )  # fmt: skip
            return None
        name = cells.get(self._letters["name"])
        if name is None or judging.plain(name.text) != judging.plain(indicator.name_id):
            message = _("The label was changed: %(code)s is “%(name)s”. Download a new form.")
            self._cell_error(
                number, cells, "name", message % {"code": code.text, "name": indicator.name_id}
            )
        return indicator

    def _take(self, number: int, cells: Mapping[str, RawCell], key: str) -> int | str | None:
        judge = judging.note if key == "note" else judging.count
        try:
            return judge(cells.get(self._letters[key]))
        except CellRefused as error:
            self._cell_error(number, cells, key, str(error))
            return None

    def _check_surplus(self, number: int, cells: Mapping[str, RawCell]) -> None:
        for letter in cells:
            if letter not in self._known:
                message = _("This column is not read. Write it into the column “%(column)s”.")
                text = message % {"column": BY_KEY["note"].heading}
                self._error(number, f"{letter}{number}", judging.shown(cells[letter]), text)
                return

    def _cell_error(
        self, number: int, cells: Mapping[str, RawCell], key: str, message: str
    ) -> None:
        letter = self._letters[key]
        self._error(number, f"{letter}{number}", judging.shown(cells.get(letter)), message)

    def _error(self, number: int, cell: str, found: str, message: str) -> None:
        self._form.errors.append(FormError(number, cell, found, message))


def _merged(ranges: Iterable[str], letters: set[str]) -> dict[int, str]:
    """The range that covers each row, among those that touch a column of the form."""
    columns = {_number(letter) for letter in letters}
    result: dict[int, str] = {}
    for text in ranges:
        try:
            left, top, right, bottom = range_boundaries(text)
        except (ValueError, TypeError):
            continue
        if None in (left, top, right, bottom) or not any(left <= x <= right for x in columns):
            continue
        for row in range(top, min(bottom, top + 2_000) + 1):
            result.setdefault(row, text)
    return result


def _number(letter: str) -> int:
    return int(range_boundaries(f"{letter}1")[0])

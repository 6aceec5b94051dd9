"""An uploaded form as cells: what a form of ours may cost, and what is said when it is none."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from facilities.tabular.errors import FileRefused, refuse
from facilities.tabular.workbook import (
    DamagedError,
    Limits,
    TooMuchError,
    Workbook,
    check_kind,
    read_workbook,
)
from reports.sheets.xlsx.layout import ENTRIES, HIDDEN, INSTRUCTIONS, PROBLEMS

LARGEST_FILE = 3 * 1024 * 1024  # a filled form has about 20 KB
SECONDS = 120  # by the clock, on a busy machine; the processor time is what bounds it


def read_form_workbook(path: Path) -> Workbook:
    """The cells of an uploaded form. FileRefused, with a sentence for the reader, for whatever
    cannot be read: never another error."""
    _check_file(path)
    limits = Limits(
        sheets=tuple(name.casefold() for name in (INSTRUCTIONS, ENTRIES, PROBLEMS, HIDDEN)),
        rows=1_500,
        columns=40,
        longest=2_000,
        text=2_000_000,
        memory=640 * 1024 * 1024,
        processor=8,
        clock=SECONDS,
    )
    try:
        return read_workbook(path, limits)
    except TooMuchError as error:
        raise refuse(
            _("The workbook is too large to be read. Download a new form and fill it in.")
        ) from error
    except DamagedError as error:
        raise refuse(_("The workbook is damaged. Save it again as XLSX.")) from error


def _check_file(path: Path) -> None:
    size = path.stat().st_size
    if not size:
        raise refuse(_("The file is empty. Choose the form you filled in."))
    if size > LARGEST_FILE:
        raise too_large()
    with path.open("rb") as file:
        start = file.read(200)
    check_kind(start)
    if not start.startswith(b"PK"):
        raise refuse(_("This is not an XLSX workbook. Upload the form as it was downloaded."))


def too_large() -> FileRefused:
    return refuse(
        _("The file is larger than %(size)d MB. Upload the form itself, without pictures.")
        % {"size": LARGEST_FILE // 1024 // 1024}
    )

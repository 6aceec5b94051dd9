"""An uploaded file as cells: looked at first, then parsed in a limited child process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from facilities.tabular.archive import check_archive
from facilities.tabular.errors import FileRefused, refuse

LARGEST_FILE = 3 * 1024 * 1024  # a filled form has about 20 KB
SECONDS = 20  # by the clock; the child itself has 8 of processor time
_PARSER = Path(__file__).with_name("parse.py")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RawCell:
    """``kind``: n number, s text, d date, b yes/no, f formula, e error value."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: cells by row number and column letter."""

    name: str
    rows: dict[int, dict[str, RawCell]]
    merged: tuple[str, ...]
    hidden: frozenset[int]
    is_cut: bool  # more rows or text than a form can have


@dataclass(frozen=True, slots=True)
class Workbook:
    sheets: tuple[str, ...]
    pages: dict[str, Page]  # by name in lower case; only those a form has


def read_workbook(path: Path) -> Workbook:
    """The cells of an uploaded workbook. FileRefused, with a sentence for the reader, for
    whatever cannot be read: never another error, within bounded time and memory."""
    _check_kind(path)
    check_archive(path)
    try:
        found = subprocess.run(  # noqa: S603 - our own program, and a path we made
            [sys.executable, "-I", str(_PARSER), str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much() from error
    if found.returncode == 2:
        _logger.info("form not readable: %s", found.stderr[:200])
        raise refuse(_("The workbook is damaged. Save it again as XLSX."))
    if found.returncode != 0:  # 3, or ended by a limit of the system
        raise _too_much()
    return _workbook(json.loads(found.stdout))


def _check_kind(path: Path) -> None:
    size = path.stat().st_size
    if not size:
        raise refuse(_("The file is empty. Choose the form you filled in."))
    if size > LARGEST_FILE:
        raise too_large()
    with path.open("rb") as file:
        start = file.read(200)
    if start.startswith(_OLD_EXCEL):
        raise refuse(
            _("This is an old XLS workbook or one with a password. Save it as XLSX without one.")
        )
    if b"application/vnd.oasis.opendocument" in start:
        raise refuse(_("This workbook was saved as ODS. Save it as XLSX."))
    if not start.startswith(b"PK"):
        raise refuse(_("This is not an XLSX workbook. Upload the form as it was downloaded."))


def too_large() -> FileRefused:
    return refuse(
        _("The file is larger than %(size)d MB. Upload the form itself, without pictures.")
        % {"size": LARGEST_FILE // 1024 // 1024}
    )


def _too_much() -> FileRefused:
    return refuse(_("The workbook is too large to be read. Download a new form and fill it in."))


def _workbook(found: dict[str, Any]) -> Workbook:
    return Workbook(
        sheets=tuple(found["sheets"]),
        pages={
            key: Page(
                name=page["name"],
                rows={
                    int(row): {letter: RawCell(*cell) for letter, cell in cells.items()}
                    for row, cells in page["rows"].items()
                },
                merged=tuple(page["merged"]),
                hidden=frozenset(page["hidden"]),
                is_cut=page["is_cut"],
            )
            for key, page in found["pages"].items()
        },
    )

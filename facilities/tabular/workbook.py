"""An uploaded workbook as cells: looked at first, then parsed in the sandbox.

The only way in for XLSX files, whoever brings them; what is read of one is said by ``Limits``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from facilities.sandbox import Bounds, GaveUpError, UnreadableError, run_limited
from facilities.tabular.archive import check_archive
from facilities.tabular.errors import refuse
from facilities.text.cleaning import from_workbook

_PARSER = Path(__file__).with_name("parse.py")
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class TooMuchError(Exception):
    """The workbook needs more time or memory than its kind may have."""


class DamagedError(Exception):
    """Not a workbook that can be read, though a sound archive."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read of a workbook, and what reading it may cost."""

    sheets: tuple[str, ...]  # in lower case; the others are only named
    rows: int
    columns: int | None
    longest: int  # characters kept of one cell
    text: int  # characters of all cells
    memory: int  # address space of the child, bytes
    processor: int  # seconds of processor time
    clock: float  # seconds by the clock


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
    is_cut: bool  # more rows or text than the limits allow


@dataclass(frozen=True, slots=True)
class Workbook:
    sheets: tuple[str, ...]
    pages: dict[str, Page]  # by name in lower case; only those asked for


def check_kind(start: bytes) -> None:
    """FileRefused for the first bytes of a workbook of another format."""
    if start.startswith(OLD_EXCEL):
        raise refuse(
            _("This is an old XLS workbook or one with a password. Save it as XLSX without one.")
        )
    if b"application/vnd.oasis.opendocument" in start:
        raise refuse(_("This workbook was saved as ODS. Save it as XLSX."))


def read_workbook(path: Path, limits: Limits) -> Workbook:
    """The cells of an uploaded workbook, within bounded time and memory. FileRefused with a
    sentence for the reader when the archive is no good; TooMuchError and DamagedError for what
    is found out while it is parsed. Never another error."""
    with path.open("rb") as file:
        check_kind(file.read(200))
    check_archive(path)
    bounds = Bounds(limits.memory, limits.processor, limits.clock)
    arguments = [str(path), json.dumps(asdict(limits))]
    try:
        found = run_limited(_PARSER, bounds=bounds, arguments=arguments)
    except UnreadableError as error:
        raise DamagedError from error
    except GaveUpError as error:
        raise TooMuchError from error
    return _workbook(found.splitlines())


def _workbook(lines: Iterable[bytes]) -> Workbook:
    said = map(json.loads, lines)
    sheets = next(said)["sheets"]
    # The same codes and weeks stand in thousands of rows.
    known: dict[tuple[str, str], RawCell] = {}
    pages: dict[str, Page] = {}
    for head in said:
        rows: dict[int, dict[str, RawCell]] = {}
        for line in said:
            if isinstance(line, dict):
                pages[head["page"]] = _page(head["name"], rows, line)
                break
            number, cells = line
            rows[number] = {
                letter: known.setdefault((kind, text), _cell(kind, text))
                for letter, (kind, text) in cells.items()
            }
    return Workbook(sheets=tuple(sheets), pages=pages)


def _cell(kind: str, text: str) -> RawCell:
    return RawCell(kind, from_workbook(text) if kind == "s" else text)


def _page(name: str, rows: dict[int, dict[str, RawCell]], end: dict[str, Any]) -> Page:
    return Page(
        name=name,
        rows=rows,
        merged=tuple(end["merged"]),
        hidden=frozenset(end["hidden"]),
        is_cut=end["is_cut"],
    )

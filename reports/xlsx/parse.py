"""Runs alone, as a child process: an uploaded workbook in, its cells out as JSON.

Standard library and openpyxl only, no Django, no project module: it starts quickly, and what a
hostile file does to it stays here. Memory, time and open files are limited before anything of
the file is read. Says what it found, judges nothing; exit codes above 0 mean «gave up».

    python -I parse.py FILE   →   {"sheets": [...], "pages": {name: {"rows": ..., ...}}}
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import resource
import sys
import zipfile
from typing import Any

MEMORY = 640 * 1024 * 1024  # address space, bytes
SECONDS = 8  # of processor time
MOST_ROWS, MOST_COLUMNS = 1_500, 40
LONGEST_TEXT = 2_000  # characters kept of one cell
MOST_TEXT = 2_000_000  # characters of all cells
MOST_SHEETS = 40
READ = ("petunjuk", "isian", "masalah baru", "_formulir")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,200}?\bref\s*=\s*[\"']([A-Z0-9:$]{1,40})")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b[^>]{0,400}?\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]{0,400}>")
_NUMBER = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,7})")
_MOST_NOTED = 300  # merged ranges and hidden rows kept


def limit() -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        # A system without one of them still has the parent's clock.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (amount, amount))


def cell_of(cell: Any) -> list[Any] | None:
    """[kind, text]: n number, s text, d date, b yes/no, f formula, e error value."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type in {"f", "e"}:
        return [cell.data_type, str(value)[:LONGEST_TEXT]]
    if isinstance(value, bool):
        return ["b", str(value)]
    if isinstance(value, (int, float)):
        return ["n", repr(value)]
    if isinstance(value, (dt.datetime, dt.date)):
        return ["d", value.isoformat()[:10]]
    if isinstance(value, (dt.time, dt.timedelta)):
        return ["d", str(value)]
    return ["s", str(value).strip()[:LONGEST_TEXT]]


def page_of(worksheet: Any, archive: zipfile.ZipFile, budget: list[int]) -> dict[str, Any]:
    rows: dict[str, dict[str, list[Any]]] = {}
    is_cut = False
    worksheet.reset_dimensions()  # the file's own claim may be wrong
    for row in worksheet.iter_rows(max_col=MOST_COLUMNS):
        cells = {}
        for cell in row:
            found = None if cell.value is None else cell_of(cell)
            if found is not None:
                cells[cell.column_letter] = found
                number = cell.row
                budget[0] -= len(found[1])
        if not cells:
            continue
        if len(rows) >= MOST_ROWS or budget[0] < 0 or number > 1_048_576:
            is_cut = True
            break
        rows[str(number)] = cells
    text = archive.read(worksheet._worksheet_path.lstrip("/"))  # noqa: SLF001
    merged = [found.decode() for found in _MERGED.findall(text)[:_MOST_NOTED]]
    rows_hidden = (_NUMBER.search(match) for match in _HIDDEN.findall(text)[:_MOST_NOTED])
    hidden = [int(place[1]) for place in rows_hidden if place]
    return {"rows": rows, "is_cut": is_cut, "merged": merged, "hidden": hidden}


def read(path: str) -> dict[str, Any]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, keep_links=False)
    names = book.sheetnames[:MOST_SHEETS]
    budget, pages = [MOST_TEXT], {}
    with zipfile.ZipFile(path) as archive:
        for name in names:
            key = name.strip().casefold()
            # A chart sheet has a name but no cells.
            if key in READ and key not in pages and hasattr(book[name], "reset_dimensions"):
                pages[key] = page_of(book[name], archive, budget) | {"name": name[:64]}
    return {"sheets": [name[:64] for name in names], "pages": pages}


def main() -> int:
    limit()
    try:
        result = read(sys.argv[1])
    except MemoryError:
        return 3
    except Exception as error:  # noqa: BLE001 - whatever a hostile file provokes ends here
        sys.stderr.write(f"{type(error).__name__}: {str(error)[:200]}\n")
        return 2
    sys.stdout.write(json.dumps(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

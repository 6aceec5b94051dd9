"""Look at an XLSX file before anything parses it: 1 MB can hold hundreds of MB of XML."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from facilities.tabular.errors import refuse

LARGEST_FILE = 10 * 1024 * 1024
MOST_ENTRIES = 200
LARGEST_INFLATED = 64 * 1024 * 1024
HIGHEST_RATIO = 150
_CHUNK = 256 * 1024
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]{3,30})"')


def check_size(path: Path) -> None:
    """FileRefused above 10 MB."""
    if path.stat().st_size > LARGEST_FILE:
        raise refuse(_("The file is larger than 10 MB. Split it into several files."))


def check_archive(path: Path) -> None:
    """FileRefused unless the workbook is a sound ZIP of ordinary size with no merged cells.

    Sizes written in the archive may lie, so every entry is inflated once, chunk by chunk.
    """
    if not zipfile.is_zipfile(path):
        raise refuse(_("This is not an XLSX workbook. Save it again as XLSX or CSV."))
    total = 0
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise _suspicious()
        for entry in entries:
            if entry.flag_bits & 1:
                raise refuse(_("The workbook has a password. Save it without one."))
            with archive.open(entry) as content:
                total += _inflated(content, LARGEST_INFLATED - total)
            if total > path.stat().st_size * HIGHEST_RATIO:
                raise _suspicious()


def merged_cells(path: Path, sheet_entry: str) -> list[str]:
    """Ranges of merged cells in one sheet («A1:B1»)."""
    with zipfile.ZipFile(path) as archive:
        # Bounded by check_archive, which ran before.
        return [match.decode() for match in _MERGED.findall(archive.read(sheet_entry))]


def _inflated(content: IO[bytes], limit: int) -> int:
    size = 0
    try:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise _suspicious()
    except (zipfile.BadZipFile, EOFError) as error:
        raise refuse(_("The workbook is damaged. Save it again as XLSX or CSV.")) from error
    return size


def _suspicious() -> Exception:
    return refuse(_("The workbook unpacks to far more than its size. Save only the data as CSV."))

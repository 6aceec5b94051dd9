"""Look at an XLSX file before anything parses it: 1 MB can hold hundreds of MB of XML."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from facilities.tabular.errors import FileRefused, refuse

LARGEST_FILE = 10 * 1024 * 1024
MOST_ENTRIES = 200
LARGEST_INFLATED = 64 * 1024 * 1024
HIGHEST_RATIO = 150
_CHUNK = 256 * 1024
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]{3,30})"')
# A workbook never declares a document type; one that does is built to swell while it is read.
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")
_PLAIN_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the only ones the format allows
_BROKEN = (
    zipfile.BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError,
    ValueError, struct.error, zlib.error,
)  # fmt: skip


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
    try:
        _check_entries(path)
    except _BROKEN as error:
        raise _damaged() from error


def _check_entries(path: Path) -> None:
    total = 0
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise _suspicious()
        for entry in entries:
            if entry.flag_bits & 1:
                raise refuse(_("The workbook has a password. Save it without one."))
            if entry.compress_type not in _PLAIN_METHODS:
                raise _damaged()
            is_xml = entry.filename.casefold().endswith(_XML)
            with archive.open(entry) as content:
                total += _inflated(content, LARGEST_INFLATED - total, is_xml=is_xml)
            if total > path.stat().st_size * HIGHEST_RATIO:
                raise _suspicious()


def merged_cells(path: Path, sheet_entry: str) -> list[str]:
    """Ranges of merged cells in one sheet («A1:B1»)."""
    with zipfile.ZipFile(path) as archive:
        # Bounded by check_archive, which ran before.
        return [match.decode() for match in _MERGED.findall(archive.read(sheet_entry))]


def _inflated(content: IO[bytes], limit: int, *, is_xml: bool) -> int:
    size, tail = 0, b""
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise _suspicious()
        if is_xml:
            seen = tail + chunk
            # NUL: UTF-16 or 32, in which the pattern would not be found.
            if b"\0" in chunk or _DECLARATION.search(seen):
                raise _damaged()
            tail = seen[-10:]
    return size


def _damaged() -> FileRefused:
    return refuse(_("The workbook is damaged. Save it again as XLSX or CSV."))


def _suspicious() -> FileRefused:
    return refuse(_("The workbook unpacks to far more than its size. Save only the data as CSV."))

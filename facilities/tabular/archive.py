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
# A workbook never declares a document type; one that does is built to swell while it is read.
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Types of relationship by which a workbook is linked with another: …/externalLinkPath and so on.
_LINK = re.compile(rb"relationships/externalLink", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*[^/>]>")
MOST_ROWS = 200_000  # of one sheet
_OVERLAP = 40  # bytes of a chunk kept, so that a pattern across two chunks is found
_ZIP = b"PK\x03\x04"
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
    """FileRefused unless the workbook is a sound ZIP of ordinary size that reads the same for
    every program and holds nothing but itself.

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
        _check_names([entry.orig_filename for entry in entries])
        for entry in entries:
            if entry.flag_bits & 1:
                raise refuse(_("The workbook has a password. Save it without one."))
            if entry.compress_type not in _PLAIN_METHODS:
                raise _damaged()
            with archive.open(entry) as content:
                total += _inflated(content, LARGEST_INFLATED - total, entry.filename.casefold())
            if total > path.stat().st_size * HIGHEST_RATIO:
                raise _suspicious()


def _check_names(names: list[str]) -> None:
    """Of two parts of one name some programs read the first, others the second; a part that
    climbs out of the workbook belongs to no workbook."""
    if len({name.casefold() for name in names}) < len(names):
        raise refuse(_("The workbook holds two parts of one name. Save it again as XLSX or CSV."))
    for name in names:
        if name.startswith("/") or ".." in name.split("/") or set(name) & set("\\:\0"):
            raise refuse(
                _("The workbook holds a part that lies outside of it: ‘{name}’."
                  " Save it again as XLSX or CSV.").format(name=name[:60])
            )  # fmt: skip


def _inflated(content: IO[bytes], limit: int, name: str) -> int:
    size, rows, tail, is_xml = 0, 0, b"", name.endswith(_XML)
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise _suspicious()
        if size == len(chunk) and chunk.startswith(_ZIP):
            raise refuse(
                _("The workbook holds another archive. Save only the data as XLSX or CSV.")
            )
        if is_xml:
            seen = tail + chunk
            # NUL: UTF-16 or 32, in which the pattern would not be found.
            if b"\0" in chunk or _DECLARATION.search(seen):
                raise _damaged()
            if name.endswith(".rels") and _LINK.search(seen):
                raise refuse(
                    _("The workbook is linked with another file. Save only the values, as XLSX or"
                      " CSV.")
                )  # fmt: skip
            # Told here in a second; the parser would need half a minute to come so far.
            rows += len(_ROW.findall(chunk)) if "/worksheets/" in name else 0
            if rows > MOST_ROWS + 1:
                raise too_many_rows(MOST_ROWS)
            tail = seen[-_OVERLAP:]
    return size


def too_many_rows(count: int) -> FileRefused:
    return refuse(_("The file has more than {count} rows. Split it.").format(count=count))


def _damaged() -> FileRefused:
    return refuse(_("The workbook is damaged. Save it again as XLSX or CSV."))


def _suspicious() -> FileRefused:
    return refuse(_("The workbook unpacks to far more than its size. Save only the data as CSV."))

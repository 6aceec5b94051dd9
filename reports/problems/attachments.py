"""Photos and documents that people send: judged by their bytes, never by name or browser.

A photo is drawn anew, so nothing that was hidden in the file (position of the camera, a script
behind the picture) is kept. A PDF stays as it came, because it may carry an electronic signature;
one that acts by itself or holds files is refused. Stored beside the reports:
``REPORTS_DIR/attachments/<sha[:2]>/<sha>``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from facilities.text.privacy import without_personal_numbers
from reports.printing.pictures import JPEG, PNG, UnfitFileError, redraw
from reports.printing.storage import FileLostError, write_whole
from reports.problems.pdfs import check_pdf

__all__ = [
    "ACCEPT", "EXTENSIONS", "JPEG", "LONGEST_SIDE", "MAX_BYTES", "PDF", "PNG", "CheckedFile",
    "UnfitFileError", "attachment_path", "check_file", "read_attachment", "store_attachment",
]  # fmt: skip

MAX_BYTES: Final = 5 * 1024 * 1024
LONGEST_SIDE: Final = 2560  # pixels of a stored photo: a page of A4 at 220 dpi
FORMATS: Final = ("JPEG", "PNG", "WEBP")
PDF: Final = "application/pdf"
EXTENSIONS: Final = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
ACCEPT: Final = "image/jpeg,image/png,image/webp,application/pdf"

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What may be stored: a name with the right ending, the type, the bytes to keep."""

    name: str
    media_type: str
    content: bytes


def check_file(name: str, content: bytes) -> CheckedFile:
    """Judge one file by its content. Raises UnfitFileError."""
    if not content:
        raise UnfitFileError(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise UnfitFileError(_("The file is larger than 5 MB."))
    if content.startswith(b"%PDF-"):
        check_pdf(content)
        media_type = PDF
    else:
        media_type, content = _redraw(content)
    return CheckedFile(_clean_name(name, media_type), media_type, content)


def _redraw(content: bytes) -> tuple[str, bytes]:
    return redraw(
        content,
        formats=FORMATS,
        longest_side=LONGEST_SIDE,
        most_bytes=MAX_BYTES // 2,
        unknown=_("Only photos (JPEG, PNG, WebP) and PDF can be sent."),
    )


def _clean_name(name: str, media_type: str) -> str:
    """The sender's name for it without path, without characters that turn or hide the text,
    without a NIK, and with the ending of what it is."""
    base = re.split(r"[\\/]", name)[-1]
    visible = "".join(c for c in base if not unicodedata.category(c).startswith("C"))
    stem = Path(visible.strip(" .")).stem.strip(" .")[:100]
    stem = without_personal_numbers(stem).strip(" .-_")
    return (stem or _("file")) + EXTENSIONS[media_type]


def attachment_path(sha256: str) -> Path:
    """Where it lies; ValueError for anything but a SHA-256 in hex."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return Path(settings.REPORTS_DIR) / "attachments" / sha256[:2] / sha256


def store_attachment(content: bytes) -> str:
    """Keep the bytes durably; the SHA-256 that names them."""
    sha256 = hashlib.sha256(content).hexdigest()
    write_whole(attachment_path(sha256), content)
    return sha256


def read_attachment(sha256: str) -> bytes:
    """The bytes, checked against their name; FileLostError when they are gone or others."""
    try:
        content = attachment_path(sha256).read_bytes()
    except OSError as error:
        raise FileLostError(str(error)) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileLostError(f"{sha256}: other bytes on disk")
    return content

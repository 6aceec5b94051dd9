"""The files a PDF may contain: own fonts, own stylesheet, the district's emblem. Nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

import fontpkg_source_sans_3
from django.conf import settings

from reports.pdf.errors import PdfError

FONT_DIR = Path(fontpkg_source_sans_3.ROOT) / "files"
STYLESHEET = Path(__file__).parent / "assets" / "report.css"
# Everything the stylesheet may name; the fetcher knows no other address.
ASSETS = {
    "asset:sans": FONT_DIR / "SourceSans3[wght].ttf",
    "asset:sans-italic": FONT_DIR / "SourceSans3-Italic[wght].ttf",
}
_IMAGE_TYPES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


@cache
def asset(url: str) -> bytes:
    """The bytes behind an ``asset:`` address; KeyError for any other."""
    return ASSETS[url].read_bytes()


def emblem(sha256: str) -> str:
    """The district's emblem as a ``data:`` address; empty when it has none.

    Raises PdfError when the stored copy is lost, is no PNG or JPEG, or is not the file that was
    frozen: a signed report drawn with another emblem would be another document.
    """
    if not sha256:
        return ""
    try:
        content = (settings.DATA_DIR / "logos" / sha256).read_bytes()
    except OSError as error:
        raise PdfError(f"emblem {sha256[:12]} is not in the data directory") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PdfError(f"emblem {sha256[:12]} was changed after it was frozen")
    for magic, media_type in _IMAGE_TYPES.items():
        if content.startswith(magic):
            return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
    raise PdfError(f"emblem {sha256[:12]} is neither PNG nor JPEG")

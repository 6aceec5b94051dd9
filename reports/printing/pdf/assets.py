"""The files a PDF is made with: own fonts, own stylesheet. Nothing else can be fetched."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import fontpkg_source_sans_3

FONT_DIR = Path(fontpkg_source_sans_3.ROOT) / "files"
STYLESHEET = Path(__file__).parent / "assets" / "report.css"
BLANK_STYLESHEET = STYLESHEET.with_name("blank.css")
# Everything the stylesheet may name; the fetcher knows no other address.
ASSETS = {
    "asset:sans": FONT_DIR / "SourceSans3[wght].ttf",
    "asset:sans-italic": FONT_DIR / "SourceSans3-Italic[wght].ttf",
}


@cache
def asset(url: str) -> bytes:
    """The bytes behind an ``asset:`` address; KeyError for any other."""
    return ASSETS[url].read_bytes()

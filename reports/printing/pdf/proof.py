"""A finished PDF is read back before anybody calls it ready."""

from __future__ import annotations

from collections import Counter
from ctypes import c_void_p
from html.parser import HTMLParser

import pypdfium2
from pypdfium2 import raw

from reports.printing.pdf.errors import PdfError

# Their text is for screen readers and the title bar, not on the page.
_UNSEEN = {"head", "title", "desc", "style", "script", "template"}
_LEAST_LETTERS = 10  # of a page: its footer alone has more
_UNREADABLE = {"\ufffd", "\x00"}


def prove(content: bytes, pages: int, html: str) -> None:
    """PdfError unless the file opens, has its pages, each readable with embedded fonts, and holds
    every figure of the page it was drawn from."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise PdfError(f"the PDF does not open: {error}") from error
    with document:
        if len(document) != pages:
            raise PdfError(f"{len(document)} pages in the file, {pages} were drawn")
        found: Counter[str] = Counter()
        for number in range(pages):
            found += _digits(_proven_text(document[number], number + 1))
    missing = figures_of(html) - found
    if missing:
        raise PdfError(f"figures missing from the PDF: {dict(missing)}")


def figures_of(html: str) -> Counter[str]:
    """How often each digit stands in the visible text: however lines and pages fall, a lost
    number is missing from the count."""
    reader = _Visible()
    reader.feed(html)
    return _digits("".join(reader.texts))


def _digits(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter in "0123456789")


def _proven_text(page: pypdfium2.PdfPage, number: int) -> str:
    text: str = page.get_textpage().get_text_bounded()
    if sum(letter.isalnum() for letter in text) < _LEAST_LETTERS:
        raise PdfError(f"page {number} has no readable text")
    if _UNREADABLE & set(text):
        raise PdfError(f"page {number} has letters nobody can read")
    seen = set()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=15):
        font = raw.FPDFTextObj_GetFont(item.raw)
        address = c_void_p.from_buffer(font).value
        if address not in seen and raw.FPDFFont_GetIsEmbedded(font) != 1:
            raise PdfError(f"page {number} uses a font that is not in the file")
        seen.add(address)
    return text


class _Visible(HTMLParser):
    """The text a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts.append(data)

"""The only door to WeasyPrint, opened on first use.

WeasyPrint takes a second to read and 60 MB to keep: pages that only borrow the report's words
must not pay for it. Everything behind the door is in reports.printing.pdf.weasy.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reports.printing.pdf.assets import STYLESHEET

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    from reports.printing.pdf.weasy import OwnAssetsOnly

OPTIONS = {"pdf_variant": "pdf/ua-1"}  # tagged, with title and language


def html_to_pdf(
    html: str, style: Path = STYLESHEET, *, hides_figures: bool = False
) -> tuple[bytes, int]:
    """The PDF, read back and proven, and its number of pages. Raises PdfError, never WeasyPrint's
    BaseException. ``hides_figures``: the style leaves out some of the page on purpose."""
    from reports.printing.pdf import weasy
    from reports.printing.pdf.proof import prove

    content, pages = weasy.html_to_pdf(html, style, OPTIONS)
    prove(content, pages, "" if hides_figures else html)
    return content, pages


def stylesheet(path: Path = STYLESHEET) -> tuple[CSS, FontConfiguration]:
    """A parsed stylesheet and the fonts it loads, once for the process."""
    from reports.printing.pdf import weasy

    return weasy.stylesheet(path)


def fetcher() -> OwnAssetsOnly:
    from reports.printing.pdf import weasy

    return weasy.fetcher()


def engine_versions() -> str:
    """``weasyprint 70.0, pydyf 0.13.0, pango 1.50.12, harfbuzz 6.0.0``: what drew the bytes."""
    from reports.printing.pdf import weasy

    return weasy.engine_versions()


def warm_up() -> None:
    """Import, read fonts and parse the stylesheet: call in the worker's parent before it forks."""
    from reports.printing.pdf import weasy

    weasy.warm_up(OPTIONS)

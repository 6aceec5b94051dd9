"""The HTML of a picture becomes a PNG: WeasyPrint, then PDFium, then a cache on disk."""

from __future__ import annotations

import hashlib
import io
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from reports.printing.pdf.errors import PdfError
from reports.printing.press import PRESS
from reports.share import store

if TYPE_CHECKING:
    from PIL import Image

SIZE = (1080, 1350)  # pixels: fills a phone held upright
LARGEST = 300 * 1024  # bytes
STYLE = Path(__file__).parent / "assets" / "picture.css"
TEMPLATE = "reports/share/picture.html"
# How many rows are tried: (gaps, overdue problems). Long names take two lines each.
FITS = ((5, 3), (5, 2), (5, 1), (4, 1), (3, 1), (2, 0), (1, 0), (0, 0))
_SCALE = 96 / 72  # a CSS pixel of the page is a pixel of the picture
_COLOURS = (128, 64, 32)  # of the palette; flat areas and text need few
# One picture at a time is enough for a web process, and none is drawn twice.
_one_at_a_time = threading.Lock()


def png(html: str, start: int = 0) -> bytes:
    """The bytes, from disk where they were drawn before. Raises PdfError."""
    name = key(html)
    found = store.read(name)
    if found is None:
        with _one_at_a_time:
            found = store.read(name)
            if found is None:
                found = PRESS.draw(draw, html, start)
                store.keep(name, found)
    return found


def key(html: str) -> str:
    return hashlib.sha256(f"{_version()}\0{html}".encode()).hexdigest()


def draw(html: str, start: int = 0) -> bytes:
    """HTML to PNG: the same HTML gives the same bytes. Rows that do not fit are left out,
    trying ``FITS`` from ``start`` on."""
    from reports.printing.pdf.engine import html_to_pdf

    content = b""
    for fit in FITS[start:]:
        content, pages = html_to_pdf(_cut(html, *fit), STYLE, hides_figures=True)
        if pages == 1:
            break
    return _small_png(_raster(content))


def _cut(html: str, gaps: int, late: int) -> str:
    """Rows carry their number as a class; what is beyond is hidden by the class of the body."""
    return html.replace('<body class="', f'<body class="gaps-{gaps} late-{late} ', 1)


def _raster(content: bytes) -> Image.Image:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        try:
            image: Image.Image = document[0].render(scale=_SCALE).to_pil().convert("RGB")
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise PdfError(f"PDFium: {error}") from error
    return image.crop((0, 0, *SIZE))


def _small_png(image: Image.Image) -> bytes:
    """A palette picture below ``LARGEST``; flat colours lose nothing by it."""
    from PIL import Image

    content = b""
    for colours in _COLOURS:
        out = io.BytesIO()
        flat = image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        flat.save(out, "PNG", optimize=True)
        content = out.getvalue()
        if len(content) < LARGEST:
            break
    return content


@cache
def _version() -> str:
    """Everything but the figures that shapes a picture's bytes."""
    import PIL
    import pypdfium2

    from reports.printing.pdf.engine import engine_versions

    digest = hashlib.sha256()
    parts = sorted((settings.BASE_DIR / "templates" / TEMPLATE).parent.glob("picture*.html"))
    for path in (STYLE, Path(__file__), *parts):
        digest.update(path.read_bytes() + b"\0")
    pdfium = pypdfium2.version.PYPDFIUM_INFO
    digest.update(f"{engine_versions()}, pillow {PIL.__version__}, pdfium {pdfium}".encode())
    return digest.hexdigest()

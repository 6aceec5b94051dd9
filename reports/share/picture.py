"""One screen of a week as a PNG: a small page of its own, drawn by WeasyPrint and rasterised."""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import PIL
import pypdfium2
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from PIL import Image

from reports.charts.bars import bullet_bar
from reports.charts.glyphs import status_glyph
from reports.charts.svg import joined, line, number, rect
from reports.pdf import PdfError, words
from reports.pdf.engine import engine_versions, html_to_pdf
from reports.queries.shapes import DistrictSheet, Line, ReviewSheet
from reports.share import store
from reports.share.facts import Facts, Gap, facts_of
from reports.share.plain import plain

PICTURE_SIZE = (1080, 1350)  # pixels: fills a phone held upright
LARGEST = 300 * 1024  # bytes
STYLE = Path(__file__).parent / "assets" / "picture.css"
TEMPLATE = "share/picture.html"
_SCALE = 96 / 72  # a CSS pixel of the page is a pixel of the picture
_COLOURS = (128, 64, 32)  # of the palette; flat areas and text need few
# How many rows are tried: (gaps, overdue problems). Long names take two lines each.
_FITS = ((5, 3), (5, 2), (5, 1), (4, 1), (3, 1), (2, 0), (1, 0), (0, 0))
_MOST_NAMES = 6
_BAR = 968  # pixels between the margins
_STATUSES = ("baik", "kurang", "cukup", "jelek")
_INKS = {"baik": "#0d5c4a", "kurang": "#744400", "cukup": "#1b4d8c", "jelek": "#87182a"}
# PDFium is not made for threads, and one picture at a time is enough for a web process.
_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    key: str  # SHA-256 of everything it is drawn from: the ETag, and the name on disk
    html: str
    start: int  # the first layout worth trying
    alt: str

    def png(self) -> bytes:
        """The bytes, from disk where they were drawn before. Raises PdfError."""
        found = store.read(self.key)
        if found is None:
            with _drawing:
                found = store.read(self.key) or draw(self.html, self.start)
            store.keep(self.key, found)
        return found


def picture(sheet: ReviewSheet | DistrictSheet, *, is_draft: bool) -> Picture:
    """The picture of a sheet; nothing is drawn before its bytes are asked for."""
    with translation.override("id"):
        facts = facts_of(sheet, is_draft=is_draft)
        html = render_to_string(TEMPLATE, _context(facts))
        start, alt = _first_fit(facts), alt_text(facts)
    digest = hashlib.sha256(f"{_version()}\0{html}".encode())
    return Picture(digest.hexdigest(), html, start, alt)


def draw(html: str, start: int = 0) -> bytes:
    """HTML to PNG: the same HTML gives the same bytes. Rows that do not fit are left out,
    trying ``_FITS`` from ``start`` on."""
    content = b""
    for fit in _FITS[start:]:
        content, pages = html_to_pdf(_cut(html, *fit), STYLE)
        if pages == 1:
            break
    return _small_png(_raster(content))


def _first_fit(facts: Facts) -> int:
    """Where to begin: a layout tried in vain costs as much as the one that is shown.

    Heights in pixels, measured on drawn pictures and a little too low: then a try too many at
    worst, never a row too few.
    """
    fixed = 588 + 44 * (facts.is_draft or facts.is_demo) + 51 * bool(facts.missing)
    for place, (most_gaps, most_late) in enumerate(_FITS):
        gaps = facts.gaps[:most_gaps]
        height = sum(76 + 28 * bool(gap.place) + 30 * (len(gap.name) > 40) for gap in gaps)
        height += 78 * min(most_late, len(facts.late)) or 34
        if fixed + height <= PICTURE_SIZE[1]:
            return place
    return len(_FITS) - 1


def alt_text(facts: Facts) -> str:
    """What the picture says, for those who cannot see it; the text beside it says the rest."""
    parts = [f"{facts.heading} {facts.place}, {facts.week}"]
    if facts.unit:
        parts.append(
            _("%(filed)d of %(expected)d %(unit)s have reported.")
            % {"filed": facts.filed, "expected": facts.expected, "unit": facts.unit}
        )
    parts += [f"{gap.name}: {gap.people}" for gap in facts.gaps]
    return ". ".join(part.rstrip(".") for part in parts) + "."


def _context(facts: Facts) -> dict[str, Any]:
    tally = facts.tally
    return {
        "facts": facts,
        "place": plain(facts.place, 56),
        "missing": [plain(name, 40) for name in facts.missing[:_MOST_NAMES]],
        "more_missing": max(0, len(facts.missing) - _MOST_NAMES),
        "bar": _status_bar(facts),
        "statuses": [
            (_glyph(name), words.STATUS_NAMES[name], getattr(tally, name)) for name in _STATUSES
        ],
        "gaps": [_gap(gap) for gap in facts.gaps],
        "late": [
            {"what": plain(row.what, 58), "place": plain(row.place, 40), "row": row}
            for row in facts.late[:3]
        ],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    status_class, _arrow, status = words.status(gap.line)
    return {
        "name": plain(gap.name, 58),
        "place": plain(gap.place, 44),
        "gap": gap,
        "bar": _bar(gap.line),
        "status_class": status_class,
        "glyph": _glyph(gap.line.figures.status) if gap.line.figures.status else "",
        "status": status,
    }


def _glyph(status: str) -> SafeString:
    return status_glyph(status, _INKS[status])


def _status_bar(facts: Facts) -> SafeString:
    """Baik, Kurang | Cukup, Jelek in pixels, with the target tick between the pairs."""
    counts = [(name, getattr(facts.tally, name)) for name in _STATUSES]
    total = sum(count for _name, count in counts)
    parts = [] if total else [rect("track", 0, 4, _BAR, 56)]
    x, tick = 0.0, 0.0
    for name, count in counts:
        if name == "cukup":
            tick = x
        width = _BAR * count / total if total else 0
        if count:
            parts.append(rect(name, x, 4, max(2.0, width - 4), 56))
        if width > 44:
            parts.append(
                format_html(
                    '<text x="{}" y="43" text-anchor="middle" font-family="Source Sans 3" '
                    'font-size="32" font-weight="700" fill="#ffffff">{}</text>',
                    number(x + width / 2 - 2),
                    count,
                )
            )
        x += width
    if total:
        at = min(_BAR - 3, max(3.0, tick - 2))
        parts.append(line(at, 0, at, 64, 6))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="statuses" width="{}" height="64" '
        'viewBox="0 0 {} 64">{}</svg>',
        _BAR, _BAR, joined(parts),
    )  # fmt: skip


def _bar(row: Line) -> str:
    figures = row.figures
    if figures.coverage is None:
        return ""
    target = None if figures.target_to_date is None else figures.target_percent
    return bullet_bar(figures.coverage, target, fill=figures.status or "none")


def _cut(html: str, gaps: int, late: int) -> str:
    """Rows carry their number as a class; what is beyond is hidden by the class of the body."""
    return html.replace('<body class="', f'<body class="gaps-{gaps} late-{late} ', 1)


def _raster(content: bytes) -> Image.Image:
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            image: Image.Image = document[0].render(scale=_SCALE).to_pil().convert("RGB")
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise PdfError(f"PDFium: {error}") from error
    return image.crop((0, 0, *PICTURE_SIZE))


def _small_png(image: Image.Image) -> bytes:
    """A palette picture below ``LARGEST``; flat colours lose nothing by it."""
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
    digest = hashlib.sha256()
    for path in (STYLE, Path(__file__), settings.BASE_DIR / "templates" / TEMPLATE):
        digest.update(path.read_bytes() + b"\0")
    pdfium = pypdfium2.version.PYPDFIUM_INFO
    digest.update(f"{engine_versions()}, pillow {PIL.__version__}, pdfium {pdfium}".encode())
    return digest.hexdigest()

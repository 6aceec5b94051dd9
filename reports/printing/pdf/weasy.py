"""WeasyPrint at work: HTML in, tagged PDF out, nothing fetched from outside."""

from __future__ import annotations

import gc
import importlib.metadata
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.ffi import harfbuzz, pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.printing.pdf.assets import STYLESHEET, asset
from reports.printing.pdf.errors import PdfError
from reports.printing.pdf.tagging import say_scope_of_heads

# fontTools writes «modified now» into every font it cuts from the variable one: two builds a
# second apart would differ.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")


class OwnAssetsOnly(URLFetcher):
    """Answers ``data:`` and the fixed table of own assets; any other address ends the rendering.

    The error must be WeasyPrint's fatal one: it logs and forgets every other kind, and a report
    that asks for a foreign address is not one to print.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        try:
            return URLFetcherResponse(url, asset(url), {"Content-Type": "font/ttf"})
        except KeyError:
            self._refuse(url)

    @staticmethod
    def _refuse(url: str) -> NoReturn:
        raise FatalURLFetchingError(f"address not allowed in a report: {url[:80]}")


@cache
def fetcher() -> OwnAssetsOnly:
    """One for the process: a new one costs 22 ms."""
    return OwnAssetsOnly()


@cache
def stylesheet(path: Path) -> tuple[CSS, FontConfiguration]:
    """A parsed stylesheet and the fonts it loads, once for the process."""
    fonts = FontConfiguration()
    text = path.read_text(encoding="utf-8")
    return CSS(string=text, font_config=fonts, url_fetcher=fetcher()), fonts


def html_to_pdf(html: str, style: Path, options: Mapping[str, str]) -> tuple[bytes, int]:
    """The PDF and its number of pages. Raises PdfError, never WeasyPrint's BaseException.

    What WeasyPrint only logs (an image it could not read, a font it could not cut to size) is an
    error here: a report with a hole in it must not be stored as ready.
    """
    css, fonts = stylesheet(style)
    try:
        with _no_collection(), _no_complaints():
            document = HTML(string=html, url_fetcher=fetcher()).render(
                stylesheets=[css], font_config=fonts, **options
            )
            finished = document.write_pdf(finisher=say_scope_of_heads, **options)
            return finished, len(document.pages)
    except FatalURLFetchingError as error:
        raise PdfError(str(error)) from error
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        raise PdfError(f"WeasyPrint: {type(error).__name__}: {error}") from error


# Slower, with other bytes, but whole: the launcher and doctor ask for the library.
_HARMLESS = "Using fontTools instead of HarfBuzz-Subset"


class _Complaints(logging.Handler):
    """Keeps what is logged while one document is drawn."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if not text.startswith(_HARMLESS):
            self.texts.append(text)


@contextmanager
def _no_complaints() -> Iterator[None]:
    logger, heard = logging.getLogger("weasyprint"), _Complaints()
    logger.addHandler(heard)
    try:
        yield
    finally:
        logger.removeHandler(heard)
    if heard.texts:
        raise PdfError(f"WeasyPrint: {heard.texts[0][:300]}")


@contextmanager
def _no_collection() -> Iterator[None]:
    """Layout makes many long-lived objects: collecting among them only costs time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@cache
def engine_versions() -> str:
    """``weasyprint 70.0, pydyf 0.13.0, pango 1.50.12, harfbuzz 6.0.0``: what drew the bytes."""
    number = pango.pango_version()
    versions = {
        name: importlib.metadata.version(name)
        for name in ("weasyprint", "pydyf", "fontpkg-source-sans-3", "segno")
    }
    versions["pango"] = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    versions["harfbuzz"] = _harfbuzz_version(harfbuzz)
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _harfbuzz_version(library: Any) -> str:
    """Found by asking: WeasyPrint's bindings declare only «at least»."""
    parts: list[int] = []
    for _place in range(3):
        part = 0
        while library.hb_version_atleast(*parts, part + 1, *[0] * (2 - len(parts))):
            part += 1
        parts.append(part)
    return ".".join(map(str, parts))


def warm_up(options: Mapping[str, str]) -> None:
    html_to_pdf(
        '<html lang="id"><title>-</title><body>Pantau ILP 0123456789 <b>%</b></body></html>',
        STYLESHEET,
        options,
    )
    gc.collect()

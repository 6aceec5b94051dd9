"""One hash over everything but the data that shapes a PDF's bytes."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

from reports.figures.tables import Cell
from reports.printing.pdf import rows
from reports.printing.pdf.assets import ASSETS
from reports.printing.pdf.engine import OPTIONS, engine_versions
from reports.printing.pdf.html import LANGUAGE

PACKAGE = Path(__file__).parent
CHARTS = settings.BASE_DIR / "reports" / "figures" / "charts"
_TRANSLATE = re.compile(r'{% translate "([^"]+)"(?: context "([^"]+)")?[^%]*%}')
# Sentences that are too long for one line.
_BLOCK = re.compile(r"{% blocktranslate trimmed[^%]*%}([^{]+){% endblocktranslate %}")


@cache
def template_version() -> str:
    """SHA-256 (hex) over templates, stylesheet, drawing code, words, fonts and engine versions.

    Part of a document's key: with another version the same figures make another document.
    """
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update("\0".join(printed_words()).encode())
    digest.update("\0".join(printed_columns()).encode())
    # Django brings the names of days and months.
    digest.update(f"{engine_versions()}, django {django.__version__}".encode())
    digest.update(repr(sorted(OPTIONS.items())).encode())
    return digest.hexdigest()


def sources() -> list[Path]:
    """Every file a PDF is made from, in a fixed order."""
    return [*_templates(), *_code(), *sorted((PACKAGE / "assets").glob("*.css")), *ASSETS.values()]


def printed_words() -> list[str]:
    """The reports' own words as they are translated now; those of other pages do not count."""
    with translation.override(LANGUAGE):
        return [
            pgettext(context, text) if context else gettext(text)
            for context, text in sorted(set(_messages()))
        ] + [str(cell.column.heading) for cell in _cells()]


def printed_columns() -> list[str]:
    """What else is declared of the columns of the reports: cells and widths."""
    return [f"{cell.start} {cell.template} {cell.column.place.width}" for cell in _cells()]


def _cells() -> tuple[Cell, ...]:
    return rows.REPORT.cells + rows.SHORT_REPORT.cells


def _templates() -> list[Path]:
    folder = settings.BASE_DIR / "templates" / "reports" / "printing" / "pdf"
    return sorted(folder.rglob("*.html"))


def _code() -> list[Path]:
    return [*sorted(PACKAGE.rglob("*.py")), *sorted(CHARTS.rglob("*.py"))]


def _messages() -> Iterator[tuple[str, str]]:
    """(context, message) of every text in templates and code."""
    for path in _templates():
        source = path.read_text(encoding="utf-8")
        for text, context in _TRANSLATE.findall(source):
            yield context, text.replace("%", "%%")  # as the translate tag looks it up
        for text in _BLOCK.findall(source):
            yield "", " ".join(text.split()).replace("%", "%%")
    for path in _code():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from _message(node.func.id, node.args)


def _message(function: str, arguments: list[ast.expr]) -> Iterator[tuple[str, str]]:
    texts = [arg.value for arg in arguments if isinstance(arg, ast.Constant)]
    strings = [text for text in texts if isinstance(text, str)]
    if function == "_" and len(strings) == 1:
        yield "", strings[0]
    elif function == "pgettext" and len(strings) == 2:
        yield strings[0], strings[1]

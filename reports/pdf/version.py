"""One hash over everything but the data that shapes a PDF's bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from reports.pdf.assets import ASSETS
from reports.pdf.engine import OPTIONS, engine_versions

PACKAGE = Path(__file__).parent
CHARTS = PACKAGE.parent / "charts"


@cache
def template_version() -> str:
    """SHA-256 (hex) over templates, stylesheet, drawing code, words, fonts and engine versions.

    Part of a document's key: with another version the same figures make another document.
    """
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(engine_versions().encode())
    digest.update(repr(sorted(OPTIONS.items())).encode())
    return digest.hexdigest()


def sources() -> list[Path]:
    """Every file a PDF is made from, in a fixed order."""
    folders = [
        (settings.BASE_DIR / "templates" / "pdf", "*.html"),
        (PACKAGE, "*.py"),
        (PACKAGE / "assets", "*.css"),
        (CHARTS, "*.py"),
    ]
    found = [path for folder, pattern in folders for path in sorted(folder.rglob(pattern))]
    words = settings.BASE_DIR / "locale" / "id" / "LC_MESSAGES" / "django.po"
    return [*found, words, *ASSETS.values()]

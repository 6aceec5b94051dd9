"""The district's emblem, as it was when the figures were frozen."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from facilities.models import Logo
from reports.printing.pdf.errors import PdfError
from reports.shapes import Letterhead

_looked_up: ContextVar[Mapping[str, str] | None] = ContextVar("emblems", default=None)
MEDIA_TYPES = frozenset({"image/png", "image/jpeg"})


def emblem(sha256: str) -> str:
    """The emblem of that name as a ``data:`` address; empty when the district has none.

    Raises PdfError when it is lost, was changed, or is no PNG or JPEG: a signed report drawn with
    another emblem would be another document.
    """
    if not sha256:
        return ""
    if (found := (_looked_up.get() or {}).get(sha256)) is not None:
        return found
    logo = Logo.objects.filter(pk=sha256).first()
    if logo is None:
        raise PdfError(f"emblem {sha256[:12]} is lost")
    content = bytes(logo.content)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PdfError(f"emblem {sha256[:12]} was changed after it was frozen")
    if logo.media_type not in MEDIA_TYPES:
        raise PdfError(f"emblem {sha256[:12]} is neither PNG nor JPEG")
    return f"data:{logo.media_type};base64,{base64.b64encode(content).decode()}"


def emblems_of(head: Letterhead) -> dict[str, str]:
    """Those of a letterhead by name, for a process that has no database at hand."""
    return {name: emblem(name) for name in (head.logo_sha256, head.unit_logo_sha256) if name}


@contextmanager
def looked_up(emblems: Mapping[str, str]) -> Iterator[None]:
    """Inside, ``emblem`` knows these already."""
    token = _looked_up.set(emblems)
    try:
        yield
    finally:
        _looked_up.reset(token)

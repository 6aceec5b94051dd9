"""The district's emblem, as it was when the figures were frozen."""

from __future__ import annotations

import base64
import hashlib

from facilities.models import Logo
from reports.printing.pdf.errors import PdfError

MEDIA_TYPES = frozenset({"image/png", "image/jpeg"})


def emblem(sha256: str) -> str:
    """The emblem of that name as a ``data:`` address; empty when the district has none.

    Raises PdfError when it is lost, was changed, or is no PNG or JPEG: a signed report drawn with
    another emblem would be another document.
    """
    if not sha256:
        return ""
    logo = Logo.objects.filter(pk=sha256).first()
    if logo is None:
        raise PdfError(f"emblem {sha256[:12]} is lost")
    content = bytes(logo.content)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise PdfError(f"emblem {sha256[:12]} was changed after it was frozen")
    if logo.media_type not in MEDIA_TYPES:
        raise PdfError(f"emblem {sha256[:12]} is neither PNG nor JPEG")
    return f"data:{logo.media_type};base64,{base64.b64encode(content).decode()}"

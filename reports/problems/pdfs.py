"""A PDF that somebody sends: sound, of ordinary size, and nothing in it acts by itself.

It stays as it came, because it may carry an electronic signature; so what it would do cannot be
taken out, and a file that does something is refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from facilities.sandbox import Bounds, GaveUpError, UnreadableError, run_limited
from reports.printing.pictures import UnfitFileError
from reports.problems.pdf_objects import MAX_PAGES

_TRAILER: Final = 1024  # bytes a PDF may have after its end mark: some scanners write a few
_PROGRAM = Path(__file__).with_name("pdf_objects.py")
# By the clock, on a busy machine.
_BOUNDS = Bounds(memory=768 * 1024 * 1024, processor=15, clock=180)


def check_pdf(content: bytes) -> None:
    """Raises UnfitFileError."""
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end > _TRAILER:
        raise UnfitFileError(_damaged())
    try:
        seen = json.loads(run_limited(_PROGRAM, bounds=_BOUNDS, content=content))
    except UnreadableError as error:
        raise UnfitFileError(_damaged()) from error
    except GaveUpError as error:
        raise UnfitFileError(_too_much()) from error
    if not 1 <= seen["pages"] <= MAX_PAGES:
        raise UnfitFileError(_("A PDF can have 1 to %(n)s pages.") % {"n": MAX_PAGES})
    if "action" in seen["found"]:
        raise UnfitFileError(
            _("This PDF wants to do something by itself (a script, a program, an address that"
              " opens). Print it to a new PDF or scan the paper anew, and send that.")
        )  # fmt: skip
    if "file" in seen["found"]:
        raise UnfitFileError(
            _("This PDF contains another file. Print it to a new PDF and send that.")
        )


def _damaged() -> str:
    return _("The PDF is damaged or locked with a password. Save it anew without a password.")


def _too_much() -> str:
    return _("This PDF cannot be looked through. Print it to a new PDF and send that.")

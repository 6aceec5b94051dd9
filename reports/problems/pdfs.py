"""A PDF that somebody sends: sound, of ordinary size, and nothing in it acts by itself.

It stays as it came, because it may carry an electronic signature; so what it would do cannot be
taken out, and a file that does something is refused.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from django.utils.translation import gettext as _

from reports.printing.pictures import UnfitFileError

MAX_PAGES: Final = 200
_TRAILER = 1024  # bytes a PDF may have after its end mark: some scanners write a few
_PDFIUM = threading.Lock()  # the library is not made for threads
_READER = Path(__file__).with_name("pdf_objects.py")
_LIMITS = {"memory": 768 * 1024 * 1024, "processor": 15}
_SECONDS = 60  # by the clock, on a busy machine
_logger = logging.getLogger(__name__)


def check_pdf(content: bytes) -> None:
    """Raises UnfitFileError."""
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end > _TRAILER:
        raise UnfitFileError(_damaged())
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise UnfitFileError(_damaged()) from error
        try:
            found = _found_by_viewer(document)
        finally:
            document.close()
    found |= _found_in_objects(content)
    if "action" in found:
        raise UnfitFileError(
            _("This PDF wants to do something by itself (a script, a program, an address that"
              " opens). Print it to a new PDF or scan the paper anew, and send that.")
        )  # fmt: skip
    if "file" in found:
        raise UnfitFileError(
            _("This PDF contains another file. Print it to a new PDF and send that.")
        )


def _found_by_viewer(document: pypdfium2.PdfDocument) -> set[str]:
    if not 1 <= len(document) <= MAX_PAGES:
        raise UnfitFileError(_("A PDF can have 1 to %(n)s pages.") % {"n": MAX_PAGES})
    counted = {
        "action": pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw),
        "file": pdfium.FPDFDoc_GetAttachmentCount(document.raw),
    }
    return {kind for kind, number in counted.items() if number}


def _found_in_objects(content: bytes) -> set[str]:
    """Every object, looked at in a limited child process."""
    try:
        answer = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(_READER), json.dumps(_LIMITS)],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnfitFileError(_too_much()) from error
    if answer.returncode == 2:
        _logger.info("PDF not readable: %s", answer.stderr[:200])
        raise UnfitFileError(_damaged())
    if answer.returncode != 0:
        raise UnfitFileError(_too_much())
    return set(json.loads(answer.stdout))


def _damaged() -> str:
    return _("The PDF is damaged or locked with a password. Save it anew without a password.")


def _too_much() -> str:
    return _("This PDF cannot be looked through. Print it to a new PDF and send that.")

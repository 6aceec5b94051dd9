"""What can go wrong while a PDF is made."""

from __future__ import annotations


class PdfError(Exception):
    """The PDF could not be made; the text says why, for the document's error line."""


class TooLongError(PdfError):
    """Drawing took more processor time than any report needs, or stood still."""

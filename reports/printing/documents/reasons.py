"""Why a document could not be made, in words for people. The exception itself is in the log."""

from __future__ import annotations

import errno

from django.utils.translation import gettext as _

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_BROKEN = {errno.EIO}


def is_of_the_disk(error: Exception) -> bool:
    """Another document would meet the same; it passes when somebody mends the disk."""
    return isinstance(error, OSError) and error.errno in _NO_SPACE | _NO_RIGHT | _BROKEN


def reason_of(error: Exception) -> str:
    """One sentence that names the cause and who can help."""
    from msgspec import MsgspecError

    from reports.printing.pdf.errors import PdfError, TooLongError
    from reports.shapes.schema import SignedByNewerVersion

    match error:
        case OSError() if error.errno in _NO_SPACE:
            return _("The disk is full. Please tell the administrator.")
        case OSError() if error.errno in _NO_RIGHT:
            return _("The folder of the reports cannot be written. Please tell the administrator.")
        case OSError() if error.errno in _BROKEN:
            return _("The disk does not work. Please tell the administrator.")
        case TooLongError():
            return _(
                "Drawing took more time than any report needs. Try again; if it stays so, please "
                "tell the administrator."
            )
        case PdfError():
            return _("The pages could not be drawn. Please tell the administrator.")
        case SignedByNewerVersion():
            return str(error)
        case MsgspecError() | ValueError():
            return _("The stored figures could not be read. Please tell the administrator.")
        case MemoryError():
            return _("There was not enough memory. Please try again later.")
    return _("An unexpected error occurred. Please tell the administrator.")

"""Pictures that people send, judged by their bytes and drawn anew in the sandbox.

So nothing that was hidden in the file (position of the camera, a script behind the picture) is
kept, and every stored picture is a plain PNG or JPEG without transparency.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from facilities.sandbox import Bounds, GaveUpError, UnreadableError, run_limited

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
_PROGRAM = Path(__file__).with_name("picture_bytes.py")
_BOUNDS = Bounds(memory=1024 * 1024 * 1024, processor=30, clock=120)


class UnfitFileError(Exception):
    """The file cannot be taken; ``str(error)`` says why to the person who sent it."""


def redraw(
    content: bytes, *, formats: tuple[str, ...], longest_side: int, most_bytes: int, unknown: str
) -> tuple[str, bytes]:
    """(media type, bytes): a PNG where one came that stays below ``most_bytes``, else a JPEG.

    ``formats`` are Pillow's names of those taken, ``longest_side`` pixels, ``unknown`` what is
    said of any other file. Raises UnfitFileError.
    """
    options = {"formats": formats, "longest_side": longest_side, "most_bytes": most_bytes}
    try:
        found = run_limited(
            _PROGRAM, bounds=_BOUNDS, content=content, arguments=[json.dumps(options)]
        )
    except GaveUpError as error:
        raise UnfitFileError(_too_many_pixels()) from error
    except UnreadableError as error:
        raise UnfitFileError(_damaged()) from error
    kind, _break, picture = found.partition(b"\n")
    match kind.decode():
        case "unknown":
            raise UnfitFileError(unknown)
        case "pixels":
            raise UnfitFileError(_too_many_pixels())
        case "damaged":
            raise UnfitFileError(_damaged())
        case media_type:
            return media_type, picture


def _too_many_pixels() -> str:
    return _("The picture has too many pixels. Make it smaller and send it again.")


def _damaged() -> str:
    return _("The picture is damaged. Take it again or save it anew.")

"""Pictures that people send, judged by their bytes and drawn anew.

So nothing that was hidden in the file (position of the camera, a script behind the picture) is
kept, and every stored picture is a plain PNG or JPEG without transparency.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

MAX_PIXELS: Final = 50_000_000  # the largest photos of phones; 150 MB once unpacked
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"

_PILLOW = threading.Lock()


class UnfitFileError(Exception):
    """The file cannot be taken; ``str(error)`` says why to the person who sent it."""


def redraw(
    content: bytes, *, formats: tuple[str, ...], longest_side: int, most_bytes: int, unknown: str
) -> tuple[str, bytes]:
    """(media type, bytes): a PNG where one came that stays below ``most_bytes``, else a JPEG.

    ``formats`` are Pillow's names of those taken, ``longest_side`` pixels, ``unknown`` what is
    said of any other file. Raises UnfitFileError.
    """
    try:
        with _strictly(), Image.open(io.BytesIO(content), formats=formats) as image:
            _check_size(image)
            # A large JPEG is unpacked at a fraction of its size: a phone's photo in 15 MB.
            image.draft("RGB", (longest_side, longest_side))
            is_drawing = image.format == "PNG"
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((longest_side, longest_side))
            return _save(_on_white(upright), most_bytes if is_drawing else 0)
    except UnidentifiedImageError as error:
        raise UnfitFileError(unknown) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnfitFileError(_too_many_pixels()) from error
    except (OSError, SyntaxError, ValueError, IndexError, TypeError, ZeroDivisionError) as error:
        # What a broken picture makes Pillow raise; all of it means the same to the sender.
        raise UnfitFileError(_("The picture is damaged. Take it again or save it anew.")) from error


@contextmanager
def _strictly() -> Iterator[None]:
    """Half a picture is an error. WeasyPrint tells Pillow, for the whole process, to take such
    ones; one picture at a time also bounds what unpacking them can cost."""
    with _PILLOW:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _too_many_pixels() -> str:
    return _("The picture has too many pixels. Make it smaller and send it again.")


def _check_size(image: Image.Image) -> None:
    """Before anything is unpacked: the size stands in the first bytes."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UnfitFileError(_too_many_pixels())


def _on_white(image: Image.Image) -> Image.Image:
    """Plain colours without transparency, on paper white."""
    if image.mode in {"RGB", "L"} and "transparency" not in image.info:
        return image
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper


def _save(image: Image.Image, most_bytes: int) -> tuple[str, bytes]:
    """A new picture of the bare pixels: no camera data, no comments, no colour profile."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    if most_bytes:  # a screenshot or an emblem stays sharp
        target = io.BytesIO()
        bare.save(target, "PNG", optimize=False)
        if target.tell() <= most_bytes:
            return PNG, target.getvalue()
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=85)
    return JPEG, target.getvalue()

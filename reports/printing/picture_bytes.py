"""Runs alone, in the sandbox: a picture on standard input, drawn anew on standard output.

Standard library and Pillow only. A first line says what follows: the media type, or ``unknown``,
``pixels`` (too many), ``damaged``.

    picture_bytes.py OPTIONS < FILE
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000  # the largest photos of phones; 150 MB once unpacked


class TooManyPixelsError(Exception):
    pass


def drawn(content: bytes, options: dict[str, Any]) -> tuple[str, bytes]:
    side = options["longest_side"]
    with Image.open(io.BytesIO(content), formats=options["formats"]) as image:
        width, height = image.size
        # Before anything is unpacked: the size stands in the first bytes.
        if width * height > MAX_PIXELS:
            raise TooManyPixelsError
        # A large JPEG is unpacked at a fraction of its size: a phone's photo in 15 MB.
        image.draft("RGB", (side, side))
        is_drawing = image.format == "PNG"
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((side, side))
        return saved(on_white(upright), options["most_bytes"] if is_drawing else 0)


def on_white(image: Image.Image) -> Image.Image:
    """Plain colours without transparency, on paper white."""
    if image.mode in {"RGB", "L"} and "transparency" not in image.info:
        return image
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper


def saved(image: Image.Image, most_bytes: int) -> tuple[str, bytes]:
    """A new picture of the bare pixels: no camera data, no comments, no colour profile."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    if most_bytes:  # a screenshot or an emblem stays sharp
        target = io.BytesIO()
        bare.save(target, "PNG", optimize=False)
        if target.tell() <= most_bytes:
            return "image/png", target.getvalue()
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=85)
    return "image/jpeg", target.getvalue()


def answer(content: bytes, options: dict[str, Any]) -> tuple[str, bytes]:
    try:
        return drawn(content, options)
    except UnidentifiedImageError:
        return "unknown", b""
    except (TooManyPixelsError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "pixels", b""
    except (OSError, SyntaxError, ValueError, IndexError, TypeError, ZeroDivisionError):
        # What a broken picture makes Pillow raise; all of it means the same to the sender.
        return "damaged", b""


if __name__ == "__main__":
    kind, picture = answer(sys.stdin.buffer.read(), json.loads(sys.argv[1]))
    sys.stdout.buffer.write(kind.encode() + b"\n" + picture)

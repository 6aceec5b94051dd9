"""Photos and documents that people send: judged by their bytes, never by name or browser.

A photo is drawn anew, so nothing that was hidden in the file (position of the camera, a script
behind the picture) is kept. A PDF stays as it came, because it may carry an electronic signature;
one with scripts or with files inside is refused. Stored beside the reports:
``REPORTS_DIR/attachments/<sha[:2]>/<sha>``.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from reports.storage import FileLostError, write_whole

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000  # the largest photos of phones; 150 MB once unpacked
LONGEST_SIDE: Final = 2560  # pixels of a stored photo: a page of A4 at 220 dpi
MAX_PAGES: Final = 200
FORMATS: Final = ("JPEG", "PNG", "WEBP")
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
PDF: Final = "application/pdf"
EXTENSIONS: Final = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
ACCEPT: Final = "image/jpeg,image/png,image/webp,application/pdf"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TRAILER = 1024  # bytes a PDF may have after its end mark: some scanners write a few
_PDFIUM = threading.Lock()  # the library is not made for threads
_PILLOW = threading.Lock()


class UnfitFileError(Exception):
    """The file cannot be taken; ``str(error)`` says why to the person who sent it."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What may be stored: a name with the right ending, the type, the bytes to keep."""

    name: str
    media_type: str
    content: bytes


def check_file(name: str, content: bytes) -> CheckedFile:
    """Judge one file by its content. Raises UnfitFileError."""
    if not content:
        raise UnfitFileError(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise UnfitFileError(_("The file is larger than 5 MB."))
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        media_type = PDF
    else:
        media_type, content = _redraw(content)
    return CheckedFile(_clean_name(name, media_type), media_type, content)


def _redraw(content: bytes) -> tuple[str, bytes]:
    try:
        with _strictly(), Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check_size(image)
            # A large JPEG is unpacked at a fraction of its size: a phone's photo in 15 MB.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            is_drawing = image.format == "PNG"
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _save(_on_white(upright), is_drawing=is_drawing)
    except UnidentifiedImageError as error:
        raise UnfitFileError(_("Only photos (JPEG, PNG, WebP) and PDF can be sent.")) from error
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


def _save(image: Image.Image, *, is_drawing: bool) -> tuple[str, bytes]:
    """A new picture of the bare pixels: no camera data, no comments, no colour profile."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    if is_drawing:  # a screenshot stays sharp
        target = io.BytesIO()
        bare.save(target, "PNG", optimize=False)
        if target.tell() <= MAX_BYTES // 2:
            return PNG, target.getvalue()
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=85)
    return JPEG, target.getvalue()


def _check_pdf(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end > _TRAILER:
        raise UnfitFileError(_damaged_pdf())
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise UnfitFileError(_damaged_pdf()) from error
        try:
            _check_document(document)
        finally:
            document.close()


def _check_document(document: pypdfium2.PdfDocument) -> None:
    if not 1 <= len(document) <= MAX_PAGES:
        raise UnfitFileError(_("A PDF can have 1 to %(n)s pages.") % {"n": MAX_PAGES})
    scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw)
    inside = pdfium.FPDFDoc_GetAttachmentCount(document.raw)
    if scripts or inside:
        raise UnfitFileError(_("This PDF holds scripts or other files. Print it to a new PDF."))


def _damaged_pdf() -> str:
    return _("The PDF is damaged or locked with a password. Save it anew without a password.")


def _clean_name(name: str, media_type: str) -> str:
    """The sender's name for it without path, without characters that turn or hide the text, and
    with the ending of what it is."""
    base = re.split(r"[\\/]", name)[-1]
    visible = "".join(c for c in base if not unicodedata.category(c).startswith("C"))
    stem = Path(visible.strip(" .")).stem.strip(" .")[:100]
    return (stem or _("file")) + EXTENSIONS[media_type]


def attachment_path(sha256: str) -> Path:
    """Where it lies; ValueError for anything but a SHA-256 in hex."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return Path(settings.REPORTS_DIR) / "attachments" / sha256[:2] / sha256


def store_attachment(content: bytes) -> str:
    """Keep the bytes durably; the SHA-256 that names them."""
    sha256 = hashlib.sha256(content).hexdigest()
    write_whole(attachment_path(sha256), content)
    return sha256


def read_attachment(sha256: str) -> bytes:
    """The bytes, checked against their name; FileLostError when they are gone or others."""
    try:
        content = attachment_path(sha256).read_bytes()
    except OSError as error:
        raise FileLostError(str(error)) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileLostError(f"{sha256}: other bytes on disk")
    return content

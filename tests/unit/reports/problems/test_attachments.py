"""Files that people send: judged by their bytes; what is kept holds nothing but the picture."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from reports.printing.pictures import UnfitFileError
from reports.printing.storage import FileLostError
from reports.problems.attachments import (
    JPEG,
    LONGEST_SIDE,
    MAX_BYTES,
    PDF,
    PNG,
    check_file,
    read_attachment,
    store_attachment,
)

GPS = 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (180, 40, 40)).save(target, kind, **options)
    return target.getvalue()


def pdf(body: bytes = b"", pages: int = 1, catalog: bytes = b"") -> bytes:
    """A small PDF with a right cross-reference table."""
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"] * pages,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + text + b"\nendobj\n"
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return content + b"startxref\n%d\n%%%%EOF\n" % start + body


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [("JPEG", JPEG, ".jpg"), ("PNG", PNG, ".png"), ("WEBP", JPEG, ".jpg")],
)
def test_photo_is_drawn_anew(kind: str, media_type: str, ending: str) -> None:
    file = check_file("Foto Posyandu.exe", picture(kind))
    assert (file.media_type, file.name) == (media_type, "Foto Posyandu" + ending)
    with Image.open(io.BytesIO(file.content)) as image:
        assert image.size == (40, 30)


def test_position_of_the_camera_is_gone_and_the_photo_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Pembuat Kamera"
    place = exif.get_ifd(GPS)
    place[1], place[2] = "S", (2.0, 44.0, 0.0)
    content = picture(exif=exif)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(GPS)
    file = check_file("foto.jpg", content)
    with Image.open(io.BytesIO(file.content)) as image:
        assert not image.getexif()
        assert image.size == (30, 40)
    assert b"Pembuat Kamera" not in file.content
    assert b"Exif" not in file.content


def test_texts_in_a_png_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "rahasia pasien")
    assert b"rahasia" not in check_file("a.png", picture("PNG", pnginfo=info)).content


def test_transparent_picture_stands_on_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(io.BytesIO(check_file("a.png", target.getvalue()).content)) as image:
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_large_photo_is_made_smaller() -> None:
    file = check_file("a.jpg", picture(size=(5200, 2600)))
    with Image.open(io.BytesIO(file.content)) as image:
        assert max(image.size) == LONGEST_SIDE


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("jahat.html", "<script>alert(1)</script>")
    return target.getvalue()


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    for tail in (_zip(), b"<script>alert(1)</script>", b"<?php system('id'); ?>"):
        file = check_file("a.jpg", picture() + tail)
        assert tail not in file.content
        assert file.content.endswith(b"\xff\xd9")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "svg": lambda: SVG,
    "gif": lambda: picture("GIF"),
    "gif with html": lambda: b"GIF89a/*<html>*/=1;alert(1)",
    "bmp": lambda: picture("BMP"),
    "tiff": lambda: picture("TIFF"),
    "zip": _zip,
    "text": lambda: b"hanya teks",
    "exe": lambda: b"MZ" + b"\0" * 300,
    "truncated jpeg": lambda: picture(size=(900, 900))[:2000],
    "truncated png": lambda: picture("PNG", (900, 900))[:200],
    "jpeg head alone": lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "truncated pdf": lambda: pdf()[:-30],
    "pdf head alone": lambda: b"%PDF-1.7\n%%EOF",
    "pdf after html": lambda: b"<html><!-- " + pdf() + b"-->",
    "zip after pdf": lambda: pdf(_zip() + b"\0" * 1100),
    "pdf without pages": lambda: pdf(pages=0),
    "pdf of too many pages": lambda: pdf(pages=201),
    "pdf with script": lambda: pdf(
        catalog=b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (app.alert(1)) >>]"
        b" >> >>"
    ),
    "pdf with a file inside": lambda: pdf(
        catalog=b"/Names << /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe)"
        b" >>] >> >>"
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_unfit_file_is_refused(kind: str) -> None:
    with pytest.raises(UnfitFileError) as caught:
        check_file("foto.jpg", REFUSED[kind]())
    assert str(caught.value).endswith(".")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_decompression_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(UnfitFileError, match="terlalu besar"):
        check_file("a.png", bomb(side, side))


def test_five_megabytes_and_one_byte_more() -> None:
    noise = io.BytesIO()
    Image.effect_noise((1200, 1200), 90).save(noise, "JPEG", quality=95)
    content = noise.getvalue()
    fits = content + b"\0" * (MAX_BYTES - len(content))
    assert check_file("a.jpg", fits).media_type == JPEG
    with pytest.raises(UnfitFileError, match="5 MB"):
        check_file("a.jpg", fits + b"\0")


def test_pdf_is_kept_as_it_came() -> None:
    content = pdf(pages=3)
    file = check_file("surat balasan.docx", content)
    assert (file.media_type, file.name, file.content) == (PDF, "surat balasan.pdf", content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\foto\\a b.jpeg", "a b.jpg"),
        ("foto\u202egpj.exe", "fotogpj.jpg"),
        ("a\r\nX: y.jpg", "aX: y.jpg"),
        ("", "berkas.jpg"),
        (".jpg", "jpg.jpg"),
        ("n" * 400 + ".jpg", "n" * 100 + ".jpg"),
    ],
)
def test_names_say_nothing_false(given: str, kept: str) -> None:
    assert check_file(given, picture()).name == kept


def test_stored_bytes_are_checked_when_read() -> None:
    name = store_attachment(b"isi")
    assert store_attachment(b"isi") == name
    assert read_attachment(name) == b"isi"
    from reports.problems.attachments import attachment_path

    attachment_path(name).write_bytes(b"lain")
    with pytest.raises(FileLostError):
        read_attachment(name)
    with pytest.raises(ValueError, match="SHA-256"):
        attachment_path("../x")

"""The emblem on the letterhead comes from the database, by its hash."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import replace

import pypdf
import pytest

from facilities.models import Logo
from reports.printing import pdf
from reports.printing.pdf.emblem import emblem
from tests.factories import sheets

pytestmark = pytest.mark.django_db

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NAME = hashlib.sha256(PIXEL).hexdigest()


def render_with(sha256: str) -> pdf.RenderedPdf:
    sheet = sheets.pustu_sheet()
    sheet = replace(sheet, letterhead=replace(sheet.letterhead, logo_sha256=sha256))
    return pdf.render(
        sheet, kind="pustu_weekly", revision=1, is_draft=False, snapshot_sha256="ab" * 32,
        verify_url="https://pantau.example.org/v/",
    )  # fmt: skip


def test_emblem_is_on_the_letterhead():
    Logo.objects.create(sha256=NAME, content=PIXEL, media_type="image/png")

    made = render_with(NAME)

    assert len(pypdf.PdfReader(io.BytesIO(made.content)).pages[0].images) == 1
    assert made.pages == 2


def test_no_emblem_needs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert emblem("") == ""


def test_lost_emblem_is_an_error():
    with pytest.raises(pdf.PdfError, match="is lost"):
        render_with(NAME)


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (PIXEL + b"x", "image/png", "was changed"),
        (PIXEL, "image/svg+xml", "neither PNG nor JPEG"),
    ],
)
def test_changed_or_odd_emblem_is_an_error(content, media_type, reason):
    Logo.objects.create(sha256=NAME, content=content, media_type=media_type)

    with pytest.raises(pdf.PdfError, match=reason):
        emblem(NAME)

"""Genuine or not: by code, by file, by number; and the PDF of every revision stays as it was."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from reports.models import ReportDocument, WeeklyReview
from reports.models.document import DocumentState
from reports.printing.documents import build_document, read_document
from reports.printing.documents.claims import queue_again
from reports.printing.storage import file_path
from tests.factories.world import World, build_world, last_week
from tests.integration.reports.review.test_corrections import corrected, reopen, save, send

pytestmark = pytest.mark.django_db
START = "/verify/"


@pytest.fixture
def world() -> World:
    return build_world(few=True)


@pytest.fixture(autouse=True)
def _commit(django_capture_on_commit_callbacks):
    cache.clear()
    with django_capture_on_commit_callbacks():
        yield


def built(review: WeeklyReview, revision: int) -> ReportDocument:
    document = ReportDocument.objects.get(
        facility=review.facility, week=review.week, revision=revision, is_draft=False
    )
    if document.state != DocumentState.READY:
        assert build_document(document.pk)
    document.refresh_from_db()
    return document


def upload(client: Client, content: bytes, name: str = "laporan.pdf"):
    return client.post(START, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def number(client: Client, number: str, checksum: str):
    return client.post(START, {"number": number, "checksum": checksum})


def _plain(text: str) -> str:
    """Without the form tokens, which are new on every page."""
    return re.sub(r'(csrfmiddlewaretoken" value="|CSRFToken": ")[^"]*"', "", text)


def test_pdf_of_a_revision_stays_as_it_was(client: Client, world: World) -> None:
    review = send(world, save(world, last_week(), 12))
    first = built(review, 1)
    row = ReportDocument.objects.filter(pk=first.pk).values().get()
    content = read_document(first)
    reopen(world, review)
    save(world, last_week(), 14, version=1)
    review = send(world, review)
    second = built(review, 2)
    assert ReportDocument.objects.filter(pk=first.pk).values().get() == row
    assert read_document(first) == content != read_document(second)
    # Lost on disk, it is made again from its frozen figures: the same bytes.
    file_path(first.file_sha256).unlink()
    assert queue_again(first.pk, DocumentState.READY)
    assert build_document(first.pk)
    first.refresh_from_db()
    assert (first.file_sha256, read_document(first)) == (row["file_sha256"], content)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "-R2" not in text

    answer = upload(client, content)
    assert "byte demi byte" in answer.text
    assert "Yang berlaku adalah revisi 2" in answer.text
    answer = upload(client, read_document(second))
    assert "Laporan ini asli." in answer.text
    for words in ("Orang kapustu", "Kepala Pustu", "-R2", second.snapshot_id):
        assert words in answer.text, words


def test_changed_file_is_not_known(client: Client, world: World) -> None:
    content = read_document(built(send(world, save(world, last_week(), 12)), 1))
    for other in (content + b"\n", content[:-20], b"%PDF-1.7 something else"):
        answer = upload(client, other)
        assert answer.status_code == 404
        assert "tidak dikenal" in answer.text
        assert hashlib.sha256(other).hexdigest() in answer.text


def test_number_needs_the_checksum_of_the_paper(client: Client, world: World) -> None:
    document = built(send(world, save(world, last_week(), 12)), 1)
    good, code = document.document_number, document.snapshot_id[:12]
    assert "Laporan ini asli." in number(client, good, code).text
    assert "Laporan ini asli." in number(client, f" {good.lower()} ", code.upper()).text
    unknown = number(client, good, "0" * 12)
    assert unknown.status_code == 404
    # The same answer for a number that was given and one that was not: nothing can be guessed.
    other = number(client, "999/999", "0" * 12)
    assert _plain(unknown.text) == _plain(other.text)
    assert "Orang kapustu" not in unknown.text
    assert number(client, good, code[:11]).status_code == 422
    assert number(client, "", code).status_code == 422


def test_what_is_no_pdf_or_no_file_is_explained(client: Client, db: None) -> None:
    assert "Choose" not in client.get(START).text
    assert upload(client, b"PK\x03\x04 zip").status_code == 422
    assert client.post(START, {}).status_code == 422
    assert client.post(START, {"file": "text"}).status_code == 422
    assert upload(client, b"").status_code == 422


def test_large_file_is_refused_without_reading_it_all(client: Client, db: None, settings) -> None:
    assert upload(client, b"%PDF-" + b"0" * (20 * 1024 * 1024)).status_code == 413
    assert upload(client, b"%PDF-" + b"0" * (21 * 1024 * 1024)).status_code == 413


def test_too_many_checks_have_to_wait(client: Client, db: None) -> None:
    codes = [number(client, "1/2", "0" * 12).status_code for _again in range(32)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_form_token_is_checked(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert upload(strict, b"%PDF-").status_code == 403
    assert number(strict, "1/2", "0" * 12).status_code == 403


def test_reopened_report_says_that_it_is_being_corrected(client: Client, world: World) -> None:
    review = corrected(world, last_week())
    reopen(world, review)
    revision = review.revisions.get(number=2)
    text = client.get(reverse("reports:verify", args=[revision.snapshot_id])).text
    assert "sedang dikoreksi" in text
    first = client.get(reverse("reports:verify", args=[review.revisions.get(number=1).snapshot_id]))
    assert "Yang berlaku adalah revisi 2" in first.text

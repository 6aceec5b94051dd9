"""Photos and documents of ``tests/cases/files`` sent to a problem, and what comes back."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reports.models import Attachment, Problem
from tests.factories.world import World, build_world
from tests.integration.text.doors import BACKEND, problem

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parents[2] / "cases" / "files"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def row(world: World) -> Problem:
    return problem(world)


@pytest.fixture
def head(world: World) -> Client:
    client = Client()
    client.force_login(world["puskesmas_head"], BACKEND)
    return client


def send(head: Client, row: Problem, name: str, as_name: str = "") -> Any:
    file = SimpleUploadedFile(as_name or name, (FILES / name).read_bytes())
    data = {"version": str(row.version), "attachments": file}
    return head.post(reverse("reports:attachment-add", args=[row.pk]), data)


def back(head: Client, row: Problem) -> Any:
    kept = Attachment.objects.get()
    url = reverse("reports:attachment-download", args=[row.pk, kept.public_id])
    return head.get(url)


@pytest.mark.parametrize("name", ["clean.pdf", "clean-with-link.pdf"])  # F01, F02
def test_ordinary_pdf_comes_back_as_it_was(head: Client, row: Problem, name: str) -> None:
    assert send(head, row, name).status_code == 302
    answer = back(head, row)
    assert answer.content == (FILES / name).read_bytes()
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("openaction-javascript.pdf", "melakukan sesuatu sendiri"),  # F03
        ("page-aa-javascript.pdf", "melakukan sesuatu sendiri"),
        ("openaction-launch.pdf", "melakukan sesuatu sendiri"),
        ("openaction-uri.pdf", "melakukan sesuatu sendiri"),
        ("names-javascript.pdf", "melakukan sesuatu sendiri"),  # F04
        ("embedded-file.pdf", "memuat berkas lain"),  # F05
    ],
)
@pytest.mark.parametrize("as_name", ["", "foto.jpg"])
def test_pdf_that_acts_is_refused(
    head: Client, row: Problem, name: str, words: str, as_name: str
) -> None:
    answer = send(head, row, name, as_name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Attachment.objects.exists()


def _processor_seconds() -> float:
    """Of this process and those it has waited for: a busy machine makes it no longer."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.mark.parametrize("name", ["png-30000x30000.png", "png-30000x30000-cut.png"])
def test_huge_picture_is_refused_by_its_header(head: Client, row: Problem, name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # F18
    started = _processor_seconds()
    answer = send(head, row, name)
    assert _processor_seconds() - started < 5  # the page that says so included
    assert answer.status_code == 422
    assert "Ukuran gambar terlalu besar" in answer.content.decode()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024  # KiB


@pytest.mark.parametrize("name", ["jpeg-with-html-behind.jpg", "jpeg-with-html-in-comment.jpg"])
@pytest.mark.parametrize("as_name", ["", "x.html"])
def test_what_hides_in_a_picture_is_gone(
    head: Client, row: Problem, name: str, as_name: str
) -> None:  # F19
    assert send(head, row, name, as_name).status_code == 302
    answer = back(head, row)
    assert b"<script" not in answer.content
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")


def test_photo_is_taken(head: Client, row: Problem) -> None:  # F20
    assert send(head, row, "photo.jpg").status_code == 302
    assert Attachment.objects.get().file_name == "photo.jpg"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0000000101900001.jpg", "berkas.jpg"),  # T05, nik-in-file-name
        ("KK 000000-010190-0001 bubur.jpg", "KK  bubur.jpg"),
        ("IMG_20261118_102233.jpg", "IMG_20261118_102233.jpg"),
    ],
)
def test_name_of_a_file_without_the_number(
    head: Client, row: Problem, given: str, kept: str
) -> None:
    assert send(head, row, "photo.jpg", given).status_code == 302
    assert Attachment.objects.get().file_name == " ".join(kept.split())


def test_refused_file_is_named_without_the_number(head: Client, row: Problem) -> None:
    answer = send(head, row, "names-javascript.pdf", "0000000101900001.pdf")
    assert answer.status_code == 422
    assert "0000000101900001" not in answer.content.decode()

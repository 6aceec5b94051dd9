"""Annexes A, B and C of a Puskesmas' report: asked for on demand, once, of the same revision."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from reports.models import Delivery, ReportDocument
from reports.models.document import ANNEXES
from reports.printing.documents import build_document, request_annex
from reports.printing.documents.archive import week_items
from reports.printing.queries.verification import by_checksum, by_number
from reports.review.actions.steps import open_weekly_review, submit_review
from tests.factories.world import REASONS, UNDECIDED, World, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world: World, django_capture_on_commit_callbacks) -> ReportDocument:
    """The report of a sent review, ready."""
    with django_capture_on_commit_callbacks():
        review = open_weekly_review(facility=world.puskesmas, week=last_week())
        submit_review(
            review=review, by=world["puskesmas_head"], expected_version=review.version,
            undecided_reason=UNDECIDED, **REASONS,
        )  # fmt: skip
    found = ReportDocument.objects.get(facility=world.puskesmas)
    assert build_document(found.pk)
    found.refresh_from_db()
    return found


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.force_login(world["puskesmas_head"])
    return client


def url(report: ReportDocument, letter: str = "A") -> str:
    return reverse("reports:document-annex", args=[report.public_id, letter])


def test_asked_for_on_demand_and_made_once(head: Client, report: ReportDocument) -> None:
    assert not ReportDocument.objects.filter(kind__in=ANNEXES.values()).exists()
    page = reverse("reports:document-detail", args=[report.public_id])
    assert head.get(url(report))["Location"] == f"{page}#annexes"
    assert not ReportDocument.objects.filter(kind__in=ANNEXES.values()).exists()

    for _twice in range(2):
        assert head.post(url(report))["Location"] == f"{page}#annexes"

    annex = ReportDocument.objects.get(kind=ANNEXES["A"])
    for name in ("snapshot_id", "revision", "is_draft", "document_number", "week", "facility_id"):
        assert getattr(annex, name) == getattr(report, name)
    assert build_document(annex.pk)
    told = Delivery.objects.count()
    answer = head.get(url(report), follow=True)
    assert answer["Content-Type"] == "application/pdf"
    assert "-lampiran-a-rev1.pdf" in answer["Content-Disposition"]
    text = pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Lampiran A" in text
    assert report.document_number in text
    assert Delivery.objects.count() == told


def test_links_stand_on_the_sent_page_and_in_the_library(
    head: Client, world: World, report: ReportDocument
) -> None:
    sent = reverse("reports:review-detail", args=[last_week(), world.puskesmas.code])
    for address in (sent, reverse("reports:document-list")):
        page = head.get(address).text
        for letter in "ABC":
            assert url(report, letter) in page
    detail = head.get(reverse("reports:document-detail", args=[report.public_id])).text
    assert "Buat Lampiran A: semua indikator" in detail


def test_only_a_report_of_a_puskesmas_has_annexes(
    head: Client, world: World, report: ReportDocument
) -> None:
    pustu = ReportDocument.objects.get(facility=world.pustu)
    assert head.post(url(pustu)).status_code == 404
    assert head.post(url(report, "D")).status_code == 404
    assert head.post(url(report, "a")).status_code == 404


def test_annex_stands_in_no_reports_place(world: World, report: ReportDocument) -> None:
    """Archive and verification go on naming the report."""
    annex = request_annex(document=report, letter="B", by=world["puskesmas_head"])
    assert build_document(annex.pk)
    annex.refresh_from_db()

    items = week_items(world.puskesmas, last_week(), world["dinkes"])
    own = [item.document for item in items if item.facility == world.puskesmas]
    assert own == [report]
    by_code = by_checksum(report.snapshot_id)
    assert by_code is not None
    assert by_code.document == report
    numbered = by_number(report.document_number, report.snapshot_id[:12])
    assert numbered is not None
    assert numbered.document == report
    by_file = by_checksum(annex.file_sha256)
    assert by_file is not None
    assert by_file.document == annex


def test_paper_and_verification_page_say_who_sent_it(
    client: Client, world: World, report: ReportDocument, settings
) -> None:
    page = client.get(reverse("reports:verify", args=[report.snapshot_id])).text
    assert "Dikirim oleh" in page
    assert "Ditandatangani" not in page
    client.force_login(world["puskesmas_head"])
    content = client.get(reverse("reports:document-download", args=[report.public_id])).content
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert f"Dikirim melalui Pantau ILP oleh {world['puskesmas_head'].full_name}" in text

"""The report list, its files, and the page that verifies a printed report."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import ReportDocument, WeeklyReview
from reports.printing.storage import store_file
from reports.review.actions.steps import open_weekly_review, submit_review
from tests import clock
from tests.factories.world import REASONS, World, build_world, last_week

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 isi laporan"


@pytest.fixture
def world() -> World:
    return build_world(few=True)


@pytest.fixture
def review(world: World) -> WeeklyReview:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    return submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version, **REASONS
    )


@pytest.fixture
def document(review: WeeklyReview) -> ReportDocument:
    return ReportDocument.objects.get(facility=review.facility)


@pytest.fixture
def pustu(client: Client, world: World) -> Client:
    client.force_login(world["pustu_head"])
    return client


def make_ready(document: ReportDocument) -> None:
    document.state, document.file_sha256 = "ready", store_file(CONTENT)
    document.size, document.pages, document.finished_at = len(CONTENT), 2, clock.now()
    document.save()


def fetch_list(client: Client, query: str = ""):
    return client.get(
        reverse("reports:document-list") + query,
        headers={"HX-Request": "true", "HX-Target": "document-list"},
    )


def test_list_polls_while_pending_and_stops_with_286(
    pustu: Client, document: ReportDocument
) -> None:
    pending = fetch_list(pustu)
    assert pending.status_code == 200
    assert 'hx-trigger="every 2s"' in pending.text
    assert "<progress" in pending.text
    make_ready(document)
    done = fetch_list(pustu)
    assert done.status_code == 286
    assert "hx-trigger" not in done.text
    assert "Unduh PDF" in done.text


def test_status_of_one_document_stops_with_286(pustu: Client, document: ReportDocument) -> None:
    address = reverse("reports:document-status", args=[document.public_id])
    assert pustu.get(address, headers={"HX-Request": "true"}).status_code == 200
    make_ready(document)
    assert pustu.get(address, headers={"HX-Request": "true"}).status_code == 286


def test_download_gives_exactly_the_recorded_bytes(pustu: Client, document: ReportDocument) -> None:
    make_ready(document)
    answer = pustu.get(reverse("reports:document-download", args=[document.public_id]))
    assert hashlib.sha256(answer.content).hexdigest() == document.file_sha256
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_download_before_it_is_ready_leads_to_the_list(
    pustu: Client, document: ReportDocument
) -> None:
    answer = pustu.get(reverse("reports:document-download", args=[document.public_id]))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/reports/")


def test_download_of_another_area_is_not_found(
    client: Client, world: World, document: ReportDocument
) -> None:
    make_ready(document)
    client.force_login(world["outsider"])
    address = reverse("reports:document-download", args=[document.public_id])
    assert client.get(address).status_code == 404


def test_failed_document_shows_its_reason_and_can_be_tried_again(
    pustu: Client, document: ReportDocument
) -> None:
    ReportDocument.objects.filter(pk=document.pk).update(
        state="failed", error="Ruang disk habis.", finished_at=clock.now()
    )
    assert "Ruang disk habis." in fetch_list(pustu).text
    answer = pustu.post(reverse("reports:document-retry", args=[document.public_id]))
    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.state == "queued"


def test_week_of_reports_is_asked_for(client: Client, world: World) -> None:
    client.force_login(world["puskesmas_head"])
    address = reverse("reports:document-request")
    data = {"facility": world.puskesmas.code, "week": str(last_week())}
    assert client.post(address, data).status_code == 302
    assert ReportDocument.objects.count() == 3  # the Puskesmas and its two Pustu
    client.post(address, data | {"week": "minggu lalu"})
    client.post(address, data | {"week": str(last_week() + 5)})
    assert ReportDocument.objects.count() == 3


def test_filters_of_the_list(pustu: Client, document: ReportDocument) -> None:
    name = document.facility.name
    assert name in fetch_list(pustu, f"?week={last_week()}&kind=pustu_weekly").text
    assert name not in fetch_list(pustu, "?kind=district_weekly").text
    assert name not in fetch_list(pustu, "?state=ready").text
    assert pustu.get(reverse("reports:document-list") + "?week=2026-W99").status_code == 404


def test_verification_says_who_signed_and_no_figures(
    client: Client, document: ReportDocument
) -> None:
    make_ready(document)
    for sha256 in (document.snapshot_id, document.file_sha256):
        answer = client.get(reverse("reports:verify", args=[sha256]))
        assert answer.status_code == 200
        assert "Laporan ini asli." in answer.text
        assert "Orang kapustu" in answer.text
        assert "Kepala Pustu" in answer.text
        assert document.facility.name in answer.text
        assert "Sasaran" not in answer.text


def test_verification_of_a_superseded_revision_says_so(
    client: Client, document: ReportDocument, review: WeeklyReview
) -> None:
    WeeklyReview.objects.filter(pk=review.pk).update(revision=2)
    text = client.get(reverse("reports:verify", args=[document.snapshot_id])).text
    assert "revisi yang lebih baru" in text


@pytest.mark.parametrize("sha256", ["a" * 64, "bukan-sidik-jari", "tanda%20tanya"])
def test_unknown_report_is_said_to_be_unknown(client: Client, db: None, sha256: str) -> None:
    answer = client.get(f"/verify/{sha256}/")
    assert answer.status_code == 404
    assert "tidak dikenal" in answer.text

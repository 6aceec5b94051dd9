"""What became of a report: made, sent, failed, opened; and who is told that it is there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reports.deliveries import ledger
from reports.deliveries.claims import claim as claim_mail
from reports.deliveries.claims import finish as finish_mail
from reports.deliveries.claims import give_back as give_mail_back
from reports.models import Delivery, LedgerEntry, ReportDocument, Snapshot, WeeklyReview
from reports.printing.documents import build_document
from reports.printing.documents.claims import MAX_ATTEMPTS, ClaimLostError, claim, finish, give_back
from reports.printing.documents.request import retry_document
from reports.printing.storage import file_path
from reports.review.actions.steps import (
    open_weekly_review,
    reopen_review,
    return_review,
    submit_review,
)
from tests.factories.world import REASONS, World, last_week

FILE = {"file_sha256": "0" * 64, "size": 1, "pages": 1, "engine": "none"}
REASON = "Periksa angka imunisasi"


@pytest.fixture
def review(world: World) -> WeeklyReview:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    return submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version,
        undecided_reason="Dibahas minggu depan",
    **REASONS)  # fmt: skip


@pytest.fixture
def document(review: WeeklyReview) -> ReportDocument:
    return ReportDocument.objects.get(facility=review.facility, is_draft=False)


def entries(document: ReportDocument) -> list[tuple[str, str, str]]:
    rows = document.ledger.order_by("at", "pk")
    return [(row.kind, row.by.username if row.by else "", row.detail) for row in rows]


def told(kind: str = "report") -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(kind=kind).order_by("channel", "recipient__username")
    return list(rows.values_list("channel", "recipient__username"))


def test_made_is_written_with_the_file_and_told_to_the_head(document: ReportDocument) -> None:
    assert build_document(document.pk)
    assert entries(document) == [("made", "", ""), ("sent", "", "inbox: Orang kapustu")]
    assert told() == [("inbox", "kapustu"), ("mail", "kapustu")]
    row = Delivery.objects.all()[0]
    assert row.subject.startswith("Laporan siap: Pustu P1-PT01, minggu ke-")
    assert row.url == reverse("reports:document-detail", args=[document.public_id])


def test_file_made_again_is_told_to_nobody_twice(document: ReportDocument) -> None:
    build_document(document.pk)
    document.refresh_from_db()
    file_path(document.file_sha256).unlink()
    ReportDocument.objects.update(state="queued", attempts=0)
    build_document(document.pk)
    assert [kind for kind, _by, _detail in entries(document)] == ["made", "sent", "made"]
    assert len(told()) == 2


def test_puskesmas_report_goes_to_its_head_and_to_dinkes(world: World) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason="Dibahas minggu depan",
    **REASONS)  # fmt: skip
    for document in ReportDocument.objects.filter(is_draft=False):
        build_document(document.pk)
    assert told() == [("inbox", "dinkes"), ("inbox", "kapus"), ("mail", "kapus")]


def test_draft_is_told_to_nobody(document: ReportDocument) -> None:
    ReportDocument.objects.update(is_draft=True)
    assert build_document(document.pk)
    assert told() == []
    assert entries(document) == [("made", "", "")]


def test_late_worker_writes_nothing(document: ReportDocument) -> None:
    first = claim(document.pk)
    assert first is not None
    ReportDocument.objects.update(fence=99)
    with pytest.raises(ClaimLostError):
        finish(first, **FILE)
    give_back(first, "terlambat", is_final=True)
    assert entries(document) == []
    assert told() == []


def test_failure_is_written_in_peoples_words_and_retry_starts_over(
    world: World, document: ReportDocument, client: Client, caplog
) -> None:
    Snapshot.objects.filter(pk=document.snapshot_id).update(content='{"facility": 1}')
    for _attempt in range(MAX_ATTEMPTS):
        ReportDocument.objects.update(next_attempt_at=None)
        assert not build_document(document.pk)
    reason = "Angka yang tersimpan tidak dapat dibaca. Beri tahu administrator."
    assert entries(document) == [("failed", "", reason)]
    assert "ValidationError" in caplog.text  # for whoever reads the log
    client.force_login(world["pustu_head"])
    for url in (
        reverse("reports:document-detail", args=[document.public_id]),
        reverse("reports:document-list"),
    ):
        page = client.get(url).text
        assert reason in page
        assert "ValidationError" not in page
        assert "Coba lagi" in page

    again = retry_document(document=document, by=world["pustu_head"])
    assert (again.state, again.attempts) == ("queued", 0)


def test_download_is_written_with_who_and_when(
    world: World, document: ReportDocument, client: Client
) -> None:
    build_document(document.pk)
    client.force_login(world["puskesmas_head"])
    assert (
        client.get(reverse("reports:document-download", args=[document.public_id])).status_code
        == 200
    )
    assert entries(document)[-1] == ("opened", "kapus", "")
    client.force_login(world["outsider"])
    client.get(reverse("reports:document-download", args=[document.public_id]))
    assert len(entries(document)) == 3


def test_mail_about_a_report_is_written_when_it_has_left_or_failed(
    document: ReportDocument,
) -> None:
    build_document(document.pk)
    mail = Delivery.objects.get(channel="mail")
    taken = claim_mail(mail.pk)
    assert taken is not None
    assert finish_mail(taken)
    assert entries(document)[-1] == ("sent", "", "mail: Orang kapustu")
    Delivery.objects.update(state="queued", sent_at=None)
    taken = claim_mail(mail.pk)
    assert taken is not None
    give_mail_back(taken, "Server surel menolak alamat ini (kode 550).", is_final=True)
    assert entries(document)[-1] == ("failed", "", "mail: Orang kapustu")


def test_detail_page_shows_the_ledger_only_to_those_who_see_the_report(
    world: World, document: ReportDocument, client: Client, django_assert_max_num_queries
) -> None:
    build_document(document.pk)
    document.refresh_from_db()
    ledger.opened([document], world["puskesmas_head"])
    ledger.shared(document, world["dinkes"], "teks")
    url = reverse("reports:document-detail", args=[document.public_id])
    client.force_login(world["dinkes"])
    with django_assert_max_num_queries(22):
        page = client.get(url).text
    for words in ("Dibuat", "ke kotak masuk Orang kapustu", "Dibuka", "Orang kapus", "Dibagikan",
                  document.file_sha256):  # fmt: skip
        assert words in page
    client.force_login(world["sibling_head"])
    assert client.get(url).status_code == 404


def test_entries_cannot_be_lost_with_the_document(document: ReportDocument) -> None:
    from django.db.models import ProtectedError

    build_document(document.pk)
    with pytest.raises(ProtectedError):
        ReportDocument.objects.filter(pk=document.pk).delete()
    assert LedgerEntry.objects.exists()


@pytest.mark.parametrize("action", [return_review, reopen_review])
def test_returned_review_is_told_to_the_sender_with_the_reason(
    world: World, review: WeeklyReview, action
) -> None:
    action(
        review=review, by=world["puskesmas_head"], expected_version=review.version, reason=REASON
    )
    assert told("returned") == [("inbox", "kapustu"), ("mail", "kapustu")]
    row = Delivery.objects.filter(kind="returned")[0]
    assert REASON in row.body
    assert row.url == reverse("reports:review-detail", args=[str(review.week), "P1-PT01"])


def test_sender_who_filled_in_for_a_head_is_told_too(world: World) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    review = submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason="Dibahas minggu depan",
    **REASONS)  # fmt: skip
    return_review(review=review, by=world["dinkes"], expected_version=review.version, reason=REASON)
    inbox = {name for channel, name in told("returned") if channel == "inbox"}
    assert inbox == {"kapus", "kapustu"}


def test_refused_return_tells_nobody(world: World, review: WeeklyReview) -> None:
    from facilities.errors import ActionRefused

    with pytest.raises(ActionRefused):
        return_review(review=review, by=world["puskesmas_head"], expected_version=99, reason=REASON)
    assert told("returned") == []


def test_words_are_indonesian_whoever_acts(world: World, review: WeeklyReview) -> None:
    from django.utils import translation

    with translation.override("en"):
        return_review(
            review=review, by=world["puskesmas_head"], expected_version=review.version,
            reason=REASON,
        )  # fmt: skip
    assert Delivery.objects.all()[0].subject.startswith("Evaluasi dikembalikan")

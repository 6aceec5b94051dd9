"""Asking for documents: one row per figures and template, whoever asks how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import transaction

from reports.deliveries.nudges import waiting
from reports.models import ReportDocument, Snapshot
from reports.models.document import DocumentKind, DocumentState
from reports.places.documents import request_district_document
from reports.printing.documents import NotReadyError, build_document, read_document, retry_document
from reports.printing.documents import nudges as messages
from reports.printing.documents.request import request_document
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.review.documents import (
    request_facility_document,
    request_review_documents,
    request_week_documents,
)
from tests.factories.world import REASONS, UNDECIDED, World, last_week

WEEK = last_week()


def ask(world: World, **changes):
    snapshot, _new = Snapshot.objects.get_or_create(
        sha256="a" * 64, defaults={"kind": "review", "content": "{}"}
    )
    asked = {"kind": DocumentKind.PUSTU_WEEKLY, "facility": world.pustu, "week": WEEK}
    return request_document(
        **{**asked, "snapshot": snapshot, "revision": 1, "is_draft": True, **changes}
    )


def test_asked_twice_is_one_row(world: World) -> None:
    assert ask(world).pk == ask(world).pk


def test_failed_document_is_tried_again_when_asked_for(world: World) -> None:
    document = ask(world)
    ReportDocument.objects.update(state=DocumentState.FAILED, attempts=5, error="disk full")

    again = ask(world)

    assert (again.pk, again.state, again.attempts, again.error) == (document.pk, "queued", 0, "")


def test_draft_that_becomes_final_is_built_again(world: World) -> None:
    ask(world)
    again = ask(world, is_draft=False)

    assert (again.is_draft, again.state) == (False, DocumentState.QUEUED)
    assert ask(world).is_draft is False  # and never a draft again


def test_request_needs_the_right(world: World) -> None:
    with pytest.raises(PermissionDenied):
        ask(world, by=world["province"])
    with pytest.raises(PermissionDenied):
        retry_document(document=ask(world), by=world["outsider"])
    assert ask(world, by=world["pustu_head"]).state == DocumentState.QUEUED


def test_retry_touches_only_failed_documents(world: World) -> None:
    document = ask(world)
    ReportDocument.objects.update(state=DocumentState.FAILED, attempts=5)
    assert retry_document(document=document, by=world["dinkes"]).attempts == 0

    ReportDocument.objects.update(state=DocumentState.BUILDING, attempts=2)
    assert retry_document(document=document, by=world["dinkes"]).attempts == 2


def test_message_goes_out_after_the_commit_only(
    world: World, own_broker, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask(world)
        assert own_broker.llen("reports") == 0
    assert own_broker.llen("reports") == 1


def test_message_of_a_request_rolled_back_is_never_sent(
    world: World, own_broker, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ask(world)
        transaction.set_rollback(True)
    assert own_broker.llen("reports") == 0
    assert not ReportDocument.objects.exists()


def test_broker_away_does_not_disturb_the_request(
    world: World, tmp_path, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis+socket://{tmp_path}/nobody.sock")
    with django_capture_on_commit_callbacks(execute=True):
        document = ask(world)

    assert document.state == DocumentState.QUEUED
    assert waiting(messages.QUEUE) is None


def test_week_is_every_open_puskesmas_and_pustu_and_the_recap(world: World) -> None:
    world.other_pustu.statuses.update(end_on=WEEK.end - timedelta(days=30))

    documents = request_week_documents(world.district, WEEK)

    assert [(d.kind, d.facility.code, d.is_draft) for d in documents[:-1]] == [
        (DocumentKind.PUSKESMAS_WEEKLY, "P1", True),
        (DocumentKind.PUSTU_WEEKLY, "P1-PT01", True),
        (DocumentKind.PUSKESMAS_WEEKLY, "P2", True),
    ]
    assert documents[-1].kind == DocumentKind.DISTRICT_WEEKLY
    assert len(request_week_documents(world.district, WEEK, world.puskesmas)) == 2


def test_submitted_review_is_final_with_its_own_figures(world: World) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=WEEK)
    review = submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason=UNDECIDED, **REASONS,
    )  # fmt: skip
    documents = {d.facility.code: d for d in ReportDocument.objects.select_related("facility")}

    assert set(documents) == {"P1", "P1-PT01", "P1-PT02"}
    own, frozen = documents["P1"], review.revisions.get()
    assert (own.is_draft, own.revision, own.snapshot_id) == (False, 1, frozen.snapshot_id)
    assert own.document_number == frozen.document_number
    assert documents["P1-PT01"].is_draft
    assert request_facility_document(world.puskesmas, WEEK).pk == own.pk
    assert len(request_review_documents(review, frozen)) == 3
    assert ReportDocument.objects.filter(is_draft=False).count() == 1


def test_running_weeks_recap_is_a_draft(world: World) -> None:
    assert request_district_document(world.district, WEEK + 1).is_draft
    assert not request_district_document(world.district, WEEK - 2).is_draft


def test_reading_before_it_is_ready(document: ReportDocument) -> None:
    with pytest.raises(NotReadyError):
        read_document(document)
    assert build_document(document.pk)
    document.refresh_from_db()
    assert read_document(document).startswith(b"%PDF-")

"""Frozen lines are the page's own figures; people stay unnamed."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from clusters.actions import record_achievement
from clusters.models import Indicator
from reports.models import ReportDocument, WeeklyReview
from reports.printing.documents import build_document
from reports.review.actions.steps import open_weekly_review, reopen_review, submit_review
from reports.review.queries.sheet import review_sheet
from tests.factories.world import REASONS, UNDECIDED, World, last_week

WEEK = last_week()


@pytest.fixture
def review(world: World) -> WeeklyReview:
    """Submitted by the head of the Puskesmas, with counts of a Pustu below."""
    for indicator in Indicator.objects.in_week(WEEK).filter(level="pustu")[:5]:
        record_achievement(
            facility=world.pustu, week=WEEK, indicator=indicator, numerator=5,
            denominator=9 if indicator.needs_denominator else None,
            by=world["pustu_head"], source="page", expected_version=0,
        )  # fmt: skip
    opened = open_weekly_review(facility=world.puskesmas, week=WEEK)
    return submit_review(
        review=opened, by=world["puskesmas_head"], expected_version=opened.version,
        undecided_reason=UNDECIDED,
    **REASONS)  # fmt: skip


def address(review: WeeklyReview) -> str:
    return reverse("api:review-detail", args=[str(review.week), review.facility.code])


def plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:.1f}"
    return list(value) if isinstance(value, tuple) else value


def test_lines_are_those_of_the_sheet(review: WeeklyReview, api: APIClient) -> None:
    answer = api.get(address(review)).json()
    sheet = review_sheet(review)

    assert (answer["status"], answer["revision"], answer["lines_revision"]) == ("submitted", 1, 1)
    assert answer["week"] == str(WEEK)
    assert len(answer["lines"]) == len(sheet.lines) > 20
    for shown, line in zip(answer["lines"], sheet.lines, strict=True):
        figures = asdict(line.figures)
        judged = figures.pop("judged")
        del figures["signal_tolerance"]  # of the frozen sheet alone
        assert {name: plain(value) for name, value in judged.items()}.items() <= shown[
            "judged"
        ].items()
        expected = {name: plain(value) for name, value in figures.items()}
        assert {name: shown[name] for name in expected} == expected
        assert (shown["indicator"], shown["reported"]) == (line.indicator.code, line.reported)
    assert any(shown["week_count"] == 5 for shown in answer["lines"])


def test_list_with_lines_equals_the_detail(review: WeeklyReview, api: APIClient) -> None:
    query = {"week": str(WEEK), "facility": "P1", "lines": "true"}
    [row] = api.get(reverse("api:review-list"), query).json()["results"]
    assert row == api.get(address(review)).json()
    [lean] = api.get(reverse("api:review-list"), {"facility": "P1"}).json()["results"]
    assert "lines" not in lean


def test_nobody_is_named(review: WeeklyReview, api: APIClient, world: World) -> None:
    text = api.get(address(review)).content.decode()
    assert not [user for user in world.people.values() if user.full_name in text]
    assert "Orang" not in text


def test_review_that_is_not_signed_has_no_lines(world: World, as_role) -> None:
    api = as_role("dinkes")
    review = open_weekly_review(facility=world.pustu, week=WEEK)
    answer = api.get(address(review)).json()
    assert (answer["status"], answer["lines_revision"], answer["lines"]) == ("open", None, [])


def test_reopened_review_keeps_its_frozen_revision(
    review: WeeklyReview, api: APIClient, world: World
) -> None:
    before = api.get(address(review)).json()["lines"]
    reopen_review(
        review=review, by=world["dinkes"], expected_version=review.version, reason="salah hitung"
    )
    assert api.get(address(review)).json()["lines"] == []
    assert api.get(address(review), {"revision": 1}).json()["lines"] == before
    assert list(api.get(address(review), {"revision": 9}).json()["errors"]) == ["revision"]


def test_review_out_of_sight_or_unknown(review: WeeklyReview, as_role) -> None:
    assert as_role("outsider").get(address(review)).status_code == 404
    assert as_role("pustu_head").get(address(review)).status_code == 404
    assert as_role("dinkes").get(f"{address(review)}".replace("-W", "-X")).status_code == 404


def test_pdf_is_the_recorded_file(review: WeeklyReview, as_role) -> None:
    api = as_role("dinkes")
    document = ReportDocument.objects.get(facility=review.facility)
    pdf = reverse("api:report-pdf", args=[document.public_id])
    assert api.get(pdf).status_code == 409

    assert build_document(document.pk)
    answer = api.get(pdf)
    meta = api.get(reverse("api:report-detail", args=[document.public_id])).json()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer.content.startswith(b"%PDF-")
    assert (meta["state"], meta["size"], meta["is_draft"]) == ("ready", len(answer.content), False)
    assert meta["pdf"].endswith(pdf)
    assert as_role("outsider").get(pdf).status_code == 404
    assert api.get(pdf, headers={"accept": "application/pdf"}).status_code == 200


def test_province_gets_only_what_was_signed(review: WeeklyReview, api: APIClient, as_role) -> None:
    ReportDocument.objects.update(is_draft=True)
    document = ReportDocument.objects.get(facility=review.facility)
    pdf = reverse("api:report-pdf", args=[document.public_id])
    assert api.get(reverse("api:report-list")).json()["results"] == []
    assert api.get(pdf).status_code == 404
    assert as_role("dinkes").get(pdf).status_code == 409  # seen, not built yet

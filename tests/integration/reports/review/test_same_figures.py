"""The same figure everywhere: raw counts, sheet, page, API and PDF, for each indicator."""

from __future__ import annotations

import random
from collections import defaultdict
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import formats, translation
from knox.models import AuthToken
from pypdf import PdfReader
from rest_framework.test import APIClient

from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.models import Facility, User
from facilities.models.user import Role
from reports.figures.queries.facility_lines import LEVELS
from reports.models import ReportDocument, WeeklyReview
from reports.places.documents import request_district_document
from reports.printing.documents import build_document, read_document, request_annex
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.review.queries.sheet import review_sheet
from reports.shapes import ReviewSheet
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db


def _fill(world: World, week: Week, dice: random.Random) -> None:
    """Counts of the year up to a week, with holes, at every facility that reports."""
    rows = []
    for facility in (world.puskesmas, world.pustu, world.other_pustu, world.direct_posyandu):
        for indicator in Indicator.objects.in_week(week):
            if indicator.level not in LEVELS[facility.kind]:
                continue
            for number in range(max(1, week.number - 12), week.number + 1):
                if dice.random() < 0.25:
                    continue
                count = dice.randrange(0, 6)
                rows.append(
                    Achievement(
                        facility=facility, indicator_code=indicator.code,
                        week=Week(week.year, number), year=week.year, numerator=count,
                        denominator=count + dice.randrange(0, 4)
                        if indicator.needs_denominator else None,
                        source="import",
                    )
                )  # fmt: skip
    Achievement.objects.bulk_create(rows)


@pytest.fixture
def filed(django_capture_on_commit_callbacks) -> tuple[World, Week]:
    world, week = build_world(), last_week()
    _fill(world, week, random.Random(19_06))
    with django_capture_on_commit_callbacks():
        for place, role in (("pustu", "pustu_head"), ("puskesmas", "puskesmas_head")):
            facility = getattr(world, place)
            review = open_weekly_review(facility=facility, week=week)
            submit_review(
                review=review,
                by=world[role],
                expected_version=1,
                undecided_reason=UNDECIDED,
                **REASONS,
            )
        request_district_document(world.district, week)
    return world, week


def _sheet(facility: Facility, week: Week) -> ReviewSheet:
    return review_sheet(WeeklyReview.objects.get(facility=facility, week=week))


def _naive_cumulative(facility: Facility, week: Week) -> dict[str, int]:
    """Straight from the raw counts: sums, and for snapshots each facility's latest value."""
    below = Facility.objects.subtree(facility)
    kinds = dict(Indicator.objects.values_list("code", "calc_type"))
    sums: dict[str, int] = defaultdict(int)
    latest: dict[tuple[str, int], int] = {}
    rows = Achievement.objects.filter(
        facility__in=below, year=week.year, week__lte=week, numerator__isnull=False
    ).order_by("week")
    for row in rows:
        sums[row.indicator_code] += row.numerator or 0
        latest[row.indicator_code, row.facility_id] = row.numerator or 0
    for code, kind in kinds.items():
        if kind == "snapshot":
            values = [value for (other, _id), value in latest.items() if other == code]
            if values:
                sums[code] = sum(values)
    return {code: total for code, total in sums.items() if kinds[code] != "period_rate"}


@pytest.mark.parametrize("place", ["puskesmas", "pustu"])
def test_sheet_equals_raw_counts(filed: tuple[World, Week], place: str) -> None:
    world, week = filed
    facility = getattr(world, place)
    expected = _naive_cumulative(facility, week)
    found = {
        line.indicator.code: line.figures.running
        for line in _sheet(facility, week).lines
        if line.indicator.calc_type != "period_rate" and line.figures.running is not None
    }
    assert found == expected
    assert len(found) > 30


def test_api_gives_the_sheet(filed: tuple[World, Week]) -> None:
    world, week = filed
    _row, token = AuthToken.objects.create(world["province"])
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    for facility in (world.puskesmas, world.pustu):
        answer = api.get(f"/api/v1/reviews/{week}/{facility.code}/").json()
        told = {line["indicator"]: line for line in answer["lines"]}
        for line in _sheet(facility, week).lines:
            row = told[line.indicator.code]
            for name in ("cumulative", "target_to_date", "gap", "status", "population"):
                assert row[name] == getattr(line.figures, name), (line.indicator.code, name)
            coverage = line.figures.coverage
            assert row["coverage"] == (None if coverage is None else str(coverage))


def _printed(value: Any) -> str:
    with translation.override("id"):
        return formats.number_format(value, use_l10n=True, force_grouping=True)


def _pdf_text(facility: Facility, week: Week, kind: str) -> str:
    document = ReportDocument.objects.get(facility=facility, week=week, kind=kind)
    if document.has_annexes:  # two pages with the priorities; annex A has every indicator
        office = User.objects.get(postings__facility=facility, postings__role=Role.PUSKESMAS_HEAD)
        document = request_annex(document=document, letter="A", by=office)
    build_document(document.pk)
    document.refresh_from_db()
    content = read_document(document)
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("place", ["puskesmas", "pustu"])
def test_pdf_and_page_print_the_sheet(filed: tuple[World, Week], place: str) -> None:
    world, week = filed
    facility = getattr(world, place)
    text = _pdf_text(facility, week, f"{place}_weekly")
    client = Client()
    client.force_login(world["puskesmas_head"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/reviews/{week}/{facility.code}/?later=1").content.decode()
    for line in _sheet(facility, week).lines:
        assert line.indicator.code in text
        if line.figures.coverage is not None:
            assert _printed(line.figures.coverage) in text, line.indicator.code
        if line.figures.cumulative is not None:
            assert _printed(line.figures.cumulative) in page, line.indicator.code


def test_district_pdf_has_the_districts_sums(filed: tuple[World, Week]) -> None:
    world, week = filed
    text = _pdf_text(world.dinkes, week, "district_weekly")
    # What is asked for monthly or quarterly is printed as of the last closed period.
    weekly = set(
        Indicator.objects.in_week(week)
        .filter(frequency="weekly", calc_type="cumulative")
        .values_list("code", flat=True)
    )
    for code, total in _naive_cumulative(world.dinkes, week).items():
        assert code in text
        if code in weekly:
            assert _printed(total) in text, code

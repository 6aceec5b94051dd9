"""Sending a review computes its figures once, under one lock, and keeps exactly these."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import Achievement
from reports.computed.actions import compute_week
from reports.models import ReportDocument, ReviewRevision, WeeklyReview
from reports.review.actions.steps import open_weekly_review, save_count, submit_review
from reports.review.queries.sheet import live_sheet, revision_sheet
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week, make_poor

pytestmark = pytest.mark.django_db

LOCK = "pg_advisory_xact_lock"
FIGURES = 'FROM "clusters_achievementtotal"'
# Each of these is read or written once: the decisions on red rows, and what is kept.
ONCE = (
    'FROM "reports_rowdecision"',
    'INSERT INTO "reports_snapshot"',
    'INSERT INTO "reports_reviewrevision"',
    'UPDATE "reports_weeklyreview"',
)


@pytest.fixture
def world() -> World:
    return build_world()


def _count(review: WeeklyReview, by: object, code: str, count: int, version: int = 0) -> None:
    save_count(
        review=review, indicator_code=code, numerator=count, denominator=None, by=by,  # type: ignore[arg-type]
        expected_version=version,
    )  # fmt: skip


def _submit(review: WeeklyReview, by: object) -> WeeklyReview:
    return submit_review(
        review=review, by=by, expected_version=review.version,  # type: ignore[arg-type]
        undecided_reason=UNDECIDED,
    **REASONS)  # fmt: skip


def _statements(review: WeeklyReview, by: object) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        _submit(review, by)
    return [query["sql"] for query in captured.captured_queries]


def test_each_part_of_the_sheet_is_computed_once(world: World) -> None:
    make_poor(world.pustu, "KIA01")
    review = open_weekly_review(facility=world.pustu, week=last_week())
    _count(review, world["pustu_head"], "KIA01", 0)
    with CaptureQueriesContext(connection) as captured:
        live_sheet(review)
    one_sheet = sum(FIGURES in query["sql"] for query in captured.captured_queries)
    statements = _statements(review, world["pustu_head"])
    assert sum(FIGURES in sql for sql in statements) == one_sheet > 0
    found = {part: sum(part in sql for sql in statements) for part in ONCE}
    assert found == dict.fromkeys(ONCE, 1)
    # Held before the first figure is read, so that none changes in between.
    lock = next(place for place, sql in enumerate(statements) if LOCK in sql)
    first = next(place for place, sql in enumerate(statements) if FIGURES in sql)
    assert lock < first


def test_the_number_of_statements_does_not_grow_with_the_counts(world: World) -> None:
    few = open_weekly_review(facility=world.pustu, week=last_week())
    _count(few, world["pustu_head"], "KIA01", 0)
    many = open_weekly_review(facility=world.pustu, week=last_week() - 1)
    for code in ("KIA01", "KIA02", "KIA03", "IMM01"):
        _count(many, world["pustu_head"], code, 0)
    _statements(few, world["pustu_head"])  # what is cached by the process is there now
    few = open_weekly_review(facility=world.pustu, week=last_week() - 2)
    _count(few, world["pustu_head"], "KIA01", 0)
    assert len(_statements(many, world["pustu_head"])) == len(_statements(few, world["pustu_head"]))


def test_what_was_there_at_that_moment_is_kept(world: World) -> None:
    for facility in (world.pustu, world.other_pustu, world.puskesmas):
        make_poor(facility, "KIA02")
    pustu = open_weekly_review(facility=world.pustu, week=last_week())
    _count(pustu, world["pustu_head"], "KIA01", 4)
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    compute_week(world.district, last_week())
    then = live_sheet(review)
    review = _submit(review, world["puskesmas_head"])
    # A Pustu that has not sent its own review goes on counting.
    _count(pustu, world["pustu_head"], "KIA01", 9, version=1)
    assert Achievement.objects.get(facility=world.pustu, indicator_code="KIA01").numerator == 9

    revision = ReviewRevision.objects.select_related("snapshot").get(review=review)
    kept = revision_sheet(revision)
    assert kept.lines == then.lines
    assert kept.annex == then.annex
    assert kept.row_decisions == then.row_decisions
    assert kept.lines != live_sheet(review).lines
    assert (kept.status, kept.undecided_reason) == ("submitted", UNDECIDED)
    assert kept.signature.signed_by == world["puskesmas_head"].full_name
    assert (revision.signed_by, revision.signed_at) == (
        world["puskesmas_head"], review.submitted_at,
    )  # fmt: skip
    assert ReportDocument.objects.get(facility=world.puskesmas).snapshot_id == revision.snapshot_id

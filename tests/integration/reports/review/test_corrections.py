"""What a later revision changed: kept, carried by the next week, never counted twice."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from clusters.weeks import Week
from reports.models import Correction, WeeklyReview
from reports.review.actions.steps import (
    open_weekly_review,
    reopen_review,
    return_review,
    save_count,
    submit_review,
)
from reports.review.queries.sheet import live_sheet, review_sheet, revision_sheet
from tests.factories.world import REASONS, World, build_world, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture(autouse=True)
def _commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        yield


def save(world: World, week: Week, count: int, version: int = 0) -> WeeklyReview:
    review = open_weekly_review(facility=world.pustu, week=week)
    save_count(
        review=review, indicator_code="KIA01", numerator=count, denominator=None,
        by=world["pustu_head"], expected_version=version,
    )  # fmt: skip
    return review


def send(world: World, review: WeeklyReview) -> WeeklyReview:
    review.refresh_from_db()
    return submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version,
        undecided_reason="Dibahas di lokakarya mini",
    **REASONS)  # fmt: skip


def reopen(world: World, review: WeeklyReview) -> None:
    review.refresh_from_db()
    reopen_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        reason="Dua kunjungan tertinggal di buku",
    )  # fmt: skip


def corrected(world: World, week: Week, before: int = 12, after: int = 14) -> WeeklyReview:
    review = send(world, save(world, week, before))
    reopen(world, review)
    save(world, week, after, version=1)
    return send(world, review)


def line(sheet, code: str = "KIA01"):
    return next(row for row in sheet.lines if row.indicator.code == code)


def test_next_week_says_what_was_corrected(world: World) -> None:
    week = last_week() - 1
    corrected(world, week)
    sheet = live_sheet(open_weekly_review(facility=world.pustu, week=week + 1))
    assert [
        (row.week, row.indicator_code, row.before_count, row.after_count, row.reason)
        for row in sheet.corrections
    ] == [(str(week), "KIA01", 12, 14, "Dua kunjungan tertinggal di buku")]


def test_a_first_revision_corrects_nothing(world: World) -> None:
    send(world, save(world, last_week(), 12))
    assert not Correction.objects.exists()


def test_cumulative_counts_a_correction_once(world: World) -> None:
    week = last_week() - 1
    corrected(world, week)
    following = save(world, week + 1, 3)
    sheet = live_sheet(following)
    expected = 17 if week.year == (week + 1).year else 3
    assert (line(sheet).figures.week_count, line(sheet).figures.cumulative) == (3, expected)


def test_signed_with_the_review_and_not_carried_again(world: World) -> None:
    week = last_week() - 2
    corrected(world, week)
    second = send(world, save(world, week + 1, 3))
    assert len(review_sheet(second).corrections) == 1
    third = open_weekly_review(facility=world.pustu, week=week + 2)
    assert live_sheet(third).corrections == ()


def test_a_week_signed_before_the_correction_does_not_carry_it(world: World) -> None:
    week = last_week() - 2
    first = send(world, save(world, week, 12))
    second = send(world, save(world, week + 1, 3))
    reopen(world, first)
    save(world, week, 14, version=1)
    send(world, first)
    assert review_sheet(second).corrections == ()
    assert live_sheet(second).corrections == ()
    third = open_weekly_review(facility=world.pustu, week=week + 2)
    rows = live_sheet(third).corrections
    assert [(row.week, row.before_count, row.after_count) for row in rows] == [(str(week), 12, 14)]


def test_a_week_that_was_never_sent_swallows_nothing(world: World) -> None:
    week = last_week() - 3
    corrected(world, week)
    later = send(world, save(world, week + 2, 3))  # the week between was missed
    assert len(review_sheet(later).corrections) == 1


def test_a_reopened_carrier_keeps_what_it_carried(world: World) -> None:
    week = last_week() - 1
    corrected(world, week)
    carrier = send(world, save(world, week + 1, 3))
    reopen(world, carrier)
    carrier = send(world, carrier)
    carried = [revision_sheet(row).corrections for row in carrier.revisions.all()]
    assert carried[0] == carried[1] != ()


def test_no_data_is_not_zero_in_a_correction(world: World) -> None:
    week = last_week() - 1
    review = send(world, open_weekly_review(facility=world.pustu, week=week))
    reopen(world, review)
    save(world, week, 4)
    send(world, review)
    row = live_sheet(open_weekly_review(facility=world.pustu, week=week + 1)).corrections[0]
    assert (row.before_count, row.after_count) == (None, 4)


def test_puskesmas_carries_what_a_pustu_corrected_behind_its_signature(world: World) -> None:
    week, head = last_week() - 1, world["puskesmas_head"]

    def sign(at: Week) -> WeeklyReview:
        review = open_weekly_review(facility=world.puskesmas, week=at)
        return submit_review(
            review=review, by=head, expected_version=review.version,
            undecided_reason="Dibahas di lokakarya mini",
        **REASONS)  # fmt: skip

    first = send(world, save(world, week, 12))
    own = sign(week)
    reopen(world, first)
    save(world, week, 14, version=1)
    send(world, first)
    assert live_sheet(own).corrections == ()
    rows = live_sheet(open_weekly_review(facility=world.puskesmas, week=week + 1)).corrections
    assert [(row.place.name, row.before_count, row.after_count) for row in rows if row.place] == [
        (world.pustu.name, 12, 14)
    ]
    # Once the Puskesmas signs its own correction, that one holds the figure.
    own.refresh_from_db()
    reopen_review(
        review=own, by=world["dinkes"], expected_version=own.version, reason="Ikut dikoreksi"
    )
    own.refresh_from_db()
    submit_review(
        review=own,
        by=head,
        expected_version=own.version,
        undecided_reason="Dibahas kemudian",
        **REASONS,
    )
    rows = live_sheet(open_weekly_review(facility=world.puskesmas, week=week + 1)).corrections
    assert [(row.place, row.before_count, row.after_count) for row in rows] == [(None, 12, 14)]


def test_frozen_figures_of_each_revision_stay(world: World) -> None:
    review = corrected(world, last_week() - 1)
    counts = [line(revision_sheet(row)).figures.week_count for row in review.revisions.all()]
    assert counts == [12, 14]


def test_reopening_does_not_make_a_review_late_and_returning_does(world: World) -> None:
    week = last_week() - 6
    review = send(world, save(world, week, 12))
    late = review_sheet(review).days_late
    assert late > 0  # sent weeks after its deadline
    WeeklyReview.objects.filter(pk=review.pk).update(submitted_at=review.opened_at)
    review.revisions.update(signed_at=live_sheet(review).deadline_at)
    reopen(world, review)
    review = send(world, review)
    assert review_sheet(review).days_late == 0
    return_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        reason="Belum lengkap sama sekali",
    )  # fmt: skip
    review.refresh_from_db()
    assert live_sheet(review).days_late == late
    assert asdict(review_sheet(send(world, review)))["days_late"] == late

"""The life of a weekly review: entry, signature, decision, correction."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection

from clusters.models import Achievement, AchievementTotal, Indicator
from clusters.windows import is_due, is_last_of_month
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.models import ReportDocument, ReviewRevision, ReviewStep, Snapshot, WeeklyReview
from reports.review.actions.steps import (
    approve_review,
    open_weekly_review,
    reopen_review,
    return_review,
    save_count,
    submit_review,
)
from reports.review.queries.open_points import is_missing
from reports.review.queries.sheet import live_sheet, review_sheet, revision_sheet
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week, make_poor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def pustu_review(world: World) -> WeeklyReview:
    return open_weekly_review(facility=world.pustu, week=last_week())


@pytest.fixture
def puskesmas_review(world: World) -> WeeklyReview:
    return open_weekly_review(facility=world.puskesmas, week=last_week())


def _save(review: WeeklyReview, by, code: str = "KIA01", count: int | None = 3, version: int = 0):
    return save_count(
        review=review, indicator_code=code, numerator=count, denominator=None, by=by,
        expected_version=version,
    )  # fmt: skip


def _line(sheet, code: str):
    return next(line for line in sheet.lines if line.indicator.code == code)


def test_open_twice_gives_one_review(world: World) -> None:
    first = open_weekly_review(facility=world.pustu, week=last_week())
    assert open_weekly_review(facility=world.pustu, week=last_week()) == first
    assert ReviewStep.objects.filter(review=first).count() == 1


def test_open_refuses_future_week(world: World) -> None:
    with pytest.raises(IllegalTransition):
        open_weekly_review(facility=world.pustu, week=last_week() + 2)


def test_open_refuses_closed_facility(world: World) -> None:
    world.pustu.statuses.update(operating="closed")
    with pytest.raises(IllegalTransition):
        open_weekly_review(facility=world.pustu, week=last_week())


def test_count_reaches_puskesmas_and_district_totals(world: World, pustu_review) -> None:
    _save(pustu_review, world["pustu_head"], count=4)
    totals = AchievementTotal.objects.filter(indicator_code="KIA01", week=last_week())
    assert {row.facility_id: row.numerator for row in totals} == {
        world.pustu.pk: 4, world.puskesmas.pk: 4, world.dinkes.pk: 4,
    }  # fmt: skip


def test_missing_pustu_is_not_zero(world: World, pustu_review, puskesmas_review) -> None:
    line = _line(live_sheet(puskesmas_review), "KIA01")
    assert (line.figures.week_count, line.figures.cumulative) == (None, None)
    assert (line.reported, line.expected) == (0, 2)
    assert line.figures.colour == "grey"
    _save(pustu_review, world["pustu_head"], count=0)
    line = _line(live_sheet(puskesmas_review), "KIA01")
    assert (line.figures.week_count, line.figures.cumulative) == (0, 0)
    assert (line.reported, line.expected) == (1, 2)


def test_own_count_alone_says_nothing_about_the_pustu(
    world: World, pustu_review, puskesmas_review
) -> None:
    _save(puskesmas_review, world["puskesmas_head"], count=5)
    line = _line(live_sheet(puskesmas_review), "KIA01")
    assert (line.figures.week_count, line.own_count, line.below_count) == (5, 5, None)
    _save(pustu_review, world["pustu_head"], count=0)
    line = _line(live_sheet(puskesmas_review), "KIA01")
    assert (line.figures.week_count, line.own_count, line.below_count) == (5, 5, 0)


def test_monthly_figure_given_earlier_in_the_month_is_not_missing(world: World) -> None:
    monthly = Indicator.objects.in_week(last_week()).filter(frequency="monthly", level="pustu")
    week = last_week()
    while not (is_last_of_month(week) and (week - 1).end.month == week.end.month):
        week -= 1
    code = next(
        row.code for row in monthly
        if is_due(week, row.frequency, row.profile) and not row.needs_denominator
    )  # fmt: skip
    review = open_weekly_review(facility=world.pustu, week=week)
    assert is_missing(_line(live_sheet(review), code))
    _save(open_weekly_review(facility=world.pustu, week=week - 1), world["pustu_head"], code=code)
    assert not is_missing(_line(live_sheet(review), code))


def test_stale_version_keeps_first_value(world: World, pustu_review) -> None:
    _save(pustu_review, world["pustu_head"], count=3)
    _save(pustu_review, world["puskesmas_head"], count=5, version=1)
    with pytest.raises(StaleVersion) as caught:
        _save(pustu_review, world["pustu_head"], count=7, version=1)
    assert (caught.value.current.numerator, caught.value.current.version) == (5, 2)
    assert Achievement.objects.get(facility=world.pustu).numerator == 5


def test_replaced_count_stays_in_history(world: World, pustu_review) -> None:
    _save(pustu_review, world["pustu_head"], count=3)
    _save(pustu_review, world["pustu_head"], count=5, version=1)
    row = Achievement.objects.get(facility=world.pustu)
    events = apps.get_model("clusters", "AchievementEvent").objects.filter(pgh_obj=row)
    rows = events.order_by("pgh_id").values_list("pgh_label", "numerator")
    assert list(rows) == [("insert", 3), ("update", 3)]


@pytest.mark.parametrize("count", [-1, 10**8])
def test_bad_count_is_refused_by_field(world: World, pustu_review, count: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        _save(pustu_review, world["pustu_head"], count=count)
    assert set(caught.value.errors) == {"numerator"}
    assert not Achievement.objects.exists()


def test_rate_above_its_denominator_is_refused(world: World, pustu_review) -> None:
    with pytest.raises(InvalidInput):
        save_count(
            review=pustu_review, indicator_code="GIZ02", numerator=9, denominator=8,
            by=world["pustu_head"], expected_version=0,
        )  # fmt: skip


def test_indicator_of_the_level_above_is_refused(world: World, pustu_review) -> None:
    with pytest.raises(InvalidInput):
        _save(pustu_review, world["pustu_head"], code="TBC01")


def test_submit_freezes_and_asks_for_documents(
    world: World, puskesmas_review, pustu_review, django_capture_on_commit_callbacks
) -> None:
    _save(pustu_review, world["pustu_head"], count=4)
    with django_capture_on_commit_callbacks():
        review = submit_review(
            review=puskesmas_review, by=world["puskesmas_head"], expected_version=1,
            undecided_reason=UNDECIDED,
        **REASONS)  # fmt: skip
    assert review.status == "submitted"
    assert ReviewRevision.objects.get().signed_by == world["puskesmas_head"]
    documents = ReportDocument.objects.filter(week=last_week())
    assert sorted(row.facility.code for row in documents) == ["P1", "P1-PT01", "P1-PT02"]


def test_frozen_figures_do_not_follow_late_counts(
    world: World, puskesmas_review, pustu_review, django_capture_on_commit_callbacks
) -> None:
    _save(pustu_review, world["pustu_head"], count=4)
    with django_capture_on_commit_callbacks():
        review = submit_review(
            review=puskesmas_review, by=world["puskesmas_head"], expected_version=1,
            undecided_reason=UNDECIDED,
        **REASONS)  # fmt: skip
    before = Snapshot.objects.get(pk=review.revisions.get().snapshot_id).content
    _save(pustu_review, world["pustu_head"], count=9, version=1)
    assert _line(review_sheet(review), "KIA01").figures.week_count == 4
    assert _line(live_sheet(review), "KIA01").figures.week_count == 9
    assert Snapshot.objects.get(pk=review.revisions.get().snapshot_id).content == before


def test_sent_review_takes_no_counts(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks():
        submit_review(review=pustu_review, by=world["pustu_head"], expected_version=1, **REASONS)
    with pytest.raises(IllegalTransition):
        _save(pustu_review, world["pustu_head"])


def test_return_makes_next_revision_and_keeps_first(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    _save(pustu_review, world["pustu_head"], count=4)
    with django_capture_on_commit_callbacks():
        submit_review(
            review=pustu_review, by=world["pustu_head"], expected_version=1,
            undecided_reason=UNDECIDED,
        **REASONS)  # fmt: skip
        return_review(
            review=pustu_review, by=world["puskesmas_head"], expected_version=2,
            reason="Angka K1 belum benar",
        )  # fmt: skip
        _save(pustu_review, world["pustu_head"], count=5, version=1)
        review = submit_review(
            review=pustu_review, by=world["pustu_head"], expected_version=3,
            undecided_reason=UNDECIDED,
        **REASONS)  # fmt: skip
    counts = [
        _line(revision_sheet(row), "KIA01").figures.week_count for row in review.revisions.all()
    ]
    assert (review.revision, counts) == (2, [4, 5])
    assert [step.action for step in review.steps.all()] == ["open", "submit", "return", "submit"]


def test_return_needs_a_reason(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks():
        submit_review(review=pustu_review, by=world["pustu_head"], expected_version=1, **REASONS)
    with pytest.raises(InvalidInput):
        return_review(
            review=pustu_review, by=world["puskesmas_head"], expected_version=2, reason="  "
        )


def test_who_sent_does_not_approve(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks():
        submit_review(
            review=pustu_review, by=world["puskesmas_head"], expected_version=1, **REASONS
        )
    with pytest.raises(PermissionDenied):
        approve_review(review=pustu_review, by=world["puskesmas_head"], expected_version=2)


def test_dinkes_decides_only_where_the_puskesmas_filled_in(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    other = open_weekly_review(facility=world.other_pustu, week=last_week())
    with django_capture_on_commit_callbacks():
        submit_review(review=pustu_review, by=world["pustu_head"], expected_version=1, **REASONS)
        submit_review(review=other, by=world["puskesmas_head"], expected_version=1, **REASONS)
    with pytest.raises(PermissionDenied):
        approve_review(review=pustu_review, by=world["dinkes"], expected_version=2)
    approved = approve_review(review=other, by=world["dinkes"], expected_version=2)
    assert approved.status == "approved"


def test_no_count_changes_while_a_sheet_is_signed(
    world: World, puskesmas_review, django_capture_on_commit_callbacks
) -> None:
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    with connection.cursor() as cursor, django_capture_on_commit_callbacks():
        before = cursor.execute(held).fetchone()
        submit_review(
            review=puskesmas_review, by=world["puskesmas_head"], expected_version=1, **REASONS
        )
        after = cursor.execute(held).fetchone()
    assert (before, after) == ((0,), (1,))


@pytest.mark.parametrize(
    "role",
    ["dinkes", "cluster_officer", "kader", "province", "sibling_head", "outsider", "nobody"],
)
def test_only_heads_send_a_pustu_review(world: World, pustu_review, role: str) -> None:
    with pytest.raises(PermissionDenied):
        submit_review(review=pustu_review, by=world[role], expected_version=1, **REASONS)
    pustu_review.refresh_from_db()
    assert pustu_review.status == "open"


def test_dinkes_approves_and_reopens(
    world: World, puskesmas_review, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks():
        submit_review(
            review=puskesmas_review, by=world["puskesmas_head"], expected_version=1, **REASONS
        )
        approve_review(review=puskesmas_review, by=world["dinkes"], expected_version=2)
        review = reopen_review(
            review=puskesmas_review, by=world["dinkes"], expected_version=3,
            reason="Laporan Pustu menyusul",
        )  # fmt: skip
    assert (review.status, review.revision) == ("reopened", 2)
    with pytest.raises(IllegalTransition):
        approve_review(review=review, by=world["dinkes"], expected_version=4)


def test_second_click_on_submit_is_refused(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks():
        submit_review(review=pustu_review, by=world["pustu_head"], expected_version=1, **REASONS)
        with pytest.raises(IllegalTransition):
            submit_review(
                review=pustu_review, by=world["pustu_head"], expected_version=1, **REASONS
            )
    assert ReviewRevision.objects.count() == 1


def test_sheet_of_the_signed_revision_equals_its_json(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    make_poor(world.pustu, "KIA02")
    _save(pustu_review, world["pustu_head"], count=4)
    live = live_sheet(pustu_review)
    with django_capture_on_commit_callbacks():
        review = submit_review(
            review=pustu_review, by=world["pustu_head"], expected_version=1,
            undecided_reason=UNDECIDED,
        **REASONS)  # fmt: skip
    signed = review_sheet(review)
    assert signed.clusters == live.clusters
    assert replace(signed.signature, signed_by="", signed_role="", signed_at=None) == live.signature
    assert (signed.row_decisions, signed.undecided_reason) == (live.row_decisions, UNDECIDED)


def test_count_without_its_denominator_is_not_signed(
    world: World, pustu_review, django_capture_on_commit_callbacks
) -> None:
    def save(denominator: int | None, version: int) -> None:
        save_count(
            review=pustu_review, indicator_code="GIZ02", numerator=7, denominator=denominator,
            by=world["pustu_head"], expected_version=version,
        )  # fmt: skip

    save(None, 0)
    with pytest.raises(InvalidInput) as caught:
        submit_review(review=pustu_review, by=world["pustu_head"], expected_version=1, **REASONS)
    assert set(caught.value.errors) == {"denominator"}
    assert not ReviewRevision.objects.exists()
    save(9, 1)
    with django_capture_on_commit_callbacks():
        review = submit_review(
            review=pustu_review, by=world["pustu_head"], expected_version=1,
            undecided_reason=UNDECIDED,
        **REASONS)  # fmt: skip
    assert review.status == "submitted"

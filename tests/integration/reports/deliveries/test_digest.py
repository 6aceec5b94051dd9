"""The Monday digest: when, to whom, once, and the same figures as the page."""

from __future__ import annotations

import datetime as dt

import pytest

from clusters.weeks import Week
from facilities.models.district import LocalHoliday
from reports.figures.wording import shortfall
from reports.models import Delivery, FollowUp, WeeklyReview
from reports.places.digest import LONGEST, digest_text, send_digest
from reports.places.queries.district_sheet import district_sheet
from reports.problems.actions import raise_problem
from reports.problems.actions.escalations import escalate
from reports.review.actions.steps import open_weekly_review, save_count
from tests import clock
from tests.factories.world import World, last_week, make_poor

WEEK = Week.parse("2026-W24")  # 14 to 20 June


def at(world: World, moment: str) -> dt.datetime:
    local = dt.datetime.fromisoformat(moment).replace(tzinfo=world.district.zone)
    return local.astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2026-06-22T11:59", 0),
        ("2026-06-22T12:00", 1),  # the data have closed
        ("2026-06-23T09:00", 1),  # the clock stood still on Monday
        ("2026-06-24T00:00", 0),  # too late: the next one comes
        ("2026-06-28T12:00", 0),  # Sunday: the next week has no data yet
    ],
)
def test_digest_leaves_when_the_data_have_closed(world: World, moment: str, people: int) -> None:
    assert send_digest(world.district, at(world, moment)) == people
    assert set(Delivery.objects.values_list("recipient__username", flat=True)) <= {"dinkes"}


def test_holiday_moves_it_to_the_next_working_day(world: World) -> None:
    LocalHoliday.objects.create(
        district=world.district, day=dt.date(2026, 6, 22), name="Hari jadi kabupaten"
    )
    assert send_digest(world.district, at(world, "2026-06-22T12:00")) == 0
    assert send_digest(world.district, at(world, "2026-06-23T12:00")) == 1


def test_week_of_days_off_moves_it_behind_the_next_week(world: World) -> None:
    LocalHoliday.objects.bulk_create(
        LocalHoliday(district=world.district, day=dt.date(2026, 6, day), name="Libur Lebaran")
        for day in range(22, 27)
    )
    assert send_digest(world.district, at(world, "2026-06-29T11:59")) == 0
    send_digest(world.district, at(world, "2026-06-29T12:00"))
    keys = set(Delivery.objects.values_list("key", flat=True))
    assert keys == {f"digest:2026-W{number}:{world.district.pk}" for number in (24, 25)}


def test_one_per_week_and_person_by_inbox_and_mail(world: World) -> None:
    for _time in range(3):
        send_digest(world.district, at(world, "2026-06-22T12:15"))
    assert sorted(Delivery.objects.values_list("channel", "recipient__username")) == [
        ("inbox", "dinkes"),
        ("mail", "dinkes"),
    ]
    send_digest(world.district, at(world, "2026-06-29T12:15"))
    assert Delivery.objects.filter(channel="inbox").count() == 2
    assert Delivery.objects.all()[0].url.endswith("week=2026-W25")


def test_digest_says_who_has_not_filed(world: World) -> None:
    WeeklyReview.objects.create(
        facility=world.sibling, week=WEEK, status="submitted",
        submitted_at=clock.now(), submitted_by=world["sibling_head"],
    )  # fmt: skip
    text = digest_text(world.dinkes, WEEK, at(world, "2026-06-22T12:00"))
    assert "Sudah mengirim: 1 dari 2 Puskesmas." in text
    assert "Belum mengirim: P1." in text or "Belum mengirim: Puskesmas P1." in text
    assert "Pustu yang belum mengirim: 2 dari 2." in text
    assert "Tidak ada masalah yang terlambat." in text


def test_digest_has_the_figures_of_the_page_and_what_waits(world: World) -> None:
    week = last_week()
    review = open_weekly_review(facility=world.pustu, week=week)
    save_count(
        review=review, indicator_code="KIA01", numerator=0, denominator=None,
        by=world["pustu_head"], expected_version=0,
    )  # fmt: skip
    problem = raise_problem(
        facility=world.pustu, week=week, by=world["pustu_head"], title="Vaksin habis",
        owner_name="Kepala", due_on=clock.today(),
    )  # fmt: skip
    FollowUp.objects.filter(problem=problem).update(due_on=week.end - dt.timedelta(days=3))
    escalate(problem=problem, to_facility=world.dinkes, reason="asked", comment="Perlu vaksin")
    for place in (world.puskesmas, world.pustu, world.other_pustu):
        make_poor(place, "KIA02")
    sheet = district_sheet(world.dinkes, week)

    text = digest_text(world.dinkes, week, clock.now() + dt.timedelta(days=30))
    assert sheet.gaps
    for row in sheet.gaps[:5]:
        assert (
            f"{row.line.indicator.name_id}, {row.facility.short_name}: {shortfall(row.line)}"
            in text
        )
    assert "1 masalah terlambat:" in text
    assert "Vaksin habis" in text
    assert "1 masalah yang dinaikkan menunggu jawaban, 1 di antaranya terlambat." in text


def test_digest_fits_one_screen(world: World) -> None:
    week = last_week()
    for number in range(12):
        problem = raise_problem(
            facility=world.pustu, week=week, by=world["pustu_head"],
            title=f"Masalah {number} " + "panjang sekali " * 8,
            owner_name="Kepala", due_on=clock.today(),
        )  # fmt: skip
        FollowUp.objects.filter(problem=problem).update(due_on=week.end - dt.timedelta(days=3))
    text = digest_text(world.dinkes, week, clock.now())
    assert len(text) <= LONGEST
    assert len(text.splitlines()) <= 24

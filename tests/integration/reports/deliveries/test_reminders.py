"""Reminders: when, to whom, how often, and when they stop. The clock is given, never waited for."""

from __future__ import annotations

import datetime as dt

import pytest

from clusters.weeks import Week
from facilities.models import Posting
from facilities.models.district import LocalHoliday
from reports.deliveries.reminders import remind
from reports.deliveries.send import deliver
from reports.models import Delivery, WeeklyReview
from tests import clock
from tests.factories.world import World, make_user

# Week 24 of 2026 ends on Saturday 20 June; Pustu are due Monday 22 at 12.00, Puskesmas
# Tuesday 23 at 16.00, in Jakarta.
WEEK = Week.parse("2026-W24")


@pytest.fixture
def reviews(world: World) -> dict[str, WeeklyReview]:
    """Opened by the clock, filed by nobody."""
    return {
        name: WeeklyReview.objects.create(facility=getattr(world, name), week=WEEK)
        for name in ("puskesmas", "pustu", "other_pustu")
    }


def at(world: World, moment: str) -> dt.datetime:
    """A local moment as the clock gives it: in UTC."""
    local = dt.datetime.fromisoformat(moment).replace(tzinfo=world.district.zone)
    return local.astimezone(dt.UTC)


def run(world: World, moment: str) -> list[tuple[str, str]]:
    """What came new into inboxes: (user name, subject)."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    remind(world.district, at(world, moment))
    new = Delivery.objects.filter(channel="inbox").exclude(pk__in=before)
    return sorted(new.values_list("recipient__username", "subject"))


MORNING = "Tenggat hari ini pukul 12.00: evaluasi minggu ke-24, Pustu"
PASSED = "Tenggat sudah lewat: evaluasi minggu ke-24, Pustu"


def test_week_end_dates_are_those_meant() -> None:
    assert WEEK.end == dt.date(2026, 6, 20)


def test_morning_deadline_and_each_working_day_after(
    world: World, reviews: dict[str, WeeklyReview]
) -> None:
    assert run(world, "2026-06-22T06:55") == []
    # The second Pustu has no head: the head of its Puskesmas, who may fill it in.
    assert run(world, "2026-06-22T07:00") == [
        ("kapus", f"{MORNING} P1-PT02"),
        ("kapustu", f"{MORNING} P1-PT01"),
    ]
    assert run(world, "2026-06-22T11:55") == []
    assert run(world, "2026-06-22T12:00") == [
        ("kapus", f"{PASSED} P1-PT02"),
        ("kapustu", f"{PASSED} P1-PT01"),
    ]
    tuesday = run(world, "2026-06-23T07:05")
    assert [name for name, _subject in tuesday] == ["kapus", "kapus", "kapustu"]
    assert ("kapustu", "Terlambat: evaluasi 1 minggu, Pustu P1-PT01") in tuesday
    assert ("kapus", "Tenggat hari ini pukul 16.00: evaluasi minggu ke-24, Puskesmas P1") in tuesday
    assert run(world, "2026-06-23T15:00") == []
    assert len(run(world, "2026-06-24T07:05")) == 3


def test_clock_may_run_twice_and_mails_go_with_it(
    world: World, reviews: dict[str, WeeklyReview]
) -> None:
    assert remind(world.district, at(world, "2026-06-22T07:00")) == 2
    assert remind(world.district, at(world, "2026-06-22T07:00")) == 0
    assert Delivery.objects.filter(channel="mail", state="queued").count() == 2


def test_clock_that_stood_still_makes_up_for_nothing(
    world: World, reviews: dict[str, WeeklyReview]
) -> None:
    """Down from Sunday to Wednesday: one message each, not one for every day."""
    found = run(world, "2026-06-24T09:00")
    assert len(found) == len(reviews)
    assert all(subject.startswith("Terlambat") for _name, subject in found)


def test_filed_in_time_is_left_alone(world: World, reviews: dict[str, WeeklyReview]) -> None:
    WeeklyReview.objects.filter(facility__in=[world.pustu, world.other_pustu]).update(
        status="submitted", submitted_at=clock.now(), submitted_by=world["pustu_head"]
    )
    assert run(world, "2026-06-22T07:00") == []
    assert [name for name, _subject in run(world, "2026-06-24T07:00")] == ["kapus"]
    WeeklyReview.objects.update(
        status="approved", submitted_at=clock.now(), submitted_by=world["pustu_head"]
    )
    assert run(world, "2026-06-25T07:00") == []


def test_returned_review_is_asked_for_and_a_reopened_one_is_not(
    world: World, reviews: dict[str, WeeklyReview]
) -> None:
    WeeklyReview.objects.filter(facility=world.pustu).update(status="returned", reason="Periksa")
    WeeklyReview.objects.exclude(facility=world.pustu).update(status="reopened", reason="Periksa")
    assert [name for name, _subject in run(world, "2026-06-24T07:00")] == ["kapustu"]


def test_no_reminder_on_days_off_nor_at_night(
    world: World, reviews: dict[str, WeeklyReview]
) -> None:
    LocalHoliday.objects.create(
        district=world.district, day=dt.date(2026, 6, 24), name="Hari jadi kabupaten"
    )
    assert run(world, "2026-06-24T09:00") == []  # the district's own day off
    assert run(world, "2026-06-27T09:00") == []  # Saturday
    world.district.quiet_from, world.district.quiet_until = dt.time(20), dt.time(6)
    assert run(world, "2026-06-25T20:00") == []
    assert run(world, "2026-06-25T19:55") != []


def test_several_late_weeks_are_one_message(world: World) -> None:
    for back in range(12):
        WeeklyReview.objects.create(facility=world.pustu, week=WEEK - back)
    found = run(world, "2026-06-24T09:00")
    assert found == [("kapustu", "Terlambat: evaluasi 8 minggu, Pustu P1-PT01")]
    body = Delivery.objects.filter(channel="inbox").get().body
    assert "- minggu ke-24 tahun 2026: terlambat 2 hari" in body
    assert body.count("terlambat") == 8


def test_weeks_before_the_installation_are_not_asked_for(world: World) -> None:
    assert run(world, "2026-06-24T09:00") == []


def test_closed_facility_is_not_reminded(world: World, reviews: dict[str, WeeklyReview]) -> None:
    world.pustu.statuses.update(end_on=dt.date(2026, 6, 21))
    assert "kapustu" not in dict(run(world, "2026-06-22T07:00"))


def test_place_of_two_heads_reminds_both_once(
    world: World, reviews: dict[str, WeeklyReview]
) -> None:
    second = make_user("kapustu-dua")
    Posting.objects.create(
        user=second, role="pustu_head", facility=world.pustu, start_on=dt.date(2020, 1, 1)
    )
    names = [name for name, _subject in run(world, "2026-06-22T07:00")]
    assert names == ["kapus", "kapustu", "kapustu-dua"]


def test_number_of_queries_does_not_grow_with_what_was_told(
    world: World, reviews: dict[str, WeeklyReview], django_assert_max_num_queries
) -> None:
    run(world, "2026-06-24T09:00")
    with django_assert_max_num_queries(6):
        remind(world.district, at(world, "2026-06-24T09:05"))


def test_mail_of_a_reminder_that_became_needless_does_not_leave(world: World) -> None:
    """The mail server was away; in the meantime the review was sent."""
    now = clock.now()
    review = WeeklyReview.objects.create(facility=world.pustu, week=Week.of(now.date()) - 2)
    from reports.deliveries import notify

    rows = notify(
        key="reminder:uji", kind="reminder", recipients=[world["pustu_head"]],
        facility=world.pustu, subject="Pengingat", body="Isi", url="/",
    )  # fmt: skip
    mail = next(row for row in rows if row.channel == "mail")
    WeeklyReview.objects.filter(pk=review.pk).update(
        status="submitted", submitted_at=now, submitted_by=world["pustu_head"]
    )

    assert not deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.sent_at) == ("dropped", None)

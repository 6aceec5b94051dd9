"""A meeting begins as the last one; nothing of that is kept before somebody says so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import Attendance, WeeklyReview
from reports.review.actions.meeting import save_meeting
from reports.review.actions.steps import open_weekly_review
from reports.review.views.page import meeting_form
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def head(world: World, client: Client) -> Client:
    client.force_login(world["puskesmas_head"])
    return client


@pytest.fixture
def before(world: World) -> WeeklyReview:
    """The meeting of the week before, on its Saturday."""
    week = last_week() - 1
    review = open_weekly_review(facility=world.puskesmas, week=week)
    return save_meeting(
        review=review,
        by=world["puskesmas_head"],
        expected_version=review.version,
        present_ids={world.other_pustu.pk},
        meeting_on=week.end,
        meeting_place="Aula",
        chair_name="Ketua",
        minutes_by="Notulis",
    )


def path(name: str, world: World) -> str:
    kwargs = {"week": str(last_week()), "code": world.puskesmas.code}
    return reverse(f"reports:review-{name}", kwargs=kwargs)


def test_first_meeting_has_nothing_to_begin_with(world: World, head: Client) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    assert not meeting_form(review, part="head").is_proposed
    assert b"Diisi seperti rapat lalu" not in head.get(path("detail", world)).content


def test_as_last_time_until_somebody_accepts(
    world: World, head: Client, before: WeeklyReview
) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    page = head.get(path("detail", world))
    form = page.context["meeting_head"]
    assert form.is_proposed
    assert form.initial["meeting_place"] == "Aula"
    # The one who has a head; the other Pustu's place is vacant.
    assert form.initial["present"] == [world.pustu.pk]
    assert "Diisi seperti rapat lalu" in page.content.decode()
    review.refresh_from_db()
    assert not review.meeting_place
    assert not Attendance.objects.filter(review=review).exists()
    answer = head.post(
        path("meeting", world),
        {
            "part": "head", "version": review.version, "meeting_on": clock.today().isoformat(),
            "meeting_place": "Aula", "chair_name": "Ketua", "minutes_by": "Notulis",
            "present": [world.pustu.pk],
        },
    )  # fmt: skip
    assert answer.status_code == 302
    review.refresh_from_db()
    assert review.meeting_place == "Aula"
    assert not meeting_form(review, part="head").is_proposed


def test_conclusion_is_written_from_what_was_recorded(world: World, head: Client) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    asked = {"part": "conclusion", "suggested": "1", "version": review.version}
    assert head.post(path("meeting", world), asked).status_code == 302
    review.refresh_from_db()
    assert review.conclusion == "Tidak ada yang perlu diputuskan minggu ini."
    # What somebody wrote meanwhile is not written over.
    save_meeting(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        conclusion="Sweeping di tiga dusun.",
    )  # fmt: skip
    answer = head.post(path("meeting", world), asked)
    assert answer.status_code == 409
    review.refresh_from_db()
    assert review.conclusion == "Sweeping di tiga dusun."

"""Case N2, closing-with-a-past-date.json: a week that was sent keeps its rows and figures, and
gets a note."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from facilities.actions.events import close_facility, move_facility
from reports.models import ReviewRevision
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.review.queries.sheet import review_sheet
from tests import clock
from tests.factories.world import REASONS, UNDECIDED, build_world, last_week

pytestmark = pytest.mark.django_db
NOTE = "Yang sudah ditandatangani tetap seperti adanya"


def page(world, place, role="dinkes"):
    client = Client()
    client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("reports:review-detail", args=[str(last_week()), place.code]))
    return " ".join(answer.content.decode().split())


def test_a_sent_week_keeps_its_figures_and_gets_a_note():
    world, week = build_world(), last_week()
    review = open_weekly_review(facility=world.puskesmas, week=week)
    review = submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason=UNDECIDED, **REASONS,
    )  # fmt: skip
    signed = ReviewRevision.objects.get(review=review).snapshot.sha256
    before = review_sheet(review)
    assert NOTE not in page(world, world.puskesmas)
    clock.move_to(clock.now() + dt.timedelta(days=1))
    day = week.start - dt.timedelta(days=7)
    close_facility(facility=world.other_pustu, on=day, by=world["dinkes"])
    # What begins only after the week is no matter of this week.
    move_facility(
        facility=world.pustu, parent=world.sibling, on=week.end + dt.timedelta(days=1),
        by=world["dinkes"],
    )  # fmt: skip
    text = page(world, world.puskesmas)
    assert NOTE in text
    assert f"{world.other_pustu.name}: ditutup" in text
    assert "pindah" not in text.split(NOTE)[1].split("</section>")[0]
    assert review_sheet(review) == before
    assert ReviewRevision.objects.get(review=review).snapshot.sha256 == signed
    assert NOTE not in page(world, world.sibling)

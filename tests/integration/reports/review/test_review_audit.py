"""No step of a review on an old look at it, and none without its audit rows: both the step
(``ReviewStep``) and the row's history are written with the change or nothing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from facilities.errors import StaleVersion
from reports.models import Delivery, ReportDocument, ReviewRevision, ReviewStep, WeeklyReview
from reports.review.actions.meeting import save_meeting
from reports.review.actions.steps import (
    approve_review,
    open_weekly_review,
    reopen_review,
    return_review,
    submit_review,
)
from tests.factories.refusals import contents, refuse_inserts
from tests.factories.world import PASSWORD, REASONS, World, build_world, last_week

pytestmark = pytest.mark.django_db

REASON = "Angka K1 belum benar"


@dataclass(frozen=True)
class Step:
    act: Callable[..., WeeklyReview]
    to_status: str
    by: str
    given: dict[str, str]
    # Of the form on the page, which asks once more who reopens.
    form: dict[str, str]


STEPS = {
    "submit": Step(submit_review, "submitted", "puskesmas_head", REASONS, REASONS),
    "approve": Step(approve_review, "approved", "dinkes", {}, {}),
    "return": Step(return_review, "returned", "dinkes", {"reason": REASON}, {"reason": REASON}),
    "reopen": Step(
        reopen_review, "reopened", "dinkes", {"reason": REASON},
        {"reason": REASON, "password": PASSWORD},
    ),
}  # fmt: skip
of_every_step = pytest.mark.parametrize("name", STEPS)


def history() -> Any:
    return apps.get_model("reports", "WeeklyReviewEvent")


def everything() -> dict[str, list[dict[str, Any]]]:
    kinds = (WeeklyReview, ReviewStep, ReviewRevision, ReportDocument, Delivery, history())
    return contents(*kinds)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def review(world: World, name: str) -> WeeklyReview:
    """Of the Puskesmas, changed before, where the page offers the step."""
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    head = world["puskesmas_head"]
    if name == "submit":
        return save_meeting(
            review=review, by=head, expected_version=1, meeting_on=None, meeting_place="Aula",
            chair_name="", minutes_by="", conclusion="", present_ids=set(),
        )  # fmt: skip
    review = submit_review(review=review, by=head, expected_version=1, **REASONS)
    if name == "reopen":
        return approve_review(review=review, by=world["dinkes"], expected_version=2)
    return review


def take(review: WeeklyReview, world: World, name: str, off: int = 0) -> WeeklyReview:
    step, version = STEPS[name], review.version + off
    return step.act(review=review, by=world[step.by], expected_version=version, **step.given)


@of_every_step
def test_step_leaves_its_two_rows(name: str, world: World, review: WeeklyReview) -> None:
    before, events = review.status, history().objects.count()
    take(review, world, name)
    row = ReviewStep.objects.filter(review=review).order_by("pk").last()
    assert row is not None
    assert (row.action, row.from_status, row.to_status) == (name, before, STEPS[name].to_status)
    assert (row.by, row.revision) == (world[STEPS[name].by], 1)
    assert row.reason == STEPS[name].given.get("reason", "")
    assert history().objects.count() > events
    last = history().objects.order_by("pgh_id").last()
    assert (last.status, last.version) == (STEPS[name].to_status, review.version + 1)


@of_every_step
@pytest.mark.parametrize("off", [-1, 1])
def test_step_on_another_version_changes_nothing(
    name: str, off: int, world: World, review: WeeklyReview
) -> None:
    before = everything()
    with pytest.raises(StaleVersion) as caught:
        take(review, world, name, off)
    # The one who comes late is told what stands there now.
    current = caught.value.current
    assert (current.version, current.status) == (review.version, review.status)
    assert everything() == before


@of_every_step
def test_page_tells_the_late_one_both_what_stands_and_what_was_written(
    name: str, world: World, review: WeeklyReview
) -> None:
    before = everything()
    client = Client()
    client.force_login(world[STEPS[name].by], "django.contrib.auth.backends.ModelBackend")
    url = reverse(f"reports:review-{name}", args=[str(review.week), review.facility.code])
    page = client.post(url, {"version": str(review.version - 1), **STEPS[name].form})
    text = page.content.decode()
    assert page.status_code == 409
    assert "diubah orang lain" in text
    if name != "submit":  # that page is the check before sending: it lists the figures anew
        assert str(review.get_status_display()) in text
    assert STEPS[name].form.get("reason", "") in text
    assert everything() == before


@of_every_step
@pytest.mark.parametrize("audit", ["step", "history"])
def test_step_without_its_audit_row_does_not_happen(
    name: str, audit: str, world: World, review: WeeklyReview
) -> None:
    before = everything()
    refuse_inserts(ReviewStep if audit == "step" else history())
    with pytest.raises(DatabaseError, match="refused by the test"):
        take(review, world, name)
    assert everything() == before


def test_review_is_not_opened_without_its_audit_row(world: World) -> None:
    refuse_inserts(ReviewStep)
    with pytest.raises(DatabaseError, match="refused by the test"):
        open_weekly_review(facility=world.puskesmas, week=last_week())
    assert not WeeklyReview.objects.exists()

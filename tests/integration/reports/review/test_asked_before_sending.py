"""What is asked before a review is sent: the week, the weeks before, the meeting, empty rows,
doubts and problems without a decision. F9 of the faults is the unfinished week."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clusters.models import SumOverride
from clusters.weeks import Week
from facilities.errors import InvalidInput
from reports.deadlines.queries.gaps import week_gaps
from reports.models import Attendance, ExcusedWeek, ReviewRevision, WeeklyReview
from reports.problems.actions import raise_problem
from reports.review.actions.meeting import save_meeting
from reports.review.actions.readiness import NotReady
from reports.review.actions.steps import (
    open_weekly_review,
    return_review,
    save_count,
    submit_review,
)
from reports.review.queries.sheet import review_sheet
from tests import clock
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week
from tests.html import tidy

pytestmark = pytest.mark.django_db

ALL: dict[str, str] = {**REASONS, "undecided_reason": UNDECIDED}
CODE = "KIA01"


@pytest.fixture
def world() -> World:
    return build_world()


def of(world: World, place: str, week: Week | None = None) -> WeeklyReview:
    return open_weekly_review(facility=getattr(world, place), week=week or last_week())


def send(world: World, review: WeeklyReview, **reasons: str) -> WeeklyReview:
    who = "pustu_head" if review.facility.kind == "pustu" else "puskesmas_head"
    review.refresh_from_db()
    return submit_review(review=review, by=world[who], expected_version=review.version, **reasons)


def refused(world: World, review: WeeklyReview, **reasons: str) -> NotReady:
    with pytest.raises(NotReady) as caught:
        send(world, review, **reasons)
    review.refresh_from_db()
    assert review.status == "open"
    assert not ReviewRevision.objects.filter(review=review).exists()
    return caught.value


def without(*names: str) -> dict[str, str]:
    return {name: text for name, text in ALL.items() if name not in names}


def client(world: World, who: str = "puskesmas_head") -> Client:
    browser = Client()
    browser.force_login(world[who])
    return browser


def address(review: WeeklyReview, name: str) -> str:
    return reverse(
        f"reports:review-{name}", kwargs={"week": str(review.week), "code": review.facility.code}
    )


def meet(world: World, review: WeeklyReview, **changed: Any) -> WeeklyReview:
    values: dict[str, Any] = {
        "meeting_on": clock.today(), "meeting_place": "Aula", "chair_name": "dr. Uji",
        "minutes_by": "", "conclusion": "", "present_ids": {world.pustu.pk},
    }  # fmt: skip
    return save_meeting(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        **(values | changed),
    )  # fmt: skip


# --- the week ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["pustu", "puskesmas"])
@pytest.mark.parametrize(
    "moment", ["2026-11-16T09:00+07:00", "2026-11-21T23:59+07:00"], ids=["Monday", "Saturday"]
)
def test_x9_unfinished_week_is_refused_f9(world: World, place: str, moment: str) -> None:
    clock.move_to(clock.parse(moment))
    review = of(world, place, Week(2026, 46))
    error = refused(world, review, **ALL)
    assert set(error.errors) == {"week"}
    assert "Minggu ini belum berakhir" in str(error)


def test_week_is_sent_from_the_first_minute_after_it(world: World) -> None:
    clock.move_to(clock.parse("2026-11-22T00:01+07:00"))
    assert send(world, of(world, "pustu", Week(2026, 46)), **ALL).status == "submitted"


@pytest.mark.at("2026-11-22T00:30+09:00")
def test_the_week_ends_where_the_facility_is(world: World) -> None:
    """In WIT it is Sunday, in Jakarta still Saturday."""
    assert send(world, of(world, "pustu", Week(2026, 46)), **ALL).status == "submitted"


def test_page_says_when_an_unfinished_week_can_be_sent_f9(world: World) -> None:
    review = of(world, "pustu", clock.this_week())
    answer = client(world, "pustu_head").post(
        address(review, "submit"), {"version": review.version, **ALL}
    )
    assert answer.status_code == 422
    assert "Minggu ini belum berakhir" in answer.text
    review.refresh_from_db()
    assert review.status == "open"


# --- the weeks before ----------------------------------------------------------------------


def test_first_week_ever_has_none_before_it(world: World) -> None:
    review = of(world, "pustu")
    assert week_gaps([world.pustu], review.week) == {}
    assert send(world, review, **without("gap_reason")).status == "submitted"


def test_weeks_between_are_asked_for_once(world: World) -> None:
    first = last_week() - 3
    send(world, of(world, "pustu", first), **without("gap_reason"))
    review = of(world, "pustu")
    error = refused(world, review, **without("gap_reason"))
    assert set(error.errors) == {"gaps"}
    assert [place.week for place in error.points[0].places] == [first + 1, first + 2]
    assert not ExcusedWeek.objects.exists()
    assert refused(world, review, **(ALL | {"gap_reason": " ab "}))
    send(world, review, **(ALL | {"gap_reason": "Jembatan putus"}))
    rows = ExcusedWeek.objects.order_by("week")
    assert [(row.week, row.reason, row.by) for row in rows] == [
        (first + 1, "Jembatan putus", world["pustu_head"]),
        (first + 2, "Jembatan putus", world["pustu_head"]),
    ]
    # Excused weeks are not asked for again, and can be sent later all the same.
    assert [gap.reason for gap in week_gaps([world.pustu], last_week())[world.pustu.pk]] == [
        "Jembatan putus"
    ] * 2
    assert send(world, of(world, "pustu", first + 1), **without("gap_reason"))
    assert len(week_gaps([world.pustu], last_week())[world.pustu.pk]) == 1


def test_excuse_is_not_kept_when_something_else_is_open(world: World) -> None:
    send(world, of(world, "pustu", last_week() - 2), **ALL)
    refused(world, of(world, "pustu"), **without("empty_reason"))
    assert not ExcusedWeek.objects.exists()


def test_returned_week_was_sent(world: World) -> None:
    review = send(world, of(world, "pustu", last_week() - 1), **ALL)
    return_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        reason="K1 keliru",
    )  # fmt: skip
    assert send(world, of(world, "pustu"), **without("gap_reason")).status == "submitted"


def test_an_excuse_leaves_history(world: World) -> None:
    send(world, of(world, "pustu", last_week() - 2), **ALL)
    send(world, of(world, "pustu"), **ALL)
    row = ExcusedWeek.objects.get()
    assert row.events.count() == 1  # type: ignore[attr-defined]


def test_dinkes_sees_gaps_and_excuses(world: World) -> None:
    first = last_week() - 3
    send(world, of(world, "puskesmas", first), **ALL)
    page = client(world, "dinkes")
    text = tidy(page.get(reverse("reports:district"), {"week": str(last_week())}).text)
    assert f"Minggu ke-{(first + 1).number}" in text
    assert "belum dikirim, tanpa alasan" in text
    send(world, of(world, "puskesmas"), **(ALL | {"gap_reason": "Banjir rob"}))
    text = tidy(page.get(reverse("reports:district"), {"week": str(last_week())}).text)
    assert "Banjir rob" in text
    assert "Orang kapus" in text


# --- the meeting ---------------------------------------------------------------------------


def test_signature_of_a_puskesmas_means_a_meeting(world: World) -> None:
    review = of(world, "puskesmas")
    error = refused(world, review, **without("no_meeting_reason"))
    assert set(error.errors) == {"meeting"}
    anchors = [place.anchor for place in error.points[0].places]
    assert anchors == ["id_meeting_on", "id_meeting_place", "id_chair_name", "id_present_0"]
    meet(world, review)
    sent = send(world, review, **ALL)
    assert sent.no_meeting_reason == ""  # not needed, not kept
    assert review_sheet(sent).no_meeting_reason == ""


@pytest.mark.parametrize(
    ("changed", "anchor"),
    [
        ({"meeting_place": " "}, "id_meeting_place"),
        ({"chair_name": ""}, "id_chair_name"),
        ({"present_ids": set()}, "id_present_0"),
    ],
)
def test_half_a_meeting_is_none(world: World, changed: dict[str, Any], anchor: str) -> None:
    """With a day written, a reason for no meeting would contradict it."""
    review = meet(world, of(world, "puskesmas"), **changed)
    error = refused(world, review, **ALL)
    assert [place.anchor for place in error.points[0].places] == [anchor]
    Attendance.objects.create(review=review, name="Bidan", position="Bidan", is_present=True)
    assert ("present" in anchor) == (send_or_none(world, review) is not None)


def send_or_none(world: World, review: WeeklyReview) -> WeeklyReview | None:
    try:
        return send(world, review, **ALL)
    except NotReady:
        return None


def test_without_a_meeting_there_is_a_reason_in_what_is_signed(world: World) -> None:
    sent = send(world, of(world, "puskesmas"), **ALL)
    sheet = review_sheet(sent)
    assert sheet.no_meeting_reason == sent.no_meeting_reason == "Uji: tanpa rapat"
    assert sheet.meeting_days_late == 0
    page = tidy(client(world).get(address(sent, "detail")).text)
    assert "Tanpa rapat" in page
    assert "Uji: tanpa rapat" in page


def test_pustu_holds_no_meeting(world: World) -> None:
    assert send(world, of(world, "pustu"), **without("no_meeting_reason")).status == "submitted"


def test_meeting_before_the_week_is_refused_at_every_door(world: World) -> None:
    review = of(world, "puskesmas")
    with pytest.raises(InvalidInput) as caught:
        meet(world, review, meeting_on=last_week().start - dt.timedelta(days=1))
    assert set(caught.value.errors) == {"meeting_on"}


# --- rows, doubts, problems ----------------------------------------------------------------


def test_empty_rows_are_answered(world: World) -> None:
    review = of(world, "pustu")
    error = refused(world, review, **without("empty_reason"))
    assert set(error.errors) == {"empty"}
    assert "belum diisi. Kirim dengan alasan?" in str(error)
    assert all(place.anchor.startswith("n-") for place in error.points[0].places)
    sent = send(world, review, **(ALL | {"empty_reason": "Register  belum\ndibawa"}))
    assert sent.empty_reason == review_sheet(sent).empty_reason == "Register belum dibawa"


def test_doubts_are_answered(world: World) -> None:
    review = of(world, "pustu")
    save_count(
        review=review, indicator_code=CODE, numerator=900, denominator=None,
        by=world["pustu_head"], expected_version=0,
    )  # fmt: skip
    error = refused(world, review, **without("doubts_reason"))
    assert set(error.errors) == {"doubts"}
    assert f"r-{CODE}" in [place.anchor for place in error.points[0].places]
    assert send(world, review, **ALL).doubts_reason == ALL["doubts_reason"]
    assert not SumOverride.objects.exists()


def test_problems_of_earlier_weeks_are_answered(world: World) -> None:
    problem = raise_problem(
        facility=world.pustu, week=last_week() - 1, by=world["pustu_head"], title="Timbangan rusak",
        action="Minta ganti", owner_name="Bidan", due_on=clock.today() + dt.timedelta(days=9),
    )  # fmt: skip
    review = of(world, "pustu")
    error = refused(world, review, **without("problems_reason"))
    assert set(error.errors) == {"problems"}
    assert [place.anchor for place in error.points[0].places] == [f"problem-{problem.pk}"]
    client(world, "pustu_head").post(
        reverse("reports:problem-decide", args=[problem.pk]),
        {"week": str(review.week), "decision": "continue", "version": problem.version},
    )
    assert send(world, review, **without("problems_reason")).problems_reason == ""


# --- the page ------------------------------------------------------------------------------


def test_refusal_is_a_list_of_links_and_loses_nothing(world: World) -> None:
    review = of(world, "puskesmas")
    typed = {"version": review.version, **without("no_meeting_reason")}
    answer = client(world).post(address(review, "submit"), typed)
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    assert 'href="#id_no_meeting_reason"' in answer.text
    for anchor in ("id_meeting_on", "id_meeting_place", "id_chair_name", "id_present_0"):
        assert f'href="{address(review, "detail")}#{anchor}"' in answer.text
    for name, text in without("no_meeting_reason", "gap_reason", "doubts_reason").items():
        if f'name="{name}"' in answer.text:
            assert f'value="{text}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_links_of_the_refusal_exist_on_the_page(world: World) -> None:
    review = of(world, "puskesmas")
    error = refused(world, review)
    text = client(world).get(address(review, "detail")).text
    for point in error.points:
        for place in point.places:
            if place.week is None and place.anchor:
                assert f'id="{place.anchor}"' in text, place


def test_open_points_stand_on_the_page_with_links(world: World) -> None:
    review = of(world, "puskesmas")
    text = tidy(client(world).get(address(review, "detail")).text)
    assert "Masih terbuka" in text
    assert 'href="#id_meeting_on"' in text


def test_a_decision_saved_meanwhile_keeps_the_reasons_typed(world: World) -> None:
    review = of(world, "pustu")
    typed = {"page": "check", "version": review.version, "empty_reason": "Register tertinggal"}
    answer = client(world, "pustu_head").post(address(review, "decisions"), typed)
    assert answer.status_code == 200
    assert 'value="Register tertinggal"' in answer.text

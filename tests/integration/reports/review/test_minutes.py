"""Attendance and numbered decisions: added, changed, withdrawn, frozen with the review."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.models import Attendance, MeetingDecision, WeeklyReview
from reports.review.actions.minutes import (
    add_meeting_decision,
    add_person,
    change_meeting_decision,
    remove_person,
    withdraw_meeting_decision,
)
from reports.review.actions.steps import open_weekly_review
from reports.review.queries.sheet import live_sheet, review_sheet, revision_sheet
from tests.factories.world import World, build_world, last_week
from tests.integration.reports.review.test_corrections import reopen, send

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture(autouse=True)
def _commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        yield


@pytest.fixture
def review(world: World) -> WeeklyReview:
    return open_weekly_review(facility=world.pustu, week=last_week())


@pytest.fixture
def pustu(client: Client, world: World) -> Client:
    client.force_login(world["pustu_head"])
    return client


def url(name: str, world: World, **more: object) -> str:
    kwargs = {"week": str(last_week()), "code": world.pustu.code, **more}
    return reverse(f"reports:minutes-{name}", kwargs=kwargs)


def texts(review: WeeklyReview) -> list[tuple[int, str, bool]]:
    return [
        (row.number, row.text, row.is_withdrawn) for row in live_sheet(review).meeting_decisions
    ]


def test_numbers_are_given_in_order_and_never_again(world: World, review: WeeklyReview) -> None:
    by = world["pustu_head"]
    first = add_meeting_decision(review=review, by=by, text="Posyandu pindah ke Kamis")
    second = add_meeting_decision(review=review, by=by, text="Vaksin dijemput Senin")
    withdraw_meeting_decision(
        review=review, by=by, number=second.number, is_withdrawn=True, expected_at=second.at
    )
    third = add_meeting_decision(review=review, by=by, text="Kader dilatih")
    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert texts(review) == [
        (1, "Posyandu pindah ke Kamis", False), (2, "Vaksin dijemput Senin", True),
        (3, "Kader dilatih", False),
    ]  # fmt: skip


def test_sent_twice_is_one_decision(world: World, review: WeeklyReview) -> None:
    key = uuid.uuid4()
    for _again in range(2):
        row = add_meeting_decision(
            review=review, by=world["pustu_head"], text="Sekali saja", client_key=key
        )
    assert (row.number, MeetingDecision.objects.count()) == (1, 1)


def test_second_writer_is_told(world: World, review: WeeklyReview) -> None:
    row = add_meeting_decision(review=review, by=world["pustu_head"], text="Asli")
    seen = row.at
    change_meeting_decision(
        review=review, by=world["puskesmas_head"], number=1, text="Diubah", expected_at=seen
    )
    with pytest.raises(StaleVersion):
        change_meeting_decision(
            review=review, by=world["pustu_head"], number=1, text="Lain", expected_at=seen
        )
    assert texts(review) == [(1, "Diubah", False)]


@pytest.mark.parametrize("text", ["", "  ", "x" * 501, "NIK 1234567890123456 tidak datang"])
def test_bad_words_are_refused(world: World, review: WeeklyReview, text: str) -> None:
    with pytest.raises(InvalidInput):
        add_meeting_decision(review=review, by=world["pustu_head"], text=text)
    with pytest.raises(InvalidInput):
        add_person(review=review, by=world["pustu_head"], name=text, position="Bidan")
    assert texts(review) == []


def test_only_those_who_write_the_review(world: World, review: WeeklyReview) -> None:
    for role in ("dinkes", "sibling_head", "kader", "admin"):
        with pytest.raises(PermissionDenied):
            add_meeting_decision(review=review, by=world[role], text="Tidak boleh")
        with pytest.raises(PermissionDenied):
            add_person(review=review, by=world[role], name="Tamu", position="Camat")


def test_a_sent_review_keeps_its_minutes(world: World, review: WeeklyReview) -> None:
    by = world["pustu_head"]
    row = add_meeting_decision(review=review, by=by, text="Sebelum dikirim")
    person = add_person(review=review, by=by, name="Orang Uji", position="Kader")
    review = send(world, review)
    for refused in (
        lambda: add_meeting_decision(review=review, by=by, text="Sesudahnya"),
        lambda: remove_person(review=review, by=by, person_id=person.pk),
        lambda: change_meeting_decision(
            review=review, by=by, number=1, text="Lain", expected_at=row.at
        ),
    ):
        with pytest.raises(IllegalTransition):
            refused()
    reopen(world, review)
    change_meeting_decision(review=review, by=by, number=1, text="Revisi", expected_at=row.at)
    review = send(world, review)
    first, second = (revision_sheet(one) for one in review.revisions.order_by("number"))
    assert [one.text for one in first.meeting_decisions] == ["Sebelum dikirim"]
    assert [one.text for one in second.meeting_decisions] == ["Revisi"]
    assert ("Orang Uji", "Kader") in [(one.name, one.position) for one in first.attendance]


def test_the_same_person_is_listed_once(world: World, review: WeeklyReview) -> None:
    for name in ("Orang Uji", "orang  uji"):
        add_person(review=review, by=world["pustu_head"], name=name, position="Kader")
    assert Attendance.objects.count() == 1


def test_plain_forms_do_everything(pustu: Client, world: World) -> None:
    answer = pustu.post(url("person-add", world), {"name": "Orang Uji", "position": "Camat"})
    assert (answer.status_code, answer["Location"][-8:]) == (302, "#minutes")
    pustu.post(url("decision-add", world), {"text": "Jadwal diubah", "client_key": ""})
    row, person = MeetingDecision.objects.get(), Attendance.objects.get()
    stamp = row.at.strftime("%Y-%m-%dT%H:%M:%S.%f%z")
    data = {"step": "save", "text": "Jadwal tetap", "seen": stamp}
    assert pustu.post(url("decision-change", world, number=1), data).status_code == 302
    row.refresh_from_db()
    assert row.text == "Jadwal tetap"
    pustu.post(url("person-remove", world, pk=person.pk))
    assert not Attendance.objects.exists()
    assert review_sheet(WeeklyReview.objects.get()).meeting_decisions[0].text == "Jadwal tetap"


def test_htmx_answers_with_the_list_and_keeps_what_was_refused(pustu: Client, world: World) -> None:
    answer = pustu.post(url("decision-add", world), {"text": "Satu"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="minutes"' in answer.text
    assert "Keputusan 1" in answer.text
    answer = pustu.post(url("person-add", world), {"name": "Orang Uji"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'value="Orang Uji"' in answer.text
    assert "Tulis jabatannya." in answer.text
    stale = {"step": "withdraw", "text": "", "seen": "2020-01-01T00:00:00.000000+0000"}
    answer = pustu.post(url("decision-change", world, number=1), stale, headers=HTMX)
    assert answer.status_code == 409
    bad = {"step": "withdraw", "seen": "kemarin"}
    assert pustu.post(url("decision-change", world, number=1), bad).status_code == 422
    missing = {"step": "save", "text": "x", "seen": "2020-01-01T00:00:00.000000+0000"}
    assert pustu.post(url("decision-change", world, number=7), missing).status_code == 422


def test_page_shows_the_minutes_to_write_and_to_read(pustu: Client, world: World) -> None:
    detail = reverse(
        "reports:review-detail", kwargs={"week": str(last_week()), "code": world.pustu.code}
    )
    assert 'id="minutes"' in pustu.get(detail).text
    assert not WeeklyReview.objects.exists()
    pustu.post(url("decision-add", world), {"text": "Tetap dibaca"})
    send(world, WeeklyReview.objects.get())
    text = pustu.get(detail).text
    assert "Tetap dibaca" in text
    assert 'id="minutes"' not in text

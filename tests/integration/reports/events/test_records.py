"""An event record and its follow-up: made together, audited, closed, withdrawn, by whom."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.events.actions.auditing import record_audit
from reports.events.actions.recording import edit_event, withdraw_event
from reports.events.queries.counted import recorded
from reports.events.queries.open_events import open_events
from reports.models import HealthEvent, Problem
from reports.problems.actions import (
    decide_problem,
    finish_problem,
    raise_problem,
    reject_problem,
    reopen_problem,
)
from reports.review.actions.readiness import NotReady
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.review.queries.sheet import live_sheet, review_sheet
from tests import clock
from tests.factories.world import REASONS, UNDECIDED, World, last_week
from tests.html import tidy
from tests.integration.reports.events.conftest import Record, count, village

pytestmark = pytest.mark.django_db

ALL: dict[str, str] = {**REASONS, "undecided_reason": UNDECIDED}


def client(world: World, who: str = "pustu_head") -> Client:
    browser = Client()
    browser.force_login(world[who])
    return browser


def audit(event: HealthEvent, world: World, who: str = "puskesmas_head") -> HealthEvent:
    return record_audit(
        event=event, by=world[who], expected_version=event.version, audited_on=clock.today(),
        result="Terlambat dirujuk",
    )  # fmt: skip


def form(**changed: Any) -> dict[str, Any]:
    return {
        "facility": "P1-PT01", "week": str(last_week()), "indicator": "KIA14",
        "indicator_code": "KIA14", "occurred_on": last_week().start.isoformat(), "age": "25",
        "age_unit": "years", "village": "", "is_outside": "on", "place": "home",
        "note": "Perdarahan di jalan",
        "notified_on": last_week().start.isoformat(), "owner_name": "Bidan", "action": "Audit",
        "client_key": str(uuid.uuid4()), **changed,
    }  # fmt: skip


# --- recording -----------------------------------------------------------------------------


def test_record_and_follow_up_are_made_together(world: World) -> None:
    data = form(village=village(world, 1).pk)
    answer = client(world).post(reverse("reports:event-record"), data)
    event = HealthEvent.objects.get()
    assert answer["Location"] == reverse("reports:event-detail", args=[event.public_id])
    problem = event.problem
    assert (problem.event, problem.priority, problem.indicator_code) == (
        "death", "emergency", "KIA14",
    )  # fmt: skip
    assert problem.title.startswith("Kematian ibu, 8 November 2026, Desa")
    assert problem.follow_ups.get().due_on == clock.today() + dt.timedelta(days=1)
    assert problem.escalations.filter(reason="event").count() == 2
    assert event.pgh_event_model.objects.filter(pgh_obj_id=event.pk).count() == 1  # type: ignore[attr-defined]
    client(world).post(reverse("reports:event-record"), data)  # its answer was lost
    assert (HealthEvent.objects.count(), Problem.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"indicator_code": "KIA01"}, "indicator_code"),
        ({"indicator_code": "KIA15"}, "indicator_code"),  # a sum
        ({"occurred_on": "2026-11-15"}, "occurred_on"),  # after the week
        ({"occurred_on": "2024-11-15"}, "occurred_on"),
        ({"notified_on": "2026-11-01"}, "notified_on"),
        ({"notified_on": "2026-12-01"}, "notified_on"),
        ({"place": ""}, "place"),
        ({"is_outside": ""}, "village"),
        ({"age": "3", "age_unit": "days"}, "age"),
        ({"age": ""}, "age"),
        ({"owner_name": ""}, "owner_name"),
        ({"note": "NIK 3201010101900001"}, "note"),
    ],
)
def test_what_cannot_be_recorded_stays_on_the_form(
    world: World, changed: dict[str, str], field: str
) -> None:
    answer = client(world).post(reverse("reports:event-record"), form(**changed))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not HealthEvent.objects.exists()
    assert not Problem.objects.exists()


def test_a_village_of_another_place_is_refused(world: World, record: Record) -> None:
    elsewhere = world.foreign.service_areas.get().village
    with pytest.raises(InvalidInput) as caught:
        record(village=elsewhere)
    assert set(caught.value.errors) == {"village"}


@pytest.mark.parametrize(
    ("place", "who", "may"),
    [
        ("pustu", "pustu_head", True), ("pustu", "puskesmas_head", True),
        ("pustu", "cluster_officer", False), ("pustu", "dinkes", False),
        ("puskesmas", "cluster_officer", True), ("puskesmas", "pustu_head", False),
        ("puskesmas", "sibling_head", False), ("pustu", "kader", False),
        ("pustu", "province", False),
    ],
)  # fmt: skip
def test_who_writes_the_counts_records(record: Record, place: str, who: str, may: bool) -> None:
    if may:
        assert record(place, who).pk
        return
    with pytest.raises(PermissionDenied):
        record(place, who)
    assert not Problem.objects.exists()


def test_a_problem_reported_before_gets_its_record(world: World) -> None:
    problem = raise_problem(
        facility=world.pustu, week=last_week(), by=world["pustu_head"], title="Ada ibu meninggal",
        owner_name="Bidan", due_on=clock.today(), event="death",
    )  # fmt: skip
    row = open_events(world.pustu, clock.now())[0]
    assert (row.record_id, row.kind, row.problem_id) == ("", "death", problem.pk)
    address = reverse("reports:event-record")
    assert client(world).get(f"{address}?problem={problem.pk}").status_code == 200
    answer = client(world).post(address, form(problem=problem.pk, owner_name=""))
    assert answer.status_code == 302
    assert HealthEvent.objects.get().problem == problem
    assert client(world).post(address, form(problem=problem.pk)).status_code == 409


# --- two people ----------------------------------------------------------------------------


def test_the_second_of_two_writers_is_told(world: World, record: Record) -> None:
    event = record()
    edit_event(event=event, by=world["pustu_head"], expected_version=1, place="home")
    data = {**form(place="way"), "version": 1}
    answer = client(world, "puskesmas_head").post(
        reverse("reports:event-edit", args=[event.public_id]), data
    )
    assert answer.status_code == 409
    text = tidy(answer.content.decode())
    assert "Di rumah" in text
    assert "Di perjalanan" in text
    event.refresh_from_db()
    assert (event.place, event.version) == ("home", 2)
    answer = client(world, "puskesmas_head").post(
        reverse("reports:event-edit", args=[event.public_id]), {**data, "version": 2}
    )
    assert answer.status_code == 302
    event.refresh_from_db()
    assert (event.place, event.version) == ("way", 3)


def test_a_stale_audit_and_a_stale_withdrawal_are_refused(world: World, record: Record) -> None:
    event = record()
    edit_event(event=event, by=world["pustu_head"], expected_version=1, place="home")
    with pytest.raises(StaleVersion):
        audit(event, world)
    with pytest.raises(StaleVersion):
        withdraw_event(
            event=event, by=world["puskesmas_head"], expected_version=1, reason="Salah catat"
        )
    assert HealthEvent.objects.get().audited_on is None


# --- closing -------------------------------------------------------------------------------


def test_a_death_is_not_closed_without_its_audit_at_any_door(world: World, record: Record) -> None:
    event = record()
    by = world["puskesmas_head"]

    def given() -> dict[str, Any]:
        problem = Problem.objects.get()
        return {"problem": problem, "by": by, "expected_version": problem.version}

    with pytest.raises(InvalidInput, match="Audit kematian ini belum dicatat"):
        finish_problem(evidence="Sudah selesai", **given())
    with pytest.raises(InvalidInput, match="Audit kematian ini belum dicatat"):
        decide_problem(week=last_week(), decision="done", comment="Sudah selesai", **given())
    Problem.objects.update(status="reported")
    with pytest.raises(IllegalTransition, match="tarik"):
        reject_problem(reason="Bukan masalah", **given())
    data = {"action": "done", "note": "Sudah selesai", "version": Problem.objects.get().version}
    answer = client(world, "puskesmas_head").post(
        reverse("reports:problem-step", args=[event.problem_id]), data
    )
    assert answer.status_code == 422
    assert "Audit kematian ini belum dicatat" in tidy(answer.content.decode())
    assert len(open_events(world.pustu, clock.now())) == 1
    audit(event, world)
    assert open_events(world.pustu, clock.now())[0].audited_on == clock.today()
    finish_problem(evidence="Sudah diaudit", **given())
    assert open_events(world.pustu, clock.now()) == ()
    reopen_problem(reason="Belum tuntas", **given())
    assert len(open_events(world.pustu, clock.now())) == 1


def test_a_reported_death_needs_a_record_before_it_is_closed(world: World) -> None:
    problem = raise_problem(
        facility=world.pustu, week=last_week(), by=world["pustu_head"], title="Ada ibu meninggal",
        owner_name="Bidan", due_on=clock.today(), event="death",
    )  # fmt: skip
    problem.refresh_from_db()
    with pytest.raises(InvalidInput, match="Catat kematian ini"):
        finish_problem(
            problem=problem, by=world["pustu_head"], expected_version=problem.version,
            evidence="Sudah selesai",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"result": "ok"}, "audit_result"), ({"audited_on": dt.date(2026, 12, 1)}, "audited_on"),
     ({"audited_on": dt.date(2026, 1, 1)}, "audited_on")],
)  # fmt: skip
def test_an_audit_that_says_nothing_is_refused(
    world: World, record: Record, changed: dict[str, Any], field: str
) -> None:
    values = {"audited_on": clock.today(), "result": "Terlambat dirujuk", **changed}
    with pytest.raises(InvalidInput) as caught:
        record_audit(event=record(), by=world["dinkes"], expected_version=1, **values)
    assert set(caught.value.errors) == {field}


def test_a_record_made_by_mistake_is_withdrawn(world: World, record: Record) -> None:
    event = record()
    with pytest.raises(PermissionDenied):
        withdraw_event(
            event=event, by=world["pustu_head"], expected_version=1, reason="Salah catat"
        )
    answer = client(world, "puskesmas_head").post(
        reverse("reports:event-withdraw", args=[event.public_id]),
        {"version": 1, "reason": "Dicatat dua kali"},
    )
    assert answer.status_code == 302
    assert open_events(world.pustu, clock.now()) == ()
    assert not recorded(world.pustu, last_week())["KIA14"]
    assert Problem.objects.get().status == "done"
    event.refresh_from_db()
    with pytest.raises(IllegalTransition):
        audit(event, world)


# --- sending -------------------------------------------------------------------------------


def send(world: World, **reasons: str) -> Any:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    return submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version, **reasons
    )


def test_a_counted_death_without_a_record_is_asked_for_before_sending(
    world: World, record: Record
) -> None:
    for code in ("KIA35", "KIA34", "KIA15"):
        count(world.pustu, code, 1)
    silent = {name: text for name, text in ALL.items() if name != "events_reason"}
    with pytest.raises(NotReady) as caught:
        send(world, **silent)
    (point,) = caught.value.points
    assert point.kind == "events"
    assert [place.record for place in point.places] == ["KIA35"]  # its sums ask no second time
    check = reverse(
        "reports:review-check", kwargs={"week": str(last_week()), "code": world.pustu.code}
    )
    text = tidy(client(world).get(check).content.decode())
    assert "/events/new/?facility=P1-PT01" in text
    assert 'name="events_reason"' in text
    record(indicator_code="KIA35", age=2, age_unit="days")
    sent = send(world, **silent)
    assert (sent.status, sent.events_reason) == ("submitted", "")


def test_words_in_place_of_a_record_are_kept_and_printed(world: World) -> None:
    count(world.pustu, "KIA14", 1)
    sent = send(world, **ALL)
    assert sent.events_reason == REASONS["events_reason"]
    assert review_sheet(sent).events_reason == REASONS["events_reason"]


def test_a_record_that_the_row_does_not_count_is_asked_about(world: World, record: Record) -> None:
    record()
    count(world.pustu, "KIA14", 0)
    with pytest.raises(NotReady) as caught:
        send(world, **{name: text for name, text in ALL.items() if name != "events_reason"})
    assert [(place.anchor, place.record) for place in caught.value.points[0].places] == [
        ("r-KIA14", "")
    ]


def test_a_signed_sheet_keeps_what_was_open_then(world: World, record: Record) -> None:
    event = record()
    count(world.pustu, "KIA14", 1)
    sent = send(world, **ALL)
    signed = review_sheet(sent)
    assert [row.record_id for row in signed.events or ()] == [str(event.public_id)]
    audit(event, world)
    problem = Problem.objects.get(pk=event.problem_id)
    finish_problem(
        problem=problem, by=world["puskesmas_head"], expected_version=problem.version,
        evidence="Sudah diaudit",
    )  # fmt: skip
    assert review_sheet(sent).events == signed.events
    assert live_sheet(sent).events == ()


# --- readers -------------------------------------------------------------------------------


def test_nothing_typed_by_hand_is_in_the_first_block(world: World, record: Record) -> None:
    event = record(note="Perdarahan setelah melahirkan")
    audit(event, world)
    (row,) = open_events(world.dinkes, clock.now())
    assert "Perdarahan" not in repr(row)
    assert "Terlambat" not in repr(row)
    assert client(world, "province").get(
        reverse("reports:event-detail", args=[event.public_id])
    ).status_code == 403  # fmt: skip


def test_first_block_takes_three_queries_however_long(world: World, record: Record) -> None:
    record()
    with CaptureQueriesContext(
        connection,
    ) as one:
        open_events(world.dinkes, clock.now())
    for _ in range(4):
        record("puskesmas", "puskesmas_head")
    with CaptureQueriesContext(connection) as many:
        assert len(open_events(world.dinkes, clock.now())) == 5
    assert len(one) == len(many) <= 3

"""Putting messages into the outbox: once, to whom, and when they may leave."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from facilities.models import User
from reports.deliveries import notify
from reports.deliveries.quiet import earliest
from reports.models import Delivery
from tests import clock
from tests.factories.world import World


def tell(world: World, *people: str, **changes: Any) -> list[Delivery]:
    values: dict[str, Any] = {
        "key": "uji:1",
        "kind": "digest",
        "recipients": [world[name] for name in people or ("pustu_head",)],
        "facility": world.pustu,
        "subject": "Pengingat",
        "body": "Isi pesan.",
        "url": "/reviews/",
    }
    return notify(**{**values, **changes})


def test_each_person_gets_an_inbox_message_and_a_mail(world: World) -> None:
    rows = tell(world, "pustu_head", "puskesmas_head")

    assert sorted((row.channel, row.recipient.username, row.state) for row in rows) == [
        ("inbox", "kapus", "sent"),
        ("inbox", "kapustu", "sent"),
        ("mail", "kapus", "queued"),
        ("mail", "kapustu", "queued"),
    ]


def test_told_twice_it_is_there_once(world: World) -> None:
    first = {row.pk for row in tell(world)}
    again = {row.pk for row in tell(world, "pustu_head", "pustu_head", subject="Lain sama sekali")}

    assert again == first
    assert len(tell(world, "puskesmas_head")) == 4  # one more person, the others stay


@pytest.mark.parametrize(
    ("change", "channels"),
    [
        ({"wants_mail": False}, {"inbox"}),
        ({"email": ""}, {"inbox"}),
        ({"is_active": False}, set[str]()),
    ],
)
def test_mail_only_to_those_who_have_and_want_it(
    world: World, change: dict[str, Any], channels: set[str]
) -> None:
    User.objects.filter(pk=world["pustu_head"].pk).update(**change)
    assert {row.channel for row in tell(world)} == channels


def test_subject_is_one_line_and_the_address_one_of_this_site(world: World) -> None:
    row = tell(world, subject="Satu\r\nBcc: orang@lain.example\n dua\x00\x85 tiga")[0]
    assert row.subject == "Satu Bcc: orang@lain.example dua tiga"
    for url in ("https://lain.example/", "//lain.example/", "reviews/"):
        with pytest.raises(ValueError, match="path"):
            tell(world, key="uji:2", url=url)


def test_worker_is_told_after_the_commit_only(
    world: World, own_broker, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(world)
        assert own_broker.llen("mail") == 0
    assert own_broker.llen("mail") == 1


def test_nothing_is_told_when_the_fact_was_rolled_back(
    world: World, own_broker, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        tell(world)
        transaction.set_rollback(True)
    assert own_broker.llen("mail") == 0
    assert not Delivery.objects.exists()


def test_mail_waits_for_the_morning_unless_it_is_urgent(world: World) -> None:
    now = clock.now().astimezone(world.district.zone)
    world.district.quiet_from = (now - dt.timedelta(hours=1)).time()
    world.district.quiet_until = (now + dt.timedelta(hours=1)).time()
    world.district.save()
    world.pustu.refresh_from_db()

    inbox, mail = sorted(tell(world), key=lambda row: row.channel)
    assert inbox.state == "sent"
    assert mail.next_attempt_at is not None
    assert abs(mail.next_attempt_at - now - dt.timedelta(hours=1)) < dt.timedelta(minutes=1)
    urgent = tell(world, key="uji:2", urgent=True)
    assert all(row.next_attempt_at is None for row in urgent)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-06-15T19:59", None),
        ("2026-06-15T20:00", "2026-06-16T06:00"),
        ("2026-06-16T00:30", "2026-06-16T06:00"),
        ("2026-06-16T05:59", "2026-06-16T06:00"),
        ("2026-06-16T06:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(world: World, at: str, until: str | None) -> None:
    world.district.quiet_from, world.district.quiet_until = dt.time(20), dt.time(6)
    zone = world.district.zone
    expected = until and dt.datetime.fromisoformat(until).replace(tzinfo=zone)
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=zone)
    assert earliest(world.district, moment.astimezone(dt.UTC)) == expected


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_tell_it_once(world: World) -> None:
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        tell(world)
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Delivery.objects.count() == 2

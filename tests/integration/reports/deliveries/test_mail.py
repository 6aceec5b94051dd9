"""E-mails through real mail servers: what arrives, what is refused, what waits."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.mail.backends import smtp

from facilities.models import User
from ilp import env
from reports.deliveries.claims import FIRST_PAUSE_SECONDS, MAX_ATTEMPTS, claim
from reports.deliveries.reconcile import resend
from reports.deliveries.send import deliver
from reports.models import Delivery
from tests import clock
from tests.factories.world import World
from tests.integration.reports.deliveries.servers import (
    HOST,
    PASSWORD,
    Postbox,
    auth_options,
    free_port,
    hanging_server,
    smtp_server,
)
from tests.integration.reports.deliveries.test_outbox import tell


@pytest.fixture
def box() -> Postbox:
    return Postbox()


def use(settings: Any, monkeypatch: pytest.MonkeyPatch, url: str, timeout: float = 5) -> None:
    """The product's own reading of ``PANTAU_SMTP``; a shorter time-out, for the test's sake."""
    monkeypatch.setenv("PANTAU_SMTP", url)
    mailers = env.mailers()
    mailers["default"]["OPTIONS"]["timeout"] = timeout
    settings.MAILERS = mailers
    assert mailers["default"]["BACKEND"] == f"{smtp.__name__}.EmailBackend"


@pytest.fixture
def server(box: Postbox, settings, monkeypatch) -> Any:
    port = free_port()
    use(settings, monkeypatch, f"smtp://{HOST}:{port}")
    with smtp_server(box, port):
        yield


def mail_of(rows: list[Delivery]) -> Delivery:
    return next(row for row in rows if row.channel == "mail")


def again(delivery: Delivery) -> None:
    """The pause is over."""
    Delivery.objects.filter(pk=delivery.pk).update(
        next_attempt_at=clock.now() - timedelta(seconds=1)
    )


def test_mail_arrives_as_text_and_page_with_a_link(world: World, server, box: Postbox) -> None:
    row = mail_of(tell(world, body="Baris satu.\nBaris dua <b>.\n\nAlinea kedua."))

    assert deliver(row.pk)
    mail = box.mails[0]
    text, page = (part.get_content() for part in mail.iter_parts())
    link = f"{django_settings.PUBLIC_URL}/inbox/{row.public_id}/open/"
    assert box.envelopes[0].rcpt_tos == ["kapustu@dinkes.example"]
    assert mail["Subject"] == "[Pantau ILP] Pengingat"
    assert mail["Message-ID"] == f"<{row.public_id}@{django_settings.MAIL_DOMAIN}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert link in text
    assert "Baris dua <b>." in text
    assert f'href="{link}"' in page
    assert "Baris dua &lt;b&gt;." in page
    assert not list(mail.iter_attachments())
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error, row.address) == (
        "sent", 1, "", "kapustu@dinkes.example",
    )  # fmt: skip


def test_sent_mail_is_not_sent_again(world: World, server, box: Postbox) -> None:
    row = mail_of(tell(world))
    assert deliver(row.pk)
    assert not deliver(row.pk)
    assert len(box.envelopes) == 1


def test_sender_killed_in_the_middle_leaves_a_double_that_can_be_told(
    world: World, server, box: Postbox
) -> None:
    row = mail_of(tell(world))
    first = claim(row.pk)
    assert first is not None
    from reports.deliveries import mail

    mail.send(first)  # accepted by the server; the row never learned of it
    Delivery.objects.update(lease_until=clock.now() - timedelta(seconds=1))

    assert deliver(row.pk)
    assert len({one["Message-ID"] for one in box.mails}) == 1
    assert len(box.mails) == 2


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        ("550 no such user", "failed", "menolak alamat ini (kode 550)"),
        ("451 try again later", "queued", "menolak alamat ini (kode 451)"),
    ],
)
def test_refused_recipient(
    world: World, server, box: Postbox, answer: str, state: str, error: str
) -> None:
    box.refused["kapustu@dinkes.example"] = answer
    row = mail_of(tell(world))

    assert not deliver(row.pk)
    row.refresh_from_db()
    assert row.state == state
    assert error in row.error
    assert (row.next_attempt_at is None) == (state == "failed")


def test_server_down_then_up(world: World, box: Postbox, settings, monkeypatch, own_broker) -> None:
    port = free_port()
    use(settings, monkeypatch, f"smtp://{HOST}:{port}")
    row = mail_of(tell(world))
    before = clock.now()

    assert not deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("queued", "Server surel tidak menjawab.")
    assert row.next_attempt_at is not None
    pause = (row.next_attempt_at - before).total_seconds()
    assert FIRST_PAUSE_SECONDS <= pause < FIRST_PAUSE_SECONDS + 5
    assert not deliver(row.pk)  # not before the pause is over
    with smtp_server(box, port):
        again(row)
        assert deliver(row.pk)
    assert len(box.envelopes) == 1


def test_hanging_server_costs_an_attempt(world: World, settings, monkeypatch) -> None:
    with hanging_server() as port:
        use(settings, monkeypatch, f"smtp://{HOST}:{port}", timeout=0.3)
        row = mail_of(tell(world))
        assert not deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("queued", 1, "Server surel tidak menjawab.")


def test_gives_up_after_half_a_day_of_growing_pauses(world: World, settings, monkeypatch) -> None:
    use(settings, monkeypatch, f"smtp://{HOST}:{free_port()}")
    row, waited = mail_of(tell(world)), timedelta()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        before = clock.now()
        assert not deliver(row.pk)
        row.refresh_from_db()
        assert row.attempts == attempt
        if row.next_attempt_at is not None:
            waited += row.next_attempt_at - before
        again(row)
    assert row.state == "failed"
    assert timedelta(hours=10) < waited < timedelta(hours=24)


@pytest.mark.parametrize(("password", "arrives"), [(PASSWORD.decode(), True), ("salah", False)])
def test_starttls_and_password(
    world: World, box: Postbox, settings, monkeypatch, tmp_path: Path, password: str, arrives: bool
) -> None:
    port, options = free_port(), auth_options(tmp_path)
    # How an office with its own authority says whom to trust.
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    use(settings, monkeypatch, f"smtp://dinkes:{password}@localhost:{port}")
    row = mail_of(tell(world))
    with smtp_server(box, port, **options):
        assert deliver(row.pk) is arrives
    row.refresh_from_db()
    assert len(box.envelopes) == int(arrives)
    assert row.error == (
        "" if arrives else "Server surel menolak nama pengguna atau kata sandi kami."
    )


def test_unknown_certificate_gets_no_password(
    world: World, box: Postbox, settings, monkeypatch, tmp_path: Path
) -> None:
    port, options = free_port(), auth_options(tmp_path)
    use(settings, monkeypatch, f"smtp://dinkes:{PASSWORD.decode()}@localhost:{port}")
    row = mail_of(tell(world))
    with smtp_server(box, port, **options):
        assert not deliver(row.pk)
    row.refresh_from_db()
    assert "sambungan aman" in row.error
    assert not box.envelopes


def test_no_header_can_be_smuggled_in(world: World, server, box: Postbox) -> None:
    hostile = "Halo\r\nBcc: orang@lain.example\r\n\r\nIsi palsu"
    row = mail_of(tell(world, subject=hostile))
    Delivery.objects.filter(pk=row.pk).update(subject=hostile)  # past the front door

    assert deliver(row.pk)
    assert "Bcc" not in box.mails[0]
    assert box.envelopes[0].rcpt_tos == ["kapustu@dinkes.example"]
    raw = box.envelopes[0].original_content or b""
    headers = raw.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"^Bcc:", headers, re.MULTILINE | re.IGNORECASE)


def test_hostile_address_is_refused_for_good(world: World, server, box: Postbox) -> None:
    person = world["pustu_head"]
    User.objects.filter(pk=person.pk).update(email="a@b.example\nBcc: orang@lain.example")
    row = mail_of(tell(world))

    assert not deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == (
        "failed",
        "Alamat atau teksnya tidak dapat dikirim sebagai surel.",
    )
    assert not box.envelopes


def test_who_wants_no_mail_any_more_gets_none(world: World, server, box: Postbox) -> None:
    row = mail_of(tell(world))
    User.objects.filter(pk=row.recipient_id).update(wants_mail=False)

    assert not deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("dropped", "Orang ini tidak lagi ingin menerima surel.")
    assert not box.envelopes


@pytest.mark.parametrize("what", ["district", "person"])
def test_demo_never_writes_to_the_outside(
    world: World, server, box: Postbox, capsys, what: str
) -> None:
    if what == "district":
        type(world.district).objects.filter(pk=world.district.pk).update(is_demo=True)
    else:
        User.objects.filter(pk=world["pustu_head"].pk).update(is_demo=True)
    world.pustu.refresh_from_db()

    assert deliver(mail_of(tell(world)).pk)
    assert not box.envelopes
    assert "Subject: [Pantau ILP] Pengingat" in capsys.readouterr().out


def test_reconciler_nudges_what_lost_its_message_once(world: World, own_broker) -> None:
    row = mail_of(tell(world))
    assert resend() == 0  # its own message is still on the way
    Delivery.objects.update(created_at=clock.now() - timedelta(minutes=5))

    assert resend() == 1
    assert resend() == 0  # it waits in the queue
    own_broker.flushdb()
    assert resend() == 1
    own_broker.flushdb()
    Delivery.objects.filter(pk=row.pk).update(next_attempt_at=clock.now() + timedelta(hours=1))
    assert resend() == 0  # quiet hours, or a pause


def test_mail_over_which_senders_died_fails_in_the_end(world: World, own_broker) -> None:
    row = mail_of(tell(world))
    for _attempt in range(MAX_ATTEMPTS):
        assert claim(row.pk)
        Delivery.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    Delivery.objects.update(created_at=clock.now() - timedelta(minutes=5))

    assert claim(row.pk) is None
    assert resend() == 0
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "Pengiriman terlalu sering terputus.")


def test_retried_mail_does_not_ring_at_night(world: World, settings, monkeypatch) -> None:
    use(settings, monkeypatch, f"smtp://{HOST}:{free_port()}")
    row = mail_of(tell(world))
    deliver(row.pk)
    now = clock.now().astimezone(world.district.zone)
    world.district.quiet_from = (now - timedelta(hours=1)).time()
    world.district.quiet_until = (now + timedelta(hours=1)).time()
    world.district.save()
    again(row)

    assert not deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)
    assert row.next_attempt_at is not None
    assert row.next_attempt_at > now + timedelta(minutes=50)

    Delivery.objects.filter(pk=row.pk).update(is_urgent=True)
    again(row)
    assert not deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 2)  # tried, at night

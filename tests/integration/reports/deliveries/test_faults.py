"""The product's own processes under faults: a mail server that hangs, a mailer killed, a broker
emptied. Nothing waited for but conditions."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ilp import health
from ilp.launch.services import QUEUES
from reports.deliveries import notify
from reports.models import Delivery, ReportDocument
from reports.review.documents import request_facility_document
from tests import clock
from tests.factories.world import World, last_week
from tests.integration.reports.deliveries.servers import (
    HOST,
    Postbox,
    free_port,
    hanging_server,
    smtp_server,
)
from tests.integration.reports.printing.processes import RECONCILER, kill, start, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_time]


def worker(name: str) -> tuple[str, ...]:
    """As the launcher starts it (ilp.launch.services), with one process."""
    return (
        *(sys.executable, "-m", "celery", "-A", "ilp", "worker", "--queues", QUEUES[name]),
        *("--concurrency", "1", "--hostname", f"{name}@%h"),
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    )


@pytest.fixture
def broker_address(own_broker, broker_url: str) -> str:
    return f"{broker_url}?virtual_host={own_broker.connection_pool.connection_kwargs['db']}"


def tell_all(world: World) -> list[Delivery]:
    rows = notify(
        key="uji:1", kind="digest", recipients=[world["pustu_head"], world["dinkes"]],
        facility=world.pustu, subject="Pengingat", body="Isi pesan.", url="/reviews/",
    )  # fmt: skip
    return [row for row in rows if row.channel == "mail"]


def states() -> set[str]:
    return set(Delivery.objects.filter(channel="mail").values_list("state", flat=True))


def is_ready(document: ReportDocument) -> Callable[[], bool]:
    return lambda: ReportDocument.objects.filter(pk=document.pk, state="ready").exists()


def test_mail_server_that_hangs_holds_up_no_pdf_and_no_health(
    world: World, broker_address: str, tmp_path: Path, monkeypatch
) -> None:
    log = tmp_path / "log"
    with hanging_server() as port:
        monkeypatch.setenv("PANTAU_SMTP", f"smtp://{HOST}:{port}")
        with (
            start(worker("mailer"), broker_address, log),
            start(worker("worker"), broker_address, log),
        ):
            tell_all(world)
            until(lambda: "sending" in states(), seconds=300, log=log)
            document = request_facility_document(world.pustu, last_week())
            until(is_ready(document), seconds=300, log=log)
            # The first mail is still stuck (20 s time-out), or has been given back.
            assert "sent" not in states()
            checks = health.all_checks()
            assert checks["queue"]["ok"]
            assert "mail" not in checks


def test_mailer_killed_while_sending_and_broker_emptied(
    world: World, own_broker, broker_address: str, tmp_path: Path, monkeypatch
) -> None:
    """After the lease the reconciler's nudge sends every mail, each once: the server that hung
    had taken none."""
    log = tmp_path / "log"
    with hanging_server() as port:
        monkeypatch.setenv("PANTAU_SMTP", f"smtp://{HOST}:{port}")
        with start(worker("mailer"), broker_address, log) as mailer:
            tell_all(world)
            until(lambda: "sending" in states(), seconds=300, log=log)
            os.killpg(mailer.pid, signal.SIGKILL)
            kill(mailer)
    own_broker.flushdb()
    assert states() <= {"sending", "queued"}
    # The lease runs out; no need to sit it out.
    past = clock.now() - timedelta(minutes=2)
    Delivery.objects.filter(state="sending").update(lease_until=past)
    Delivery.objects.update(created_at=past)

    box, port = Postbox(), free_port()
    monkeypatch.setenv("PANTAU_SMTP", f"smtp://{HOST}:{port}")
    with (
        smtp_server(box, port),
        start(worker("mailer"), broker_address, log),
        start(RECONCILER, broker_address, log),
    ):
        until(lambda: states() == {"sent"}, seconds=300, log=log)
    assert sorted(one.rcpt_tos[0] for one in box.envelopes) == [
        "dinkes@dinkes.example",
        "kapustu@dinkes.example",
    ]
    assert Delivery.objects.filter(channel="mail", fence__gte=2).exists()

"""Case F3 (X3) of the faults: a broker that hangs (SIGSTOP: alive, but silent) hangs no page."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import current_app

from ilp.launch import valkey
from ilp.launch.process import wait_for
from reports.models import ReportDocument
from reports.review.documents import request_week_documents
from tests.factories.world import World, last_week

pytestmark = pytest.mark.real_time

LONGEST_SECONDS = 3.0
A_TRY = 1.0  # seconds; what the first message waits for an answer


@pytest.fixture
def hung_broker(tmp_path_factory, monkeypatch) -> Iterator[str]:
    """A real Valkey of its own, stopped in the middle of its life."""
    folder = tmp_path_factory.mktemp("v")
    (folder / "run").mkdir()
    (folder / "valkey").mkdir()
    program = valkey.program(folder)
    url = f"redis+socket://{valkey.socket_path(folder)}"
    monkeypatch.setattr(current_app.conf, "broker_url", url)
    with running(program.command, folder / "log") as process:
        assert wait_for(lambda: valkey.answers(url), seconds=120)
        os.kill(process.pid, signal.SIGSTOP)
        yield url
        os.kill(process.pid, signal.SIGCONT)


@contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def test_f3_page_waits_little_however_many_documents_it_asks_for(
    world: World, hung_broker: str, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks() as messages:
        request_week_documents(world.district, last_week())
    assert len(messages) == 5

    first, *others = messages
    began = time.monotonic()
    first()
    waited = time.monotonic() - began
    for send in others:
        send()

    # The first one finds out; nobody waits four times more for the same silence.
    assert time.monotonic() - began < LONGEST_SECONDS
    assert time.monotonic() - began - waited < 2 * max(waited, A_TRY)
    assert ReportDocument.objects.filter(state="queued").count() == 5

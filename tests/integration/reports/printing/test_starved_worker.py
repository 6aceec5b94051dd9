"""Case F1 (X1) of the faults with a real worker: on a fraction of a processor it starts slowly, is
not started again, and finishes its queue."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings

from ilp.launch import parts
from ilp.models import Heartbeat
from reports.models import ReportDocument
from reports.review.documents import request_facility_document
from tests.factories.world import build_world, last_week
from tests.integration.launch.sites import descendants
from tests.integration.reports.printing.processes import start, until

pytestmark = [pytest.mark.real_time, pytest.mark.django_db(transaction=True)]

SERVICE = (sys.executable, "-m", "ilp.launch", "service", "worker")
SHARE = 0.35  # of one processor, once the machine itself is quick
_QUOTAS = Path("/sys/fs/cgroup/cpu")


@contextlib.contextmanager
def starved(pid: int) -> Iterator[None]:
    """A quota where the machine lets us set one, else the lowest priority beside busy loops."""
    group = _QUOTAS / f"pantau-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / "cpu.cfs_quota_us").write_text(str(int(SHARE * 100_000)))
        (group / "cgroup.procs").write_text(str(pid))
    except OSError:
        os.setpriority(os.PRIO_PROCESS, pid, 19)
        loops = [
            subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _processor in range(os.cpu_count() or 1)
        ]
        try:
            yield
        finally:
            for loop in loops:
                loop.kill()
                loop.wait()
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # the last process may still be on its way out
            for line in (group / "cgroup.procs").read_text().split():
                (_QUOTAS / "cgroup.procs").write_text(line)
            group.rmdir()


def commands(pid: int) -> dict[int, bytes]:
    """Command lines below a process, those of forked helpers last."""
    found = {}
    for member in sorted(descendants(pid)):
        with contextlib.suppress(OSError):
            found[member] = Path(f"/proc/{member}/cmdline").read_bytes()
    return found


def test_f1_starved_worker_settles_without_a_restart(own_broker, tmp_path, monkeypatch) -> None:
    world = build_world()
    document = request_facility_document(world.pustu, last_week())
    own_broker.flushdb()
    Heartbeat.objects.beat("beat")  # with a clock and a broker it may be blamed
    # The old rule ended whoever had not finished a task in 90 s: here after a few seconds.
    monkeypatch.setenv("PANTAU_QUIET_SECONDS", "6")
    log, data = tmp_path / "log", Path(settings.REPORTS_DIR).parent
    with start(SERVICE, current_app.conf.broker_url, log) as launcher, starved(launcher.pid):
        until(lambda: "worker" in parts.noted(data), seconds=300, log=log)
        worker = next(pid for pid, line in commands(launcher.pid).items() if b"celery" in line)
        assert parts.noted(data)["worker"].state == "starting"
        current_app.send_task("reports.tasks.build_report_document", args=[document.pk])

        def is_ready() -> bool:
            return ReportDocument.objects.get(pk=document.pk).state == "ready"

        until(is_ready, seconds=600, log=log)
        assert parts.noted(data)["worker"].restarts == 0, log.read_text()
        assert worker in descendants(launcher.pid)
    document.refresh_from_db()
    assert (document.attempts, document.broken_off) == (1, 0)

"""What this installation promises, and whether it holds now (``manage.py doctor``)."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import District
from ilp import env, health
from ilp.keeping.chain import check_chain
from ilp.keeping.roles import has_own_role
from ilp.keeping.walls import may_rewrite
from ilp.launch.signs import State
from ilp.models import Heartbeat
from ilp.upgrade import stopped_between
from reports.models.delivery import Delivery, DeliveryState
from reports.models.document import DocumentState, ReportDocument

_RECENT = timedelta(days=7)
_HARFBUZZ_SUBSET = "libharfbuzz-subset.so.0"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise: its words, whether it is kept, and what to do when it is not."""

    text: str
    is_kept: bool
    found: str = ""
    cure: str = ""


def promises() -> Iterator[Promise]:
    """All promises; those that need the database only when it answers."""
    database = health.check_database()
    yield Promise(
        text=_("The database answers"),
        is_kept=database["ok"],
        cure=_("Start the site: scripts/run"),
    )
    if database["ok"]:
        yield from _of_the_database()
        yield from _of_the_parts()
    yield Promise(
        text=_("The broker answers"),
        is_kept=health.check_broker()["ok"],
        cure=_("Start the site: scripts/run"),
    )
    yield from _of_the_machine()


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def _of_the_database() -> Iterator[Promise]:
    executor = MigrationExecutor(connection)
    stopped_at = stopped_between(connection)
    missing = stopped_at or executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Promise(
        text=_("The database fits this version"),
        is_kept=not missing,
        found=stopped_at,
        cure=_("Run: manage.py prepare"),
    )
    yield Promise(
        text=_("Damaged database pages are noticed (checksums)"),
        is_kept=_setting("data_checksums") == "on",
        cure=_("Stop the database and run pg_checksums --enable"),
    )
    durable = {name: _setting(name) for name in ("fsync", "synchronous_commit", "full_page_writes")}
    yield Promise(
        text=_("What was answered as saved survives a power cut"),
        is_kept=all(value == "on" for value in durable.values()),
        found=", ".join(f"{name}={value}" for name, value in durable.items() if value != "on"),
        cure=_("Switch these settings of PostgreSQL on"),
    )
    yield Promise(
        text=_("No query runs for ever"),
        is_kept=_setting("statement_timeout") != "0" and _setting("lock_timeout") != "0",
        found=_setting("statement_timeout"),
    )
    if not missing:
        yield from _of_the_history()
        names = District.objects.values_list("area__code", flat=True)
        yield Promise(
            text=_("At least one district is loaded"),
            is_kept=bool(names),
            found=", ".join(names),
            cure=_("Run: manage.py load_district CODE"),
        )


def _of_the_history() -> Iterator[Promise]:
    yield Promise(
        text=_("The application cannot rewrite the history"),
        is_kept=has_own_role() and not may_rewrite(connection),
        cure=_("Give the application a role of its own: PANTAU_OWNER_DATABASE_URL, then prepare"),
    )
    found = check_chain()
    yield Promise(
        text=_("The sealed history is as it was written"),
        is_kept=not found.differences,
        found=", ".join(found.differences[:10]) or (str(found.last) if found.last else ""),
        cure=_("Somebody changed the history beside the application: compare with a backup"),
    )


def _of_the_parts() -> Iterator[Promise]:
    texts = {
        "worker": _("A worker has finished a task in the last 90 seconds, or is busy with one"),
        "beat": _("The clock has sent a task in the last 90 seconds"),
        "reconcile": _("Lost documents are looked for every ten seconds"),
    }
    checks = health.check_parts(*texts)
    for part, text in texts.items():
        yield Promise(
            text=text,
            is_kept=checks[part]["ok"],
            found=_heard_of(checks[part]),
            cure=_("Look into logs/{part}.log of the data directory").format(part=part),
        )
    backup = health.check_backup()
    age = backup["age_seconds"]
    yield Promise(
        text=_("The last backup was made and read back in the last 26 hours"),
        is_kept=backup["ok"],
        found=_("never") if age is None else _("{age} h ago").format(age=round(age / 3600, 1)),
        cure=_("Run: manage.py backup; the reason stands in logs/worker.log"),
    )
    yield from _of_the_mail()
    queue = health.check_queue()
    oldest = queue["oldest_seconds"]
    yield Promise(
        text=_("No document waits longer than ten minutes"),
        is_kept=queue["ok"],
        found="" if oldest is None else _("{age} s").format(age=oldest),
    )
    failed = ReportDocument.objects.filter(state=DocumentState.FAILED).count()
    yield Promise(
        text=_("No document has failed"),
        is_kept=failed == 0,
        found=str(failed) if failed else "",
        cure=_("Open the report list and read the reason"),
    )


def _heard_of(check: dict[str, Any]) -> str:
    if "starting_seconds" in check:
        return _("starting for {seconds} s").format(seconds=check["starting_seconds"])
    if check["age_seconds"] is None:
        return _("never")
    ago = _("{age} s ago").format(age=check["age_seconds"])
    return f"{ago}, {_('busy')}" if check.get("state") == State.BUSY else ago


def _of_the_mail() -> Iterator[Promise]:
    """Here and not in /readyz: a mail server that is away must not take the site down."""
    age = Heartbeat.objects.all().ages().get("mailer")
    yield Promise(
        text=_("The mailer has finished a task in the last 90 seconds"),
        is_kept=age is not None and age < health.STALE_SECONDS,
        found=_("never") if age is None else _("{age} s ago").format(age=round(age, 1)),
        cure=_("Look into logs/{part}.log of the data directory").format(part="mailer"),
    )
    since = timezone.now() - _RECENT
    failed = Delivery.objects.filter(state=DeliveryState.FAILED, created_at__gte=since)
    count = failed.count()
    yield Promise(
        text=_("No e-mail of the last seven days has failed"),
        is_kept=count == 0,
        found=str(count) if count else "",
        cure=_("Read the reasons on the pages of the reports, and check PANTAU_SMTP"),
    )


def _of_the_machine() -> Iterator[Promise]:
    yield Promise(
        text=_("PDFs get the same bytes everywhere (harfbuzz-subset)"),
        is_kept=_has_library(_HARFBUZZ_SUBSET),
        cure=_("Run: apt-get install libharfbuzz-subset0"),
    )
    disk = health.check_disk()
    yield Promise(
        text=_("There is room on the disk"),
        is_kept=disk["ok"] and not disk["is_low"],
        found=disk.get("cause", "") or f"{disk['free_mib']} MiB",
        cure=_("Free some space on the disk of {path}").format(path=settings.DATA_DIR),
    )
    secret = [settings.DATA_DIR / "secret-key", settings.DATA_DIR / "demo-accounts.csv"]
    if not os.environ.get("DATABASE_URL"):
        secret += [env.socket_dir(), settings.DATA_DIR / "postgres"]
    exposed = [str(path) for path in secret if _others_may_read(path)]
    yield Promise(
        text=_("Keys, passwords and database are closed to other users of the machine"),
        is_kept=not exposed,
        found=", ".join(exposed),
        cure=_("Run: chmod go= {paths}").format(paths=" ".join(exposed)),
    )
    yield Promise(
        text=_("Debug mode is off"), is_kept=not settings.DEBUG, cure=_("Remove PANTAU_DEBUG")
    )


def _has_library(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _others_may_read(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))

"""Is it alive (``/healthz``), and is it ready (``/readyz``)? Both without a login."""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, ProgrammingError, connection
from django.db.models import Min, Q
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ilp import env
from ilp.keeping.routine import age_of_newest, is_recent
from ilp.launch import parts
from ilp.launch.signs import State
from ilp.models import Heartbeat
from reports.models.document import DocumentState, ReportDocument

STALE_SECONDS = 90
# A document waits in the queue of a healthy site for seconds; the reconciler looks every ten.
LONGEST_QUEUE_SECONDS = 600
FULL_BYTES = 1024 * 1024
_STILL = timedelta(minutes=2)


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Each part with its state; status 503 when one fails."""
    checks = all_checks()
    failing = [check for check in checks.values() if not check["ok"]]
    is_starting = all(check.get("state") == State.STARTING for check in failing)
    status = "ready" if not failing else "starting" if is_starting else "not ready"
    return JsonResponse({"status": status, "checks": checks}, status=503 if failing else 200)


def all_checks() -> dict[str, dict[str, Any]]:
    """Name → ``ok`` and what was measured, seconds as ``age_seconds`` or ``milliseconds``."""
    checks = {"database": check_database(), "broker": check_broker(), "disk": check_disk()}
    if checks["database"]["ok"]:
        checks |= check_parts("worker", "beat", "reconcile")
        checks["queue"] = check_queue()
        checks["backup"] = check_backup()
    return checks


def check_parts(*names: str) -> dict[str, dict[str, Any]]:
    """Heard of in the last 90 seconds, or known to its launcher as busy; ``state`` is what the
    launcher says of it, with the seconds since its start while it is starting."""
    ages, noted = Heartbeat.objects.all().ages(), parts.noted(settings.DATA_DIR)
    checks: dict[str, dict[str, Any]] = {}
    for name in names:
        age, part = ages.get(name), noted.get(name)
        is_busy = part is not None and part.state == State.BUSY
        checks[name] = {
            "ok": age is not None and (age < STALE_SECONDS or is_busy),
            "age_seconds": None if age is None else round(age, 1),
        }
        if part is not None:
            checks[name] |= {"state": part.state, "restarts": part.restarts}
            if part.state == State.STARTING:
                checks[name]["starting_seconds"] = part.seconds
    return checks


def check_disk() -> dict[str, Any]:
    """Whether the disk of the data directory takes anything, and the warning before that."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
        is_read_only = bool(os.statvfs(settings.DATA_DIR).f_flag & os.ST_RDONLY)
    except OSError as error:
        return {"ok": False, "cause": error.strerror}
    mib = free // 2**20
    found: dict[str, Any] = {
        "ok": free > FULL_BYTES and not is_read_only,
        "free_mib": mib,
        "is_low": mib < settings.LOW_SPACE_MIB,
    }
    if is_read_only:
        found["cause"] = "read-only"
    elif free <= FULL_BYTES:
        found["cause"] = "full"
    return found


def check_database() -> dict[str, Any]:
    started = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True, "milliseconds": round((time.monotonic() - started) * 1000, 1)}


def check_broker() -> dict[str, Any]:
    url = env.broker_client_url(settings.CELERY_BROKER_URL)
    started = time.monotonic()
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        return {"ok": False}
    finally:
        client.close()
    return {"ok": True, "milliseconds": round((time.monotonic() - started) * 1000, 1)}


def check_backup() -> dict[str, Any]:
    """The last backup that was read back; a site that has just begun needs none yet."""
    try:
        age, ok = age_of_newest(), is_recent()
    except ProgrammingError:  # a database of an older version, not yet brought up to date
        return {"ok": False, "age_seconds": None}
    return {
        "ok": ok,
        "age_seconds": None if age is None else round(age.total_seconds(), 1),
    }


def check_queue() -> dict[str, Any]:
    """The document that is due for longest. A queue that moves may be some minutes long; one that
    does not may not, and none may leave anybody waiting for ten."""
    now = timezone.now()
    due = ReportDocument.objects.filter(state=DocumentState.QUEUED).filter(
        Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    )
    expired = ReportDocument.objects.filter(state=DocumentState.BUILDING, lease_until__lte=now)
    since = [
        due.aggregate(at=Min(Greatest("created_at", "next_attempt_at")))["at"],
        expired.aggregate(at=Min("lease_until"))["at"],
    ]
    age = max(((now - moment).total_seconds() for moment in since if moment), default=None)
    moves = ReportDocument.objects.filter(finished_at__gte=now - _STILL).exists()
    limit = LONGEST_QUEUE_SECONDS if moves else _STILL.total_seconds()
    return {
        "ok": age is None or age < limit,
        "oldest_seconds": None if age is None else round(age, 1),
    }

"""Is it alive (``/healthz``), and is it ready (``/readyz``)? Both without a login."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, ProgrammingError, connection
from django.db.models import Q
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ilp import env
from ilp.keeping.routine import age_of_newest, is_recent
from ilp.models import Heartbeat
from reports.models.document import DocumentState, ReportDocument

STALE_SECONDS = 90
# A document waits in the queue of a healthy site for seconds; the reconciler looks every ten.
LONGEST_QUEUE_SECONDS = 600
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
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "checks": checks},
        status=200 if ready else 503,
    )


def all_checks() -> dict[str, dict[str, Any]]:
    """Name → ``ok`` and what was measured, seconds as ``age_seconds`` or ``milliseconds``."""
    checks = {"database": check_database(), "broker": check_broker()}
    if checks["database"]["ok"]:
        ages = Heartbeat.objects.all().ages()
        for part in ("worker", "beat", "reconcile"):
            age = ages.get(part)
            checks[part] = {
                "ok": age is not None and age < STALE_SECONDS,
                "age_seconds": None if age is None else round(age, 1),
            }
        checks["queue"] = check_queue()
        checks["backup"] = check_backup()
    return checks


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
    """The document that is due for longest; a long queue that moves is no fault."""
    now = timezone.now()
    due = ReportDocument.objects.filter(state=DocumentState.QUEUED).filter(
        Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    )
    expired = ReportDocument.objects.filter(state=DocumentState.BUILDING, lease_until__lte=now)
    since = [
        *due.order_by("created_at").values_list(Greatest("created_at", "next_attempt_at"))[:1],
        *expired.order_by("lease_until").values_list("lease_until")[:1],
    ]
    age = max((now - moment).total_seconds() for (moment,) in since) if since else None
    moves = ReportDocument.objects.filter(finished_at__gte=now - _STILL).exists()
    return {
        "ok": age is None or age < LONGEST_QUEUE_SECONDS or moves,
        "oldest_seconds": None if age is None else round(age, 1),
    }

"""How long one autosave takes with a 60-week history, against the same write as plain SQL.

Measured is the real view through the middleware (signed in, htmx): the count is saved and the
answer has the row, its group and the progress drawn anew. Plain is what must happen whatever the
program: lock the row, compare its version, write it, in one transaction, with the same triggers
(roll-up and history). Both commit, in turns, on rows of the same review; the counts are put back.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from bench.common import setup

setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from clusters.models import Achievement  # noqa: E402
from facilities.models import Posting, User  # noqa: E402
from reports.figures.queries.facility_lines import indicators_for  # noqa: E402
from reports.models import WeeklyReview  # noqa: E402

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
WARM_UP = 10
LOCK = "SELECT version FROM clusters_achievement WHERE id = %s FOR UPDATE"
WRITE = """UPDATE clusters_achievement SET numerator = %s, version = version + 1,
 source = 'page', entered_by_id = %s, entered_at = now() WHERE id = %s"""


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for kind, role in (("pustu", "pustu_head"), ("puskesmas", "puskesmas_head")):
        measure(kind, role)


def measure(kind: str, role: str) -> None:
    review, user = _review(kind, role)
    facility, week = review.facility, review.week
    weeks = Achievement.objects.filter(facility=facility).aggregate(
        weeks=Count("week", distinct=True)
    )["weeks"]
    rows, made = _rows(review)
    before = {row.pk: row.numerator or 0 for row in rows}
    client = Client(HTTP_HX_REQUEST="true")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    versions = {row.pk: row.version for row in rows}

    def autosave(row: Achievement, value: int) -> None:
        code = row.indicator_code
        url = reverse("reports:review-count", args=[week, facility.code, code])
        data = {f"n-{code}": str(value), f"v-{code}": str(versions[row.pk])}
        response = client.post(url, data)
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")
        versions[row.pk] += 1

    def plain(row: Achievement, value: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK, [row.pk])
            cursor.fetchone()
            cursor.execute(WRITE, [value, user.pk, row.pk])
        versions[row.pk] += 1

    try:
        measured, baseline = _in_turns((autosave, plain), rows, before)
    finally:
        for row in rows:
            plain(row, before[row.pk])
        Achievement.objects.filter(pk__in=made).delete()
    name = f"{kind}, {weeks} weeks, {ROUNDS} saves"
    for label, own, bare in (
        ("p95", _p95(measured), _p95(baseline)),
        ("median", statistics.median(measured), statistics.median(baseline)),
    ):
        print(
            f"{name:<36} {label:<7} {own:8.2f} ms   plain SQL {bare:8.2f} ms"
            f"   ratio {own / bare:6.2f}"
        )


def _in_turns(
    works: tuple[Callable[[Achievement, int], None], ...],
    rows: list[Achievement],
    before: dict[int, int],
) -> list[list[float]]:
    """Milliseconds of each work, taken in turns: a busy machine treats all alike."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(ROUNDS + WARM_UP):
        for place, (work, times) in enumerate(zip(works, taken, strict=True)):
            row = rows[(turn * len(works) + place) % len(rows)]
            value = before[row.pk] + 1 + (turn * len(works) + place) // len(rows) % 2
            start = time.perf_counter()
            work(row, value)
            if turn >= WARM_UP:
                times.append((time.perf_counter() - start) * 1000)
    return taken


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _review(kind: str, role: str) -> tuple[WeeklyReview, User]:
    """The newest editable review of a facility with a head."""
    reviews = WeeklyReview.objects.filter(
        facility__kind=kind, status__in=["open", "returned", "reopened"]
    ).select_related("facility")
    for review in reviews.order_by("-week", "facility__code"):
        head = Posting.objects.filter(role=role, facility=review.facility).first()
        if head is not None:
            return review, head.user
    raise SystemExit("This installation has no review being filled in: load the demo first.")


def _rows(review: WeeklyReview) -> tuple[list[Achievement], list[int]]:
    """A row for each indicator of the form that takes one number, and those made for it."""
    rows, made = [], []
    for indicator in indicators_for(review.facility.kind, review.week):
        if indicator.needs_denominator:
            continue
        row, is_new = Achievement.objects.get_or_create(
            facility=review.facility, week=review.week, indicator_code=indicator.code,
            defaults={"year": review.week.year, "numerator": 0, "source": "page"},
        )  # fmt: skip
        rows.append(row)
        made += [row.pk] if is_new else []
    return rows, made


if __name__ == "__main__":
    main()

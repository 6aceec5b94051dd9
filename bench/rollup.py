"""What the roll-up costs a write: with its triggers against a plain insert or update.

Everything happens in transactions that are rolled back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.common import report, setup

setup()

from django.db import connection, transaction  # noqa: E402

from clusters.models import Achievement, Indicator  # noqa: E402
from clusters.weeks import Week  # noqa: E402
from facilities.models import Facility  # noqa: E402

CELLS = 200
BULK_WEEKS = 40


@contextmanager
def rolled_back(*, plain: bool) -> Iterator[None]:
    """A transaction that leaves nothing; ``plain`` switches every trigger of the table off."""
    with transaction.atomic():
        if plain:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE clusters_achievement DISABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


def timed(work: Callable[[], None], *, plain: bool) -> float:
    """Milliseconds of one run inside a transaction that is rolled back."""
    with rolled_back(plain=plain):
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) * 1000


def best_of(rounds: int, work: Callable[[], None], *, plain: bool) -> float:
    return min(timed(work, plain=plain) for _ in range(rounds))


def single_updates() -> None:
    """What autosave does: one cell after the other, in the last week with data."""
    last = Achievement.objects.order_by("-week").values_list("week", flat=True)[0]
    ids = Achievement.objects.filter(week=last, facility__kind="pustu").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        for pk in list(ids[:CELLS]):
            cursor.execute(
                "UPDATE clusters_achievement SET numerator = COALESCE(numerator, 0) + 1"
                " WHERE id = %s",
                [pk],
            )


def late_corrections() -> None:
    """The same in the first weeks of the year: every later running total must move."""
    year = Achievement.objects.order_by("-year").values_list("year", flat=True)[0]
    ids = Achievement.objects.filter(
        week__lte=Week(year, 4), year=year, facility__kind="pustu"
    ).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        for pk in list(ids[:CELLS]):
            cursor.execute(
                "UPDATE clusters_achievement SET numerator = COALESCE(numerator, 0) + 1"
                " WHERE id = %s",
                [pk],
            )


def bulk_insert() -> None:
    """An import: one Puskesmas's Posyandu, all Posyandu indicators, most of a year."""
    posyandu = list(Facility.objects.filter(kind="posyandu")[:30])
    week = Week.of(Achievement.objects.order_by("-week").values_list("week", flat=True)[0].start)
    codes = list(
        Indicator.objects.filter(level="posyandu", valid_until=None).values_list("code", flat=True)
    )
    taken = set(
        Achievement.objects.filter(facility__in=posyandu).values_list(
            "facility_id", "indicator_code", "week"
        )
    )
    rows = [
        Achievement(
            facility=facility, indicator_code=code, week=at, year=at.year, numerator=3,
            source="import",
        )
        for facility in posyandu
        for code in codes
        for at in (week - back for back in range(BULK_WEEKS))
        if (facility.pk, code, at) not in taken
    ]  # fmt: skip
    Achievement.objects.bulk_create(rows, batch_size=10_000)


def main() -> None:
    if not Achievement.objects.exists():
        raise SystemExit("This installation has no counts: load the demo first.")
    for name, work in (
        (f"{CELLS} single cells, this week", single_updates),
        (f"{CELLS} single cells, first weeks of the year", late_corrections),
        ("bulk insert of an import", bulk_insert),
    ):
        report(
            name, best_of(3, work, plain=False), best_of(3, work, plain=True), "without triggers"
        )


if __name__ == "__main__":
    main()

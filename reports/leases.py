"""Who works on a row now: claim, lease and fence, each one conditional update.

For the rows that are an outbox (docs/adr/0002-outbox.md): documents to build, mails to send. All
moments are the database's, so workers on machines with other clocks agree. A claim raises
``fence`` and ``attempts``; whoever holds the current fence may write, everybody else is too late.
A lease that ran out is taken by the next claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

# A piece of work takes seconds. What a killed worker held must be free again well within two
# minutes; the lease is longer than a task's own limits, so two never overlap in a live worker.
SOFT_LIMIT_SECONDS = 45
TIME_LIMIT_SECONDS = 55
LEASE = timedelta(seconds=65)
_MOST_FAILED = 200  # in one round of the reconciler


@dataclass(frozen=True, slots=True)
class Leases[Row: models.Model]:
    """Of one model with the fields ``state``, ``fence``, ``lease_until``, ``attempts``,
    ``next_attempt_at`` and ``error``; the three states are its words for them."""

    model: type[Row]
    queued: str
    working: str
    failed: str
    most_attempts: int
    first_pause: int  # seconds, doubled after each attempt
    longest_pause: int
    scope: Q = field(default_factory=Q)  # the rows that are work at all

    def due(self) -> Q:
        """Queued and not waiting for a pause to end, or worked on with a lease that ran out."""
        waiting = Q(next_attempt_at=None) | Q(next_attempt_at__lte=Now())
        return self.scope & (
            Q(state=self.queued) & waiting | Q(state=self.working, lease_until__lte=Now())
        )

    def pending(self) -> models.QuerySet[Row]:
        """What is due and has attempts left."""
        return self._rows(self.due(), attempts__lt=self.most_attempts)

    def claim(self, pk: int, *related: str, **changes: Any) -> Row | None:
        """Take a row that is due, with ``related`` selected; None when there is nothing to do or
        somebody has it."""
        with transaction.atomic():
            claimed = (
                self.pending()
                .filter(pk=pk)
                .update(
                    state=self.working,
                    fence=F("fence") + 1,
                    attempts=F("attempts") + 1,
                    lease_until=Now() + LEASE,
                    next_attempt_at=None,
                    **changes,
                )
            )
            # Still under the update's row lock: the fence read is our own.
            return self._rows().select_related(*related).get(pk=pk) if claimed else None

    def change(self, row: Any, **changes: Any) -> bool:
        """Write to a row that was claimed; False when somebody else holds it by now."""
        own = self._rows(pk=row.pk, state=self.working, fence=row.fence)
        return bool(own.update(**changes))

    def give_back(self, row: Any, reason: str, *, is_final: bool, **when_failed: Any) -> bool:
        """Queue again after a growing pause; after the last attempt, or at once, it has failed.
        Whether it failed by this."""
        changes: dict[str, Any] = {"error": reason[:500], "lease_until": None}
        has_failed = is_final or row.attempts >= self.most_attempts
        if has_failed:
            changes |= {"state": self.failed, **when_failed}
        else:
            seconds = min(self.first_pause * 2 ** (row.attempts - 1), self.longest_pause)
            pause = timedelta(seconds=seconds)
            changes |= {"state": self.queued, "next_attempt_at": Now() + pause}
        return self.change(row, **changes) and has_failed

    def fail_exhausted(self, reason: str, told: Callable[[Row], Any], **when_failed: Any) -> int:
        """Workers died over these again and again: the next would too. How many; ``told`` is
        called for each in the transaction of its change."""
        count = 0
        exhausted = self._rows(self.due(), attempts__gte=self.most_attempts)
        for row in exhausted[:_MOST_FAILED]:
            with transaction.atomic():
                changed = exhausted.filter(pk=row.pk).update(
                    state=self.failed, lease_until=None, error=reason, **when_failed
                )
                if changed:
                    told(row)
            count += changed
        return count

    def _rows(self, *conditions: Q, **values: Any) -> models.QuerySet[Row]:
        return self.model._default_manager.filter(*conditions, **values)  # noqa: SLF001 - Django's documented API


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether no other process is in the block of this name now; it never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        is_ours = bool(cursor.fetchone()[0])
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])

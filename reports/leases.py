"""Who works on a row now: claim, lease and fence, each one conditional update.

For the rows that are an outbox (docs/adr/0002-outbox.md): documents to build, mails to send. All
moments are the database's, so workers on machines with other clocks agree. A claim raises
``fence`` and ``attempts``; whoever holds the current fence may write, everybody else is too late.
A lease that ran out is taken by the next claim.

Where the work may be done twice without harm (a PDF: the same bytes) the holder also keeps an
advisory lock of its database session. PostgreSQL drops it in the moment the process dies, and the
row goes on at once instead of after its lease.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Now

# Sending a mail takes seconds. What a killed worker held must be free again well within two
# minutes; the lease is longer than a task's own limits, so two never overlap in a live worker.
# A build has no limit of the wall: it renews its lease while it makes progress.
SOFT_LIMIT_SECONDS = 45
TIME_LIMIT_SECONDS = 55
LEASE = timedelta(seconds=65)
MOST_BROKEN_OFF = 20  # a row over which every worker dies must not circle for ever
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
    # The holder keeps a lock, and a take-over costs no attempt: the model has ``broken_off``.
    is_locked: bool = False

    def due(self) -> Q:
        """Queued and not waiting for a pause to end, or worked on with a lease that ran out, or
        by a process that is no more."""
        return self.scope & (self._waiting() | self._left())

    def _waiting(self) -> Q:
        paused = Q(next_attempt_at=None) | Q(next_attempt_at__lte=Now())
        return Q(state=self.queued) & paused

    def _left(self) -> Q:
        expired = Q(lease_until__lte=Now())
        nobody = ~Q(IsLocked("pk")) if self.is_locked else Q(pk__in=[])
        return Q(state=self.working) & (expired | nobody)

    def _is_spent(self) -> Q:
        if self.is_locked:
            return Q(state=self.working, broken_off__gte=MOST_BROKEN_OFF)
        return Q(attempts__gte=self.most_attempts)

    def pending(self) -> models.QuerySet[Row]:
        """What is due and has attempts left."""
        return self._rows(self.due(), ~self._is_spent())

    def claim(self, pk: int, *related: str, **changes: Any) -> Row | None:
        """Take a row that is due, with ``related`` selected; None when there is nothing to do or
        somebody has it."""
        is_mine = self.is_locked and lock(pk)
        if self.is_locked:
            is_new = Q(state=self.queued)
            changes |= {
                "attempts": F("attempts") + Case(When(is_new, then=1), default=0),
                "broken_off": F("broken_off") + Case(When(is_new, then=0), default=1),
            }
        else:
            changes["attempts"] = F("attempts") + 1
        with transaction.atomic():
            claimed = self._rows(self._claimable(is_mine=is_mine), ~self._is_spent(), pk=pk).update(
                state=self.working,
                fence=F("fence") + 1,
                lease_until=Now() + LEASE,
                next_attempt_at=None,
                **changes,
            )
            # Still under the update's row lock: the fence read is our own.
            row = self._rows().select_related(*related).get(pk=pk) if claimed else None
        if is_mine and row is None:
            unlock(pk)
        return row

    def _claimable(self, *, is_mine: bool) -> Q:
        """What may be taken by whoever has (or has not) just got the row's lock."""
        if not self.is_locked:
            return self.due()
        expired = Q(state=self.working, lease_until__lte=Now())
        if is_mine:  # so whoever worked on it is no more
            return self.scope & (self._waiting() | Q(state=self.working))
        # Somebody is about to take it, or hangs with its lock long after he was given up.
        return self.scope & (self._waiting() & Q(attempts__gt=0) | expired)

    def renew(self, row: Any) -> bool:
        """Hold the row for another lease; False when somebody else holds it by now."""
        if not self.change(row, lease_until=Now() + LEASE):
            return False
        if self.is_locked:
            lock(row.pk)  # a database that was restarted has forgotten it
        return True

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

    def put_back(self, row: Any, reason: str, pause: timedelta) -> None:
        """Queue again without an attempt spent: the row is not to blame."""
        self.change(
            row,
            state=self.queued,
            attempts=F("attempts") - 1,
            error=reason[:500],
            lease_until=None,
            next_attempt_at=Now() + pause,
        )

    def fail_exhausted(self, reason: str, told: Callable[[Row], Any], **when_failed: Any) -> int:
        """Workers died over these again and again: the next would too. How many; ``told`` is
        called for each in the transaction of its change."""
        count = 0
        exhausted = self._rows(self.due(), self._is_spent())
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


# The first half of the key of a row's lock, here and in the template below.
_HELD_ROWS = 20261130


class IsLocked(Func):
    """Whether any session of this database holds the lock of the row with this id."""

    output_field = models.BooleanField()
    template = (
        "EXISTS (SELECT FROM pg_locks AS held WHERE held.locktype = 'advisory'"
        " AND held.classid = 20261130 AND held.objid::bigint = %(expressions)s"
        " AND held.objsubid = 2 AND held.granted AND held.database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database()))"
    )


def lock(pk: int) -> bool:
    """Hold the row's lock until the session ends; whether it was free. Twice is once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
            " AND classid = %s AND objid::bigint = %s AND objsubid = 2 AND granted"
            " AND pid = pg_backend_pid()) THEN false ELSE pg_try_advisory_lock(%s, %s) END",
            [_HELD_ROWS, pk] * 2,
        )
        return bool(cursor.fetchone()[0])


def unlock(pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_HELD_ROWS, pk])


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

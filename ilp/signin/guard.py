"""How often something may be tried. The counters are rows, shared by every process."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from facilities.addresses import client_address
from facilities.models import AccountEvent, SignInTries
from facilities.models.signin import AccountEventKind

PERIOD = dt.timedelta(minutes=15)
PER_NAME = 10
PER_ADDRESS = 100
_KEPT = dt.timedelta(days=1)


class TooManyTries(Exception):
    """Refused unseen. ``until``: when the next try is looked at."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(str(until))
        self.until = until


@dataclass(frozen=True)
class Counter:
    """At most ``limit`` tries in any ``PERIOD``. The last one allowed begins a wait of one period,
    which nothing lengthens: what is refused is not counted."""

    key: str
    limit: int

    @transaction.atomic
    def take(self) -> tuple[dt.datetime, bool]:
        """Counts one try; its moment, and whether it was the last one before a wait."""
        SignInTries.objects.get_or_create(key=self.key)
        row = SignInTries.objects.select_for_update().get(key=self.key)
        now = timezone.now()
        if row.locked_until is not None and row.locked_until > now:
            raise TooManyTries(row.locked_until)
        row.times = [*(time for time in row.times if time > now - PERIOD), now]
        is_last = len(row.times) >= self.limit
        row.locked_until = now + PERIOD if is_last else None
        row.save()
        return now, is_last

    @transaction.atomic
    def give_back(self, moment: dt.datetime) -> None:
        """The try was right: it counts no longer. Those before it do."""
        row = SignInTries.objects.select_for_update().filter(key=self.key).first()
        if row is not None and moment in row.times:
            row.times.remove(moment)
            row.locked_until = None if len(row.times) < self.limit else row.locked_until
            row.save()


def _key(kind: str, what: str) -> str:
    return salted_hmac(f"ilp.signin.guard.{kind}", what, algorithm="sha256").hexdigest()


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def of_name(name: str) -> Counter:
    """Whatever address it is tried from, and whether or not anybody bears the name."""
    return Counter(_key("name", _same(name)), PER_NAME)


def of_asking(name: str) -> Counter:
    """Mails with a link asked for in this name; they must not lock the name itself."""
    return Counter(_key("asking", _same(name)), PER_NAME)


def of_address(request: HttpRequest | None, kind: str = "address") -> Counter:
    """``kind``: what is guessed; a machine with an old token must not lock out its office."""
    return Counter(_key(kind, client_address(request)), PER_ADDRESS)


class Try:
    """One check of a password or a second step; ``right()`` when it was."""

    def __init__(self, request: HttpRequest | None, name: str) -> None:
        self._taken: list[tuple[Counter, dt.datetime]] = []
        try:
            for counter in (of_address(request), of_name(name)):
                moment, is_last = counter.take()
                self._taken.append((counter, moment))
        except TooManyTries as error:
            self.right()  # nothing is checked: this try counts nowhere
            if request is not None:
                request.refused_until = error.until  # type: ignore[attr-defined] # see middleware
            raise
        self._name, self._locks_name = name, is_last

    def right(self) -> None:
        for counter, moment in self._taken:
            counter.give_back(moment)

    def wrong(self) -> None:
        """The owner of a name that this has locked is told; by a worker, see AccountEvent."""
        if self._locks_name and (name := self._name.replace("\0", "").strip()[:150]):
            AccountEvent.objects.create(name=name, kind=AccountEventKind.LOCKED)


def forget_old_tries() -> None:
    SignInTries.objects.filter(changed_at__lt=timezone.now() - _KEPT).delete()

"""The one door through which the product tells somebody something."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from reports.deliveries import nudges
from reports.deliveries.quiet import earliest
from reports.models.delivery import Channel, Delivery, DeliveryState, LedgerEntry, LedgerKind

if TYPE_CHECKING:
    from facilities.models import Facility, User
    from reports.models import ReportDocument

MAIL_TASK = "reports.tasks.send_mail"
QUEUE = "mail"


@transaction.atomic
def notify(
    *,
    key: str,
    kind: str,
    recipients: Iterable[User],
    facility: Facility,
    subject: str,
    body: str,
    url: str,
    document: ReportDocument | None = None,
    channels: Sequence[str] = (Channel.INBOX, Channel.MAIL),
    urgent: bool = False,
) -> list[Delivery]:
    """Put a message into the outbox, once per ``key``, channel and person.

    ``key`` names the thing (``returned:2026-W24:1012406:2``); called again with it, nothing new
    is made, whatever else differs. The rows commit with the caller's transaction. An inbox
    message is there at once; a mail leaves after the commit, or in the morning when the
    district is quiet now and the message is not ``urgent``. People who are not active get
    nothing; those without an address, or who want no mail, only the inbox message. ``url`` is a
    path of this site. Returns the rows of the key, old and new, in no particular order.
    """
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"not a path of this site: {url!r}")
    known = set(Delivery.objects.filter(key=key).values_list("channel", "recipient_id"))
    rows = [
        Delivery(
            key=key,
            kind=kind,
            channel=channel,
            recipient=person,
            address=person.email if channel == Channel.MAIL else "",
            facility=facility,
            document=document,
            subject=one_line(subject)[:200],
            body=body.strip(),
            url=url,
            is_urgent=urgent,
        )
        for person in {person.pk: person for person in recipients}.values()
        for channel in channels
        if (channel, person.pk) not in known and _reaches(person, channel)
    ]
    now = timezone.now()
    for row in rows:
        if row.channel == Channel.INBOX:
            row.state, row.sent_at = DeliveryState.SENT, now
        elif not urgent:
            row.next_attempt_at = earliest(facility.district, now)
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)  # another process may be as quick
    found = list(Delivery.objects.filter(key=key).select_related("recipient"))
    _record(rows, found)
    due = [row.pk for row in found if row.channel == Channel.MAIL and _waits(row)]
    if due:
        transaction.on_commit(partial(nudges.send, MAIL_TASK, due))
    return found


def one_line(text: str) -> str:
    """A subject without line breaks or control characters: no header can be smuggled in."""
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return " ".join(plain.split())


def _reaches(person: User, channel: str) -> bool:
    if not person.is_active:
        return False
    return channel == Channel.INBOX or bool(person.email and person.wants_mail)


def _waits(row: Delivery) -> bool:
    return row.state == DeliveryState.QUEUED and row.next_attempt_at is None


def _record(made: list[Delivery], found: list[Delivery]) -> None:
    """The report's ledger: who got it into the inbox. A mail is recorded once it has left."""
    ours = {row.public_id for row in made}
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            document_id=row.document_id,
            kind=LedgerKind.SENT,
            detail=f"{row.channel}: {row.recipient}"[:300],
        )
        for row in found
        if row.public_id in ours and row.document_id and row.channel == Channel.INBOX
    )

"""Nudges for mails that lost theirs, are due after a pause, or whose sender was killed."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from reports.deliveries import nudges
from reports.deliveries.claims import LEASES, record
from reports.deliveries.outbox import MAIL_TASK, QUEUE
from reports.leases import alone
from reports.models.delivery import LedgerKind

_LOCK = "deliveries_reconcile"
_FRESH = timedelta(seconds=10)  # its own nudge is still on the way


def resend() -> int:
    """One round; how many mails a worker was told about. Any number of processes may call it."""
    with alone(_LOCK) as is_ours:
        if not is_ours:
            return 0
        LEASES.fail_exhausted(
            _("Sending was broken off too often."), lambda row: record(row, LedgerKind.FAILED)
        )
        pending = LEASES.pending().filter(created_at__lte=Now() - _FRESH)
        return nudges.send_missing(MAIL_TASK, QUEUE, pending.order_by("next_attempt_at", "pk"))

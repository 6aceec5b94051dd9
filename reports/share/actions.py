"""Who passed a week's report on to a chat."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from reports.models import LedgerEntry, ReportDocument
from reports.models.delivery import LedgerKind
from reports.models.document import ANNEXES

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import Facility, User

SAME_SHARE = dt.timedelta(minutes=1)


@transaction.atomic
def record_share(*, facility: Facility, week: Week, by: User) -> LedgerEntry | None:
    """A line in the ledger of the week's latest report; None when there is no report yet.

    Copying and sharing within a minute are one.
    """
    document = (
        ReportDocument.objects.visible_to(by)
        .select_for_update(of=("self",))
        .filter(facility=facility, week=week)
        .exclude(kind__in=ANNEXES.values())
        .order_by("is_draft", "-revision", "-created_at", "-pk")
        .first()
    )
    if document is None:
        return None
    since = timezone.now() - SAME_SHARE
    shared = document.ledger.filter(kind=LedgerKind.SHARED, by=by)
    entry: LedgerEntry | None = shared.filter(at__gte=since).first()
    return entry or LedgerEntry.objects.create(document=document, kind=LedgerKind.SHARED, by=by)

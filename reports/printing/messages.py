"""Saying that a report is there, to those who must have it.

| Report | Inbox | Mail too |
|---|---|---|
| of a Pustu | its head | its head |
| of a Puskesmas | its head, Dinkes | its head |
| recap of the district | Dinkes | Dinkes |

Dinkes gets no mail for each of forty Puskesmas: its Monday digest and the inbox name them.
Drafts and annexes are told to nobody; whoever asked for one sees it in the library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from reports.deliveries.outbox import notify
from reports.deliveries.recipients import heads, office
from reports.models.delivery import Channel, DeliveryKind
from reports.models.document import DocumentKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from facilities.models import User
    from reports.models import ReportDocument


def tell_ready(document: ReportDocument) -> None:
    """Tell those who must have a signed report that it was made; once per revision, however
    often the file is made again."""
    if document.is_draft or document.annex:
        return
    facility, district = document.facility, document.facility.district
    if document.kind == DocumentKind.DISTRICT_WEEKLY:
        _tell(document, office(district), (Channel.INBOX, Channel.MAIL))
        return
    _tell(document, heads(facility), (Channel.INBOX, Channel.MAIL))
    if document.kind == DocumentKind.PUSKESMAS_WEEKLY:
        _tell(document, office(district), (Channel.INBOX,))


def _tell(document: ReportDocument, people: Iterable[User], channels: tuple[Channel, ...]) -> None:
    week = document.week
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "name": document.facility.name,
            "number": week.number,
            "year": week.year,
            "revision": document.revision,
            "document_number": document.document_number,
        }
        subject = _("Report ready: %(name)s, week %(number)s of %(year)s") % words
        if document.revision > 1:
            subject += " · " + _("revision %(revision)s") % words
        body = _(
            "The signed weekly report of %(name)s for week %(number)s of %(year)s has been made "
            "(number %(document_number)s, revision %(revision)s). Open this message to download "
            "the PDF."
        )
        notify(
            key=f"report:{document.kind}:{week}:{document.facility_id}:r{document.revision}",
            kind=DeliveryKind.REPORT,
            recipients=people,
            facility=document.facility,
            subject=subject,
            body=body % words,
            url=reverse("reports:document-detail", args=[document.public_id]),
            document=document,
            channels=channels,
        )

"""Words of the ledger and of the messages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.deliveries.ledger import ZIP
from reports.models import LedgerEntry, ReportDocument
from reports.models.delivery import Channel, LedgerKind

register = template.Library()
_MINUTE = 60


@register.filter
def ledger_text(entry: LedgerEntry) -> str:
    """«surel kepada Kepala Puskesmas …», «dalam ZIP», or the reason of a failure."""
    if entry.detail == ZIP:
        return _("in a ZIP of the week")
    channel, found, person = entry.detail.partition(": ")
    if not found or channel not in Channel.values:
        return entry.detail
    words = {"name": person}
    if entry.kind == LedgerKind.FAILED:
        return _("e-mail to %(name)s") % words
    if channel == Channel.MAIL:
        return _("by e-mail to %(name)s") % words
    return _("to the inbox of %(name)s") % words


@register.simple_tag
def duration(document: ReportDocument) -> str:
    """How long it took from the request to the file: «14 detik», «3 menit»."""
    if document.finished_at is None:
        return ""
    seconds = max(1, round((document.finished_at - document.created_at).total_seconds()))
    if seconds < _MINUTE:
        return ngettext("after %(n)s second", "after %(n)s seconds", seconds) % {"n": seconds}
    minutes = round(seconds / _MINUTE)
    return ngettext("after %(n)s minute", "after %(n)s minutes", minutes) % {"n": minutes}

"""An event in words, the same on page, paper and message. Nothing of it was typed by anybody."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _

from reports.figures.wording import is_english
from reports.models.event import EventPlace
from reports.models.problem import ProblemEvent
from reports.shapes import EventRow


def event_name(row: EventRow) -> str:
    """«Kematian ibu»; without a record what kind of event it is."""
    name = row.name_en if is_english() else row.name_id
    return name or str(dict(ProblemEvent.choices).get(row.kind, row.kind))


def event_state(row: EventRow) -> str:
    """What is still to be done: the record, the audit, or its follow-up alone."""
    if not row.record_id:
        return _("no event record yet")
    if not row.needs_audit:
        return _("follow-up open")
    if row.audited_on is None:
        return _("audit not done")
    return _("audit %(day)s") % {"day": formats.date_format(row.audited_on, "j M")}


def event_place(row: EventRow) -> str:
    """Where it happened: «Rumah Sakit»; empty without a record."""
    return str(dict(EventPlace.choices).get(row.place, ""))


def event_day(row: EventRow) -> str:
    return formats.date_format(row.occurred_on, "j M Y")


def event_words(row: EventRow, *, own: int | None = None) -> str:
    """«Kematian ibu, 10 Nov 2026 (Desa Satu, Puskesmas A, minggu ke-46; AMP belum)». ``own``: the
    facility whose list it is, which need not be named."""
    where = [row.village, "" if row.facility.id == own else row.facility.name]
    week = _("week %(n)s") % {"n": row.week.partition("-W")[2].lstrip("0")}
    return "{name}, {day} ({where}; {state})".format(
        name=event_name(row),
        day=event_day(row),
        where=", ".join(filter(None, [*where, week])),
        state=event_state(row),
    )

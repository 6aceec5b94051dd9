"""What may be asked of one facility and a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from facilities.models import FormerName

if TYPE_CHECKING:
    from facilities.models import Facility


def as_named(facilities: Iterable[Facility | None], day: dt.date) -> None:
    """Have these bear the names of a day, to be shown and not to be saved. One query."""
    rows = [row for row in facilities if row is not None]
    names = FormerName.objects.on([row.pk for row in rows], day)
    for row in rows:
        row.name = names.get(row.pk, row.name)


def why_not_open(facility: Facility, first: dt.date, last: dt.date) -> str:
    """Empty where the facility was open on at least one of the days, and so may report on them;
    else the sentence that says why not, with the date. One of which no status is known may."""
    spans = [(row.operating, row.start_on, row.end_on) for row in facility.statuses.all()]
    is_open = any(
        operating == "open" and start <= last and (end is None or end > first)
        for operating, start, end in spans
    )
    if is_open or not spans:
        return ""
    ended = [end for operating, _start, end in spans if operating == "open" and end is not None]
    begins = [start for operating, start, _end in spans if operating == "open" and start > last]
    if closed := max((day for day in ended if day <= first), default=None):
        return _("%(name)s has been closed since %(day)s: nothing to report after it.") % {
            "name": facility.name, "day": date_format(closed, "j F Y"),
        }  # fmt: skip
    if begins:
        return _("%(name)s opens on %(day)s: nothing is reported for a time before.") % {
            "name": facility.name, "day": date_format(min(begins), "j F Y"),
        }  # fmt: skip
    return _("%(name)s is not open: nothing is reported for it.") % {"name": facility.name}

"""The Monday digest of a district health office: one screen of what needs somebody.

It leaves once the week's data have closed (Monday 12.00 by the district's own setting, a working
day later after a holiday), so it can say who has not filed; a clock that stood still makes up
for it on the same and the next day, not later. One per week and person. The figures are those
of the district page and of the recap: the same function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.deadlines.days import Milestone, due_at, last_weeks
from reports.deadlines.queries.filings import filings
from reports.deliveries.outbox import notify
from reports.deliveries.recipients import office
from reports.deliveries.words import week_words
from reports.figures.event_words import event_words
from reports.figures.wording import shortfall
from reports.models import Delivery, Escalation
from reports.models.delivery import DeliveryKind
from reports.models.escalation import WAITING
from reports.places.queries.district_sheet import district_sheet

if TYPE_CHECKING:
    from facilities.models import District
    from reports.shapes import DistrictSheet

MADE_UP_FOR = dt.timedelta(days=1)
MOST_NAMES, MOST_GAPS, MOST_PROBLEMS, MOST_EVENTS = 8, 5, 3, 3
LONGEST = 1400  # characters: one screen


def send_digest(district: District, now: dt.datetime) -> int:
    """Send the digest of the weeks whose time it is; how many. Safe to run twice."""
    today = now.astimezone(district.zone).date()
    sent = 0
    for week in last_weeks(district, now):
        closed = due_at(district, week, Milestone.DATA_CLOSED)
        if closed <= now and today <= closed.date() + MADE_UP_FOR:
            sent += _send(district, week, now)
    return sent


def _send(district: District, week: Week, now: dt.datetime) -> int:
    key = f"digest:{week}:{district.pk}"
    told = set(Delivery.objects.filter(key=key).values_list("recipient_id", flat=True))
    people = [person for person in office(district) if person.pk not in told]
    dinkes = Facility.objects.filter(district=district, kind=FacilityKind.DINKES).first()
    if not people or dinkes is None:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            key=key,
            kind=DeliveryKind.DIGEST,
            recipients=people,
            facility=dinkes,
            subject=_("%(district)s: week %(number)s in brief")
            % {"district": district.area.name, "number": week.number},
            body=digest_text(dinkes, week, now),
            url=f"{reverse('reports:district')}?district={district.code}&week={week}",
        )
    return len(people)


def digest_text(dinkes: Facility, week: Week, now: dt.datetime) -> str:
    """The words of the digest in the active language, at most one screen."""
    sheet = district_sheet(dinkes, week)
    parts = [
        _head(sheet, week),
        _events(sheet),
        _filing(dinkes, sheet, week, now),
        _gaps(sheet),
        _overdue(sheet),
        _escalations(dinkes, now),
    ]
    text = "\n\n".join(part for part in parts if part)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _head(sheet: DistrictSheet, week: Week) -> str:
    words = {"week": week_words(week), "district": sheet.district_name}
    return _("%(district)s in %(week)s.") % words


def _events(sheet: DistrictSheet) -> str:
    """Deaths and events first, the oldest first; never shortened to nothing."""
    rows = sheet.events or ()
    if not rows:
        return _("Deaths and events not closed: nil.")
    lines = [f"- {event_words(row)}" for row in rows[:MOST_EVENTS]]
    more = len(rows) - MOST_EVENTS
    if more > 0:
        lines.append(ngettext("- and %(n)s other", "- and %(n)s others", more) % {"n": more})
    return "\n".join([_("Deaths and events not closed: %(n)s") % {"n": len(rows)}, *lines])


def _filing(dinkes: Facility, sheet: DistrictSheet, week: Week, now: dt.datetime) -> str:
    missing = [row.facility.short_name for row in sheet.puskesmas if not row.filing.is_reported]
    lines = [
        _("Filed: %(filed)s of %(expected)s Puskesmas.")
        % {"filed": sheet.filed, "expected": sheet.expected}
    ]
    if missing:
        lines.append(_("Not yet: %(names)s.") % {"names": _names(missing)})
    district = dinkes.district
    pustu = list(
        Facility.objects.open_between(week.start, week.end).filter(
            district=district, kind=FacilityKind.PUSTU
        )
    )
    waiting = sum(not state.is_reported for state in filings(district, pustu, week, now))
    if waiting:
        lines.append(
            _("Pustu that have not filed: %(n)s of %(all)s.") % {"n": waiting, "all": len(pustu)}
        )
    return "\n".join(lines)


def _gaps(sheet: DistrictSheet) -> str:
    lines = [
        f"{number}. {row.line.indicator.name_id}, {row.facility.short_name}: {shortfall(row.line)}"
        for number, row in enumerate(sheet.gaps[:MOST_GAPS], 1)
    ]
    return "\n".join([_("What fell behind most (people):"), *lines]) if lines else ""


def _overdue(sheet: DistrictSheet) -> str:
    if not sheet.overdue:
        return _("No problem is overdue.")
    head = ngettext(
        "%(n)s problem is overdue:", "%(n)s problems are overdue:", sheet.overdue_problems
    ) % {"n": sheet.overdue_problems}
    lines = [
        ngettext("- %(title)s, %(name)s: %(n)s day", "- %(title)s, %(name)s: %(n)s days", days)
        % {"title": row.title[:70], "name": row.facility.name, "n": days}
        for row in sheet.overdue[:MOST_PROBLEMS]
        for days in [max(step.days_overdue for step in row.follow_ups)]
    ]
    return "\n".join([head, *lines])


def _escalations(dinkes: Facility, now: dt.datetime) -> str:
    waiting = Escalation.objects.filter(WAITING, to_facility=dinkes)
    late = waiting.filter(answer_due_at__lt=now).count()
    count = waiting.count()
    if not count:
        return _("No escalation waits for an answer.")
    text = ngettext(
        "%(n)s escalation waits for an answer", "%(n)s escalations wait for an answer", count
    ) % {"n": count}
    if late:
        text += ", " + ngettext("%(n)s of them is overdue", "%(n)s of them are overdue", late) % {
            "n": late
        }
    return text + "."


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    rest = len(names) - MOST_NAMES
    return shown if rest <= 0 else _("%(names)s and %(n)s more") % {"names": shown, "n": rest}

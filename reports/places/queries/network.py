"""What an event of the network would change, said before it is carried out; and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.days import in_force
from facilities.models import (
    District,
    Facility,
    FacilityStatus,
    NetworkEvent,
    Posting,
    ServiceArea,
)
from facilities.models.facility import FacilityKind
from facilities.models.user import User
from reports.deadlines.queries.filings import REPORTED
from reports.models import Problem, WeeklyReview
from reports.places.queries.facility_tree import search

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class NetworkRow:
    facility: Facility
    operating: str
    since: dt.date | None


def network_rows(user: User, district: District, text: str, today: dt.date) -> list[NetworkRow]:
    """Facilities by name of now or then, or code; without a text Puskesmas and Pustu."""
    found = search(user, district, text, "")
    if not text:
        found = found.exclude(kind=FacilityKind.POSYANDU)
    rows = list(found.prefetch_related("statuses")[:MOST_ROWS])
    return [NetworkRow(row, *_status(row, today)) for row in rows]


def _status(facility: Facility, today: dt.date) -> tuple[str, dt.date | None]:
    for row in facility.statuses.all():
        if row.start_on <= today and (row.end_on is None or row.end_on > today):
            return row.operating, row.start_on
    return "", None


def spans(statuses: Iterable[FacilityStatus]) -> list[FacilityStatus]:
    """How long it was open, closed or planned, oldest first: a step of the roll-out begins a row of
    its own, and is no news here. The rows are not to be saved."""
    found: list[FacilityStatus] = []
    for row in statuses:
        if found and (found[-1].operating, found[-1].end_on) == (row.operating, row.start_on):
            found[-1].end_on = row.end_on
        else:
            found.append(row)
    return found


def recent_events(district: District, facility: Facility | None = None) -> QuerySet[NetworkEvent]:
    rows = NetworkEvent.objects.filter(facility__district=district)
    if facility is not None:
        rows = rows.filter(Q(facility=facility) | Q(other=facility))
    return rows.select_related("facility", "other", "village", "by").order_by("-at")[:MOST_ROWS]


def others_of(facility: Facility, on: dt.date) -> QuerySet[Facility]:
    """Those it could be merged with: of its kind, under its parent, open."""
    return (
        Facility.objects.filter(parent=facility.parent_id, kind=facility.kind)
        .exclude(pk=facility.pk)
        .open_on(on)
        .order_by("code")
    )


def parents_for(facility: Facility, on: dt.date) -> QuerySet[Facility]:
    kinds = {
        FacilityKind.PUSTU: [FacilityKind.PUSKESMAS],
        FacilityKind.POSYANDU: [FacilityKind.PUSKESMAS, FacilityKind.PUSTU],
    }.get(FacilityKind(facility.kind), [])
    rows = Facility.objects.filter(district=facility.district_id, kind__in=kinds)
    return rows.exclude(pk=facility.parent_id).open_on(on).order_by("path")


def preview(
    units: Sequence[Facility], on: dt.date, today: dt.date, carry_out: Callable[[], Facility]
) -> list[str]:
    """The sentences of what changes: carried out, looked at, and taken back. InvalidInput as the
    event itself raises it."""
    last = Week.of(max(today, on))
    first = Week.of(on)
    parents = _parents(units, on - dt.timedelta(days=1))
    before = _expected(parents, first - 1, units[0].kind)
    villages = _villages(units, on)
    with transaction.atomic():
        into = carry_out()
        parents_after = _parents([into, *units], on)
        everybody = {row.pk: row for row in (*parents, *parents_after)}
        after = _expected(list(everybody.values()), last + 1, units[0].kind)
        villages_after = _villages([*units, into], on)
        villages_of_new = _villages([into], on)
        transaction.set_rollback(True)
    said = [_weeks_line(units, list(everybody.values()), first, Week.of(today))]
    for pk, parent in everybody.items():
        if before.get(pk, 0) != after.get(pk, 0):
            said.append(
                _("%(name)s: units expected %(before)s, from then on %(after)s.")
                % {"name": parent.name, "before": before.get(pk, 0), "after": after.get(pk, 0)}
            )
    if into not in units and (serves := sorted(villages_of_new)):
        said.append(
            _("%(name)s serves: %(names)s.") % {"name": into.name, "names": ", ".join(serves)}
        )
    if gone := sorted(villages - villages_after):
        said.append(_("No longer served by it: %(names)s.") % {"names": ", ".join(gone)})
    said += _kept(units, on)
    return said


def _weeks_line(
    units: Sequence[Facility], parents: Sequence[Facility], first: Week, last: Week
) -> str:
    """«3 minggu terbuka, 0 yang sudah dikirim»."""
    if first > last:
        return _("No week has begun that this concerns.")
    places = {row.pk for row in (*units, *parents) if row.kind != FacilityKind.DINKES}
    sent = set(
        WeeklyReview.objects.filter(
            facility__in=places, week__gte=first, week__lte=last, status__in=REPORTED
        ).values_list("week", flat=True)
    )
    weeks = list(first.until(last))
    open_weeks = sum(week not in sent for week in weeks)
    opened = ngettext("%(n)s week open", "%(n)s weeks open", open_weeks) % {"n": open_weeks}
    return _("%(open)s, %(sent)s sent already: what was sent stays as it is.") % {
        "open": opened,
        "sent": len(weeks) - open_weeks,
    }


def _parents(units: Sequence[Facility], day: dt.date) -> list[Facility]:
    return list(
        Facility.objects.filter(
            pk__in=[
                placement.parent_id
                for unit in units
                for placement in unit.placements.current(max(day, dt.date(1900, 1, 1)))
            ]
        )
    )


def _expected(parents: Sequence[Facility], week: Week, kind: str) -> dict[int, int]:
    return {
        parent.pk: Facility.objects.open_between(week.start, week.end)
        .hung_under([parent.pk], week.end)
        .filter(kind=kind)
        .count()
        for parent in parents
    }


def _villages(units: Sequence[Facility], on: dt.date) -> set[str]:
    rows = ServiceArea.objects.filter(in_force(on), facility__in=[unit.pk for unit in units])
    return set(rows.values_list("village__name", flat=True))


def _kept(units: Sequence[Facility], on: dt.date) -> list[str]:
    """What stays with the units, or goes on with their successor."""
    ids = [unit.pk for unit in units]
    said = []
    counts = Achievement.objects.filter(facility__in=ids, numerator__isnull=False)
    if total := counts.count():
        said.append(
            ngettext(
                "%(n)s count stays with the unit that reported it.",
                "%(n)s counts stay with the unit that reported them.",
                total,
            )
            % {"n": total}
        )
    if late := counts.filter(week__gte=Week.of(on) + 1).count():
        said.append(
            ngettext(
                "%(n)s of them is of a week after %(day)s.",
                "%(n)s of them are of weeks after %(day)s.",
                late,
            )
            % {"n": late, "day": date_format(on, "j F Y")}
        )
    if problems := Problem.objects.filter(facility__in=ids).unfinished().count():
        said.append(
            ngettext("%(n)s open problem goes on.", "%(n)s open problems go on.", problems)
            % {"n": problems}
        )
    if people := Posting.objects.current(on).filter(facility__in=ids).count():
        said.append(
            ngettext("%(n)s person is posted there.", "%(n)s people are posted there.", people)
            % {"n": people}
        )
    return said

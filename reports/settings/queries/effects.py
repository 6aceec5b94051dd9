"""What a change of targets or shares would do to the statuses: carried out, looked at, taken
back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from reports.figures.queries.facility_lines import facility_lines, judged_on
from reports.shapes import Line


@dataclass(frozen=True, slots=True)
class Effect:
    """A row whose status is another one afterwards."""

    facility: Facility
    before: Line
    after: Line


@dataclass(frozen=True, slots=True)
class Effects:
    changed: tuple[Effect, ...]
    # Of the place itself, one pair an indicator: what the year asks for before and after.
    own: tuple[Effect, ...]
    places: int  # Puskesmas looked at


def effects(facility: Facility, codes: Collection[str], carry_out: Callable[[], object]) -> Effects:
    """By the figures of the last finished week. InvalidInput as the change itself raises it."""
    district: District = facility.district
    week = Week.of(timezone.localdate(timezone=district.zone)) - 1
    places = _places(facility, week)
    on = judged_on(district, week)
    before = facility_lines(places, week, on=on)
    with transaction.atomic():
        carry_out()
        after = facility_lines(places, week, on=on)
        transaction.set_rollback(True)
    pairs = [
        Effect(place, old, new)
        for place in places
        for old, new in zip(before[place.pk], after[place.pk], strict=True)
        if old.indicator.code in codes
    ]
    below = [one for one in pairs if one.facility.kind == FacilityKind.PUSKESMAS]
    return Effects(
        changed=tuple(
            one for one in below if one.before.figures.status != one.after.figures.status
        ),
        own=tuple(one for one in pairs if one.facility.pk == facility.pk),
        places=len({one.facility.pk for one in below}),
    )


def _places(facility: Facility, week: Week) -> Sequence[Facility]:
    """The place itself and every open Puskesmas in it."""
    rows = Facility.objects.subtree(facility).filter(kind=FacilityKind.PUSKESMAS)
    below = rows.open_between(week.start, week.end).exclude(pk=facility.pk)
    return [facility, *below.select_related("district__area").order_by("path")]

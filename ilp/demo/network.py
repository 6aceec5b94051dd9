"""What happened to the network while the demo's history ran: one Pustu each was closed, moved
and renamed, by the same actions as on the page and dated in the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clusters.weeks import Week
from facilities.actions.events import close_facility, move_facility, rename_facility
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from ilp.demo.target_population import people_in

if TYPE_CHECKING:
    from ilp.demo.filing import Cohort

DECREE = "440/{number:03d}/DEMO/{year}"
# Shorter histories and smaller networks stay as they are: there is little to show in them.
LEAST_WEEKS, LEAST_PUSTU = 30, 4
CLOSED_WEEKS_AGO, RENAMED_WEEKS_AGO = 18, 26


@dataclass(frozen=True)
class Changes:
    """Who hung where, and until when; facilities that are not named stayed as they are."""

    closed: dict[int, dt.date] = field(default_factory=dict)  # from this day
    moved: dict[int, tuple[int, dt.date]] = field(default_factory=dict)  # old parent, until

    def is_open(self, facility: Facility, week: Week) -> bool:
        """On at least one day of the week."""
        return week.start < self.closed.get(facility.pk, dt.date.max)

    def parent(self, facility: Facility, week: Week) -> int | None:
        """Under whom it hung on the week's last day."""
        before, day = self.moved.get(facility.pk, (None, dt.date.min))
        return before if week.end < day else facility.parent_id


NO_CHANGES = Changes()


def change_network(groups: Sequence[Cohort], weeks: Sequence[Week], by: User) -> Changes:
    """One Pustu of each of three Puskesmas: the first is renamed, the second moved to its
    neighbour as the year began, the third closed; its Posyandu go to the Puskesmas."""
    last = weeks[-1]
    large = [cohort for cohort in groups if len(cohort.pustu) >= LEAST_PUSTU]
    if len(weeks) < LEAST_WEEKS or len(large) < 4:
        return NO_CHANGES
    renamed, moved = large[0].pustu[-1], large[1].pustu[-1]
    day = (last - RENAMED_WEEKS_AGO).start
    rename_facility(
        facility=renamed, name=f"{renamed.name} (nama baru, demo)", on=day, by=by,
        decree=DECREE.format(number=1, year=day.year),
    )  # fmt: skip
    # Within a year a sum towards a target would speak of two places at once.
    day = max(Week(last.year, 1).start, (weeks[0] + 4).start)
    old = large[1].puskesmas
    move_facility(
        facility=moved, parent=large[2].puskesmas, on=day, by=by,
        decree=DECREE.format(number=2, year=day.year),
    )  # fmt: skip
    changes = Changes(moved={moved.pk: (old.pk, day)})
    day = (last - CLOSED_WEEKS_AGO).start
    # Not where a step of the roll-out is recorded for later.
    settled = [unit for unit in large[3].pustu if not unit.statuses.filter(start_on__gte=day)]
    if not settled:
        return changes
    smallest = min(settled, key=lambda unit: people_in(unit, last.year))
    for posyandu in Facility.objects.filter(parent=smallest, kind=FacilityKind.POSYANDU):
        move_facility(facility=posyandu, parent=large[3].puskesmas, on=day, by=by)
        changes.moved[posyandu.pk] = (smallest.pk, day)
    close_facility(facility=smallest, on=day, by=by, decree=DECREE.format(number=3, year=day.year))
    changes.closed[smallest.pk] = day
    return changes

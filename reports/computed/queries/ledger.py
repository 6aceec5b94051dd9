"""What the reviews, problems and stages say of a district's week, as counts of single facilities.

A fixed number of queries for the whole district. What is not known yet is left out: a Puskesmas
without Pustu has no share of punctual ones, and a week that is not over has none either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Count, F, Func, Q, Value
from django.db.models.fields import TextField

from clusters.weeks import Week
from clusters.windows import is_due
from facilities.models import District, Facility, FacilityStatus, Placement
from facilities.models.facility import FacilityKind, IlpStage, OperatingStatus
from reports.deadlines.days import Milestone, due_at
from reports.deadlines.queries.timeliness import load
from reports.models import FollowUp, WeeklyReview
from reports.models.problem import ProblemStatus

# (facility, indicator) → (count, denominator)
Figures = dict[tuple[int, str], tuple[int, int]]


def review_figures(
    district: District,
    puskesmas: Sequence[Facility],
    week: Week,
    now: dt.datetime,
    signing: WeeklyReview | None = None,
) -> Figures:
    """MAN01 and MAN02. ``signing``: the review that is being sent at this moment."""
    pustu = _pustu_of(puskesmas, week)
    units = Facility.objects.filter(pk__in=pustu)
    loaded = load([*puskesmas, *units], [week])
    closed = due_at(district, week, Milestone.DATA_CLOSED)
    is_over = now > due_at(district, week, Milestone.SENT)
    found: Figures = {}
    for place in puskesmas:
        below = [unit for unit, parent in pustu.items() if parent == place.pk]
        in_time = 0
        for unit in below:
            review = loaded.reviews.get((unit, week))
            at = loaded.sent.get(review.pk) if review is not None else None
            in_time += at is not None and at <= closed
        if below and (now > closed or in_time == len(below)):
            found[place.pk, "MAN01"] = (in_time, len(below))
        own = loaded.reviews.get((place.pk, week))
        if signing is not None and signing.facility_id == place.pk:
            own = signing
        if own is not None:
            found[place.pk, "MAN02"] = (int(own.meeting_on is not None), 1)
        elif is_over:
            found[place.pk, "MAN02"] = (0, 1)
    return found


def _pustu_of(puskesmas: Sequence[Facility], week: Week) -> dict[int, int]:
    """Pustu → Puskesmas, of those open in the week, by where they hung on its last day."""
    is_open = Facility.objects.filter(kind=FacilityKind.PUSTU).open_between(week.start, week.end)
    placed = Placement.objects.current(week.end).filter(
        parent__in=[row.pk for row in puskesmas], facility__in=is_open
    )
    return dict(placed.values_list("facility_id", "parent_id"))


def follow_up_figures(puskesmas: Sequence[Facility], week: Week, today: dt.date) -> Figures:
    """MAN03: of the follow-ups due in the week, those done by their day; none due is 0 of 0, as
    with every share of what was found. Those of rejected problems were not to be done."""
    if today <= week.end:
        return {}
    rows = (
        FollowUp.objects.filter(
            due_on__range=(week.start, week.end),
            problem__facility__path__descendant_of_any=[str(row.path) for row in puskesmas],
        )
        .exclude(problem__status=ProblemStatus.REJECTED)
        .annotate(
            puskesmas=Func(
                Func(F("problem__facility__path"), Value(1), Value(1), function="subpath"),
                function="ltree2text",
                output_field=TextField(),
            )
        )
        .values_list("puskesmas")
        .annotate(due=Count("pk"), done=Count("pk", filter=Q(done_on__lte=F("due_on"))))
        .order_by()
    )
    counts = {int(pk): (done, due) for pk, due, done in rows}
    return {(row.pk, "MAN03"): counts.get(row.pk, (0, 0)) for row in puskesmas}


def stage_figures(offices: Collection[Facility], week: Week, today: dt.date) -> Figures:
    """ILP01 and ILP02, at the Dinkes in the last week of a month: open Puskesmas and Pustu that
    have implemented ILP, on the week's last day or today."""
    if not is_due(week, "monthly") or today < week.start:
        return {}
    on = min(week.end, today)
    found: Figures = {}
    for office in offices:
        rows = FacilityStatus.objects.filter(
            Q(end_on=None) | Q(end_on__gt=on),
            start_on__lte=on,
            operating=OperatingStatus.OPEN,
            facility__path__descendant_of=office.path,
            facility__kind__in=(FacilityKind.PUSKESMAS, FacilityKind.PUSTU),
        )
        done = Count("pk", filter=Q(ilp_stage=IlpStage.IMPLEMENTED))
        counted = rows.values_list("facility__kind").annotate(all=Count("pk"), done=done).order_by()
        for kind, whole, implemented in counted:
            code = "ILP01" if kind == FacilityKind.PUSKESMAS else "ILP02"
            found[office.pk, code] = (implemented, whole)
    return found

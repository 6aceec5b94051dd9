"""A request to somebody outside health, as it stands on paper. No description and no names of
patients: only what a problem is called, where, how many, and what is asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from clusters.models import Indicator
from facilities.models import Facility, Posting
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from reports.figures.queries.references import letterhead, week_ref
from reports.models import FollowUp
from reports.shapes import Letterhead, Signature, WeekRef


@dataclass(frozen=True, slots=True)
class Letter:
    number: str  # empty: dots to fill in by hand
    day: dt.date | None  # None: the same
    recipient: str
    letterhead: Letterhead
    signature: Signature
    sender: str  # «Puskesmas Manggar»
    is_puskesmas: bool  # Dinkes gets a copy
    facility: str
    village: str
    week: WeekRef
    problem: str
    indicator: str
    people_count: int | None
    cause: str
    request: str
    due_on: dt.date
    is_demo: bool


def letter(follow_up: FollowUp, today: dt.date) -> Letter:
    """Sent by the Puskesmas of the problem (the Dinkes for a problem of its own) and signed by
    its head. ``follow_up.problem`` comes with facility and district."""
    problem = follow_up.problem
    facility, district = problem.facility, problem.facility.district
    sender = _sender(facility)
    is_puskesmas = sender.kind == FacilityKind.PUSKESMAS
    indicator = (
        Indicator.objects.filter(code=problem.indicator_code).order_by("-valid_from").first()
    )
    return Letter(
        number=follow_up.letter_number,
        day=follow_up.letter_on,
        recipient=follow_up.owner_name,
        letterhead=letterhead(district, sender if is_puskesmas else None),
        signature=_signature(sender, today),
        sender=sender.name,
        is_puskesmas=is_puskesmas,
        facility=facility.name,
        village=problem.village.name if problem.village else "",
        week=week_ref(problem.week),
        problem=problem.title,
        indicator=indicator.name_id if indicator else "",
        people_count=problem.people_count,
        cause=problem.cause,
        request=follow_up.action,
        due_on=follow_up.due_on,
        is_demo=problem.is_demo,
    )


def _sender(facility: Facility) -> Facility:
    """The nearest Puskesmas at or above the facility, else its Dinkes."""
    row: Facility | None = facility
    while row is not None and row.kind not in {FacilityKind.PUSKESMAS, FacilityKind.DINKES}:
        row = row.parent
    return row or facility


def _signature(sender: Facility, today: dt.date) -> Signature:
    district = sender.district
    if sender.kind == FacilityKind.DINKES:
        title = district.head_title or f"Kepala Dinas Kesehatan {district.area.name}"
        name, rank, nip = district.head_name, district.head_rank, district.head_nip
    else:
        title = f"Kepala UPTD {sender.name}"
        posting = (
            Posting.objects.current(today)
            .filter(facility=sender, role=Role.PUSKESMAS_HEAD)
            .select_related("user")
            .order_by("start_on")
            .last()
        )
        user = posting.user if posting else None
        name, rank, nip = (user.full_name, user.rank, user.nip) if user else ("", "", "")
    return Signature(
        head_name=name, head_title=title, head_rank=rank, head_nip=nip,
        minutes_by="", signed_by="", signed_role="", signed_at=None,
    )  # fmt: skip

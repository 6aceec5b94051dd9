"""Who is told what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from facilities.models.user import Role

if TYPE_CHECKING:
    from facilities.models import District

HEAD = {FacilityKind.PUSKESMAS: Role.PUSKESMAS_HEAD, FacilityKind.PUSTU: Role.PUSTU_HEAD}


def holders(role: str, facility: Facility) -> list[User]:
    """Active people who hold a role at this very facility today, in a lasting order."""
    return holders_at(role, [facility.pk], facility.district).get(facility.pk, [])


def holders_at(role: str, facility_ids: Iterable[int], district: District) -> dict[int, list[User]]:
    """The same for many facilities of a district by facility id. One query."""
    from facilities.models import Posting

    today = timezone.localdate(timezone=district.zone)
    rows = (
        Posting.objects.current(today)
        .filter(role=role, facility__in=list(facility_ids), user__is_active=True)
        .select_related("user")
        .order_by("user_id")
    )
    found: dict[int, list[User]] = {}
    for row in rows:
        found.setdefault(row.facility_id, []).append(row.user)
    return found


def heads(facility: Facility) -> list[User]:
    """The head of a Puskesmas or a Pustu."""
    role = HEAD.get(FacilityKind(facility.kind))
    return holders(role, facility) if role else []


def office(district: District) -> list[User]:
    """The staff of the district health office."""
    dinkes = Facility.objects.filter(district=district, kind=FacilityKind.DINKES).first()
    return holders(Role.DINKES, dinkes) if dinkes else []

"""The tree of facilities as branches, and the search through them.

A district may have well over a thousand Posyandu, so the tree carries their number only; those
of one Puskesmas are read when somebody asks for them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from facilities.codes import same_code
from facilities.days import in_force, where_today
from facilities.models import District, Facility, FacilityStatus, FormerName
from facilities.models.facility import FacilityKind
from facilities.models.user import User
from facilities.text.searching import containing
from reports.figures.queries.references import facility_ref
from reports.shapes import FacilityRef

KINDS = (FacilityKind.PUSKESMAS, FacilityKind.PUSTU, FacilityKind.POSYANDU)
LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Branch:
    """One facility with what hangs below it. ``posyandu`` counts those open on the day, at any
    depth; ``has_posyandu`` says whether they are among the ``children``."""

    facility: FacilityRef
    village: str
    operating: str  # planned, open, closed; empty: no status recorded
    ilp_stage: str
    pustu: int
    posyandu: int
    children: tuple[Branch, ...]
    has_posyandu: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One facility found, with the names of those above it."""

    facility: FacilityRef
    parents: tuple[str, ...]  # nearest first, without the district health office
    district: str
    village: str
    operating: str
    ilp_stage: str


def tree(user: User, district: District, on: dt.date, opened: str = "") -> tuple[Branch, ...]:
    """What a user sees of a district as branches; ``opened`` is the code of the Puskesmas whose
    Posyandu are wanted. Somebody who sees no more than one Puskesmas gets them all.
    Four queries, however many facilities."""
    visible = Facility.objects.visible_to(user).filter(district=district)
    units = list(
        visible.filter(kind__in=[FacilityKind.PUSKESMAS, FacilityKind.PUSTU])
        .select_related("village")
        .order_by("path")
    )
    puskesmas = [row for row in units if row.kind == FacilityKind.PUSKESMAS]
    posyandu = visible.filter(kind=FacilityKind.POSYANDU).select_related("village")
    if len(puskesmas) > 1:
        paths = [str(row.path) for row in puskesmas if same_code(row.code, opened)]
        posyandu = posyandu.filter(path__descendant_of_any=paths) if paths else posyandu.none()
    rows = [*units, *posyandu.order_by("code")]
    counts = _open_posyandu(visible, on)
    return _grow(rows, _statuses(rows, on), counts)


def branch(user: User, code: str, on: dt.date) -> Branch | None:
    """One Puskesmas or Pustu with everything below it; None when the user sees no such."""
    top = Facility.objects.visible_to(user).coded(code).filter(kind__in=KINDS).first()
    if top is None:
        return None
    below = Facility.objects.subtree(top).select_related("village")
    rows = list(below.order_by("path"))
    return _grow(rows, _statuses(rows, on), _open_posyandu(below, on))[0]


def posyandu_of(facility: Facility, on: dt.date) -> tuple[Branch, ...]:
    """The Posyandu below a facility, closed ones too. Two queries."""
    below = Facility.objects.below(facility).filter(kind=FacilityKind.POSYANDU)
    rows = list(below.select_related("village").order_by("code"))
    return _grow(rows, _statuses(rows, on), Counter())


def _open_posyandu(facilities: QuerySet[Facility], on: dt.date) -> Counter[int]:
    """Open Posyandu by the facility they hang under. One query."""
    found = (
        facilities.filter(kind=FacilityKind.POSYANDU)
        .open_on(on)  # type: ignore[attr-defined]
        .order_by()
        .values_list("parent_id")
        .annotate(n=Count("pk"))
    )
    return Counter(dict(found))


def _statuses(rows: Sequence[Facility], on: dt.date) -> dict[int, tuple[str, str]]:
    """(operating, ILP stage) on a day by facility id. One query."""
    return _statuses_where(rows, in_force(on))


def _statuses_where(rows: Sequence[Facility], day: Q) -> dict[int, tuple[str, str]]:
    found = FacilityStatus.objects.filter(day, facility__in=[row.pk for row in rows])
    return {pk: (a, b) for pk, a, b in found.values_list("facility_id", "operating", "ilp_stage")}


def _grow(
    rows: Sequence[Facility], statuses: dict[int, tuple[str, str]], counts: Counter[int]
) -> tuple[Branch, ...]:
    """Branches from a flat list. Roots are those whose parent is not in it."""
    ids = {row.pk for row in rows}
    below: dict[int | None, list[Facility]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (KINDS.index(FacilityKind(row.kind)), row.code)):
        below[row.parent_id if row.parent_id in ids else None].append(row)

    def grown(row: Facility) -> Branch:
        children = tuple(grown(child) for child in below[row.pk])
        pustu = sum(child.facility.kind == FacilityKind.PUSTU for child in children)
        operating, stage = statuses.get(row.pk, ("", "none"))
        return Branch(
            facility=facility_ref(row),
            village=row.village.name if row.village else "",
            operating=operating,
            ilp_stage=stage,
            pustu=pustu,
            posyandu=counts[row.pk] + sum(child.posyandu for child in children),
            children=children,
            has_posyandu=any(
                child.facility.kind == FacilityKind.POSYANDU or child.has_posyandu
                for child in children
            ),
        )

    return tuple(grown(row) for row in below[None])


def cleaned(text: str) -> str:
    """What a reader typed: without control characters, single spaces, not too long."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable[:LONGEST_QUERY].split())


def search(user: User, district: District | None, text: str, kind: str) -> QuerySet[Facility]:
    """Facilities whose name or code contains every word of ``text`` (cleaned)."""
    found = Facility.objects.visible_to(user).filter(kind__in=[kind] if kind else KINDS)
    if district is not None:
        found = found.filter(district=district)
    for word in text.split():
        former = FormerName.objects.filter(containing(word, "name"), facility=OuterRef("pk"))
        found = found.filter(containing(word, "name", "code") | Q(Exists(former)))
    return found.select_related("village", "district__area", "parent__parent").order_by("path")


def hits(rows: Sequence[Facility], now: dt.datetime) -> tuple[Hit, ...]:
    """Search results as shown, each by the day where it stands. One query."""
    statuses = _statuses_where(rows, where_today("facility__district", in_force, now))
    return tuple(_hit(row, *statuses.get(row.pk, ("", "none"))) for row in rows)


def _hit(row: Facility, operating: str, stage: str) -> Hit:
    above = [row.parent, row.parent.parent if row.parent else None]
    return Hit(
        facility=facility_ref(row),
        parents=tuple(
            parent.name for parent in above if parent and parent.kind != FacilityKind.DINKES
        ),
        district=str(row.district),
        village=row.village.name if row.village else "",
        operating=operating,
        ilp_stage=stage,
    )

"""Hang a facility, with everything below it, under another parent."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models import Facility
from facilities.models.facility import FacilityKind

_PARENTS = {
    FacilityKind.PUSKESMAS: {FacilityKind.DINKES},
    FacilityKind.PUSTU: {FacilityKind.PUSKESMAS},
    FacilityKind.POSYANDU: {FacilityKind.PUSTU, FacilityKind.PUSKESMAS},
}
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('clusters_rollup'), %s)"
# Deepest first: an ancestor is the sum of its children's totals.
_ANCESTORS = """
SELECT id FROM facilities_facility
WHERE path @> ANY(%s::ltree[]) ORDER BY nlevel(path) DESC, id
"""
_REFRESH = """
SELECT clusters_rollup_series(%s, indicator_code, year, min(week))
FROM clusters_achievementtotal WHERE facility_id = %s GROUP BY indicator_code, year
"""


def check_can_move(facility: Facility, parent: Facility) -> None:
    """InvalidInput when this kind of facility cannot hang there."""
    if parent.kind not in _PARENTS.get(FacilityKind(facility.kind), set()):
        raise InvalidInput(
            {
                "parent": _("A {kind} cannot hang under a {parent_kind}.").format(
                    kind=facility.get_kind_display(), parent_kind=parent.get_kind_display()
                )
            }
        )
    if parent.district_id != facility.district_id:
        raise InvalidInput({"parent": _("The new parent belongs to another district.")})


@transaction.atomic
def move_facility(*, facility: Facility, parent: Facility) -> Facility:
    """Move a facility with its subtree and bring the totals of all old and new ancestors right.

    Past weeks move too: the totals always follow the tree as it is now. Raises InvalidInput.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [facility.district_id])
        facility = Facility.objects.select_for_update().get(pk=facility.pk)
        parent = Facility.objects.get(pk=parent.pk)
        check_can_move(facility, parent)
        if facility.parent_id == parent.pk:
            return facility
        paths = [
            Facility.objects.values_list("path", flat=True).get(children=facility),
            parent.path,
        ]
        facility.parent = parent
        facility.save(update_fields=["parent"])
        cursor.execute(_ANCESTORS, [paths])
        for (ancestor,) in cursor.fetchall():
            cursor.execute(_REFRESH, [ancestor, facility.pk])
            cursor.fetchall()
    facility.refresh_from_db()
    return facility

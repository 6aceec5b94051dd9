"""Fix the official denominators of a year."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from facilities.models import District, User
from lifecycle.models import TargetPopulation


@transaction.atomic
def lock_target_population(*, district: District, year: int, by: User) -> int:
    """Lock every figure of the district's villages and facilities for a year.

    Returns how many were locked now; those locked before keep their moment and author. From
    then on the database refuses to change or delete them.
    """
    inside = Q(village__code__startswith=f"{district.code}.") | Q(facility__district=district)
    rows = TargetPopulation.objects.filter(inside, year=year, locked_at=None)
    return rows.update(locked_at=timezone.now(), locked_by=by)

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from facilities.models import Facility, ServiceArea

if TYPE_CHECKING:
    from facilities.querysets import AnyUser


class TargetPopulationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: AnyUser) -> Self:
        """Figures of facilities in the user's area and of the villages these serve."""
        facilities = Facility.objects.visible_to(user)
        return self.filter(
            Q(facility__in=facilities)
            | Q(village__in=ServiceArea.objects.filter(facility__in=facilities).values("village"))
        )

"""Under which facility a facility hung when: counts stay with the ancestors of their week."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.models.facility import DateRange, Facility
from facilities.querysets import PlacementQuerySet


@pghistory.track()
class Placement(models.Model):
    """A facility hung under ``parent`` from ``start_on`` up to, not including, ``end_on``.

    ``Facility.parent`` says where it hangs today, and who sees it follows from that; sums take for
    each week the parent that was in force on the week's last day. A new facility gets its first
    row from the database, and one that is hung elsewhere without a date moves today.
    """

    facility = models.ForeignKey(
        Facility, models.CASCADE, related_name="placements", verbose_name=_("facility")
    )
    parent = models.ForeignKey(
        Facility, models.PROTECT, related_name="placed_below", verbose_name=_("parent")
    )
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until (exclusive)"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["facility", "start_on"]
        constraints = [
            models.CheckConstraint(
                name="placement_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            models.CheckConstraint(
                name="placement_not_below_itself", condition=~Q(facility=F("parent"))
            ),
            ExclusionConstraint(
                name="placement_one_at_a_time",
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    (
                        DateRange("start_on", "end_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} < {self.parent_id} {self.start_on}"

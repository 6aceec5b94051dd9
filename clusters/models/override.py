"""A sum replaced by a person: both values and the reason are kept."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField
from facilities.text.model_fields import ShortTextField


# Withdrawing deletes the row; its history says what stood there and who took it back.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SumOverride(models.Model):
    """The figure a Puskesmas uses in place of the sum of its own count and those below it, for
    one indicator in one week. Totals from here upward use it; the rows below stay as reported.
    """

    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, related_name="sum_overrides"
    )
    indicator_code = models.CharField(_("indicator"), max_length=8)
    week = WeekField(_("week"))
    year = models.PositiveSmallIntegerField(editable=False)  # epidemiological year of the week
    numerator = models.PositiveIntegerField(_("count used"))
    denominator = models.PositiveIntegerField(_("denominator used"), null=True, blank=True)
    # What the sum was when it was replaced; the page says so when it has changed since.
    sum_numerator = models.BigIntegerField(_("sum replaced"), null=True)
    sum_denominator = models.BigIntegerField(null=True)
    reason = ShortTextField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("replaced sum")
        verbose_name_plural = _("replaced sums")
        constraints = [
            models.UniqueConstraint(
                name="sum_override_once", fields=["facility", "week", "indicator_code"]
            ),
            models.CheckConstraint(name="sum_override_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="sum_override_week_starts_on_sunday", condition=Q(week__week_day=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.indicator_code} {self.week}: {self.numerator}"

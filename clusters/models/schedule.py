"""When a year's target falls due, and which indicators a meeting looks at: a district's choices."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField


@pghistory.track()
class DueShares(models.Model):
    """A district's own row of twelve cumulative shares for a profile, from a date on. Reviews
    signed before keep the shares they were judged by."""

    district = models.ForeignKey(
        "facilities.District", models.CASCADE, related_name="due_shares", verbose_name=_("district")
    )
    profile = models.CharField(_("profile"), max_length=12)
    valid_from = models.DateField(_("valid from"))
    shares = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=4), size=12, verbose_name=_("shares")
    )
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("due shares")
        verbose_name_plural = _("due shares")
        ordering = ["profile", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="due_shares_one_per_date", fields=["district", "profile", "valid_from"]
            ),
            models.CheckConstraint(name="due_shares_twelve", condition=Q(shares__len=12)),
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.valid_from}"


@pghistory.track()
class PriorityList(models.Model):
    """The indicators the meetings below a facility look at, from a week on: a whole list, not a
    change to the one before. The district office chooses for all; a Puskesmas adds to it."""

    facility = models.ForeignKey(
        "facilities.Facility", models.CASCADE, related_name="priority_lists"
    )
    from_week = WeekField(_("counts from week"))
    indicator_codes = ArrayField(models.CharField(max_length=8), verbose_name=_("indicators"))
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("priorities")
        verbose_name_plural = _("priorities")
        ordering = ["facility", "from_week"]
        constraints = [
            models.UniqueConstraint(
                name="priority_list_one_per_week", fields=["facility", "from_week"]
            ),
            models.CheckConstraint(
                name="priority_list_starts_on_sunday", condition=Q(from_week__week_day=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.from_week}"

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import LineField


@pghistory.track()
class Target(models.Model):
    """An indicator's annual target for a facility and everything below it that has none of its
    own: the nearest facility upwards wins, then the indicator's own ``annual_target``.

    One that changes within the year is a second row with the month it counts from; the months
    before keep the old one. A retroactive change replaces the row of month 1, with a reason."""

    facility = models.ForeignKey("facilities.Facility", models.CASCADE, related_name="targets")
    indicator_code = models.CharField(_("indicator"), max_length=8)
    year = models.PositiveSmallIntegerField(_("year"))
    from_month = models.PositiveSmallIntegerField(_("counts from month"), default=1)
    reason = LineField(_("reason"), max_length=300, blank=True)
    annual_target = models.DecimalField(_("annual target"), max_digits=7, decimal_places=2)
    monthly_profile = ArrayField(
        models.DecimalField(max_digits=6, decimal_places=3), size=12, default=list, blank=True,
        verbose_name=_("monthly profile"),
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["year", "indicator_code", "from_month"]
        constraints = [
            models.UniqueConstraint(
                name="target_one_per_facility_month",
                fields=["facility", "indicator_code", "year", "from_month"],
            ),
            models.CheckConstraint(
                name="target_from_a_month", condition=Q(from_month__gte=1, from_month__lte=12)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.year}: {self.annual_target}"

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Target(models.Model):
    """An indicator's annual target for a facility and everything below it that has none of its
    own: the nearest facility upwards wins, then the indicator's own ``annual_target``."""

    facility = models.ForeignKey("facilities.Facility", models.CASCADE, related_name="targets")
    indicator_code = models.CharField(_("indicator"), max_length=8)
    year = models.PositiveSmallIntegerField(_("year"))
    annual_target = models.DecimalField(_("annual target"), max_digits=7, decimal_places=2)
    monthly_profile = ArrayField(
        models.DecimalField(max_digits=6, decimal_places=3), size=12, default=list, blank=True,
        verbose_name=_("monthly profile"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["year", "indicator_code"]
        constraints = [
            models.UniqueConstraint(
                name="target_one_per_facility_year", fields=["facility", "indicator_code", "year"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.year}: {self.annual_target}"

"""What makes a figure worth a second look, as data, and who said that it is right all the same."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.models.achievement import Achievement
from facilities.text.model_fields import NameField


class PlausibilityKind(models.TextChoices):
    """The comparisons the engine knows; which indicators they apply to is data."""

    ABOVE_POPULATION = "above_population", _("above a share of the target population")
    ABOVE_USUAL = "above_usual", _("several times the usual")
    FALLING_CUMULATIVE = "falling", _("cumulative figure falling")
    NOT_ABOVE_OTHER = "not_above", _("not above another indicator")


@pghistory.track()
class PlausibilityRule(models.Model):
    """One rule. An empty indicator code means every indicator the kind makes sense for."""

    code = models.CharField(_("code"), max_length=24, primary_key=True)
    kind = models.CharField(_("comparison"), max_length=16, choices=PlausibilityKind)
    indicator_code = models.CharField(_("indicator"), max_length=8, blank=True)
    other_code = models.CharField(_("other indicator"), max_length=8, blank=True)
    # 1.2 = 120 % of the target population; 3 = three times the usual week.
    factor = models.DecimalField(_("factor"), max_digits=6, decimal_places=2, default=1)
    # Below this count no rule of «several times the usual» speaks up.
    minimum = models.PositiveIntegerField(_("smallest count"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    source = NameField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("plausibility rule")
        verbose_name_plural = _("plausibility rules")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


@pghistory.track()
class PlausibilityConfirmation(models.Model):
    """«Benar»: somebody looked again at exactly these numbers. Another number asks again."""

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="confirmations")
    rule_code = models.CharField(max_length=24)
    numerator = models.PositiveIntegerField(null=True)
    denominator = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="plausibility_confirmed_once",
                fields=["achievement", "rule_code", "numerator", "denominator"],
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.rule_code}"

"""Problems the figures themselves suggest: an indicator whose last closed period is Jelek."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField
from facilities.querysets import ScopedQuerySet
from facilities.text.model_fields import ShortTextField
from reports.models.problem import Problem


class SuggestionQuerySet(ScopedQuerySet):
    """``visible_to(user)`` follows the facility."""


class SuggestionState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    DISMISSED = "dismissed", _("Dismissed")
    WITHDRAWN = "withdrawn", _("Withdrawn")  # the figures no longer say so


@pghistory.track()
class ProblemSuggestion(models.Model):
    """A drafted problem with its numbers, waiting for one tap."""

    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, related_name="problem_suggestions"
    )
    indicator_code = models.CharField(_("indicator"), max_length=8)
    week = WeekField(_("week"))  # the week whose look found these figures
    # Only of those made before judgement went by closed periods, which name no period.
    weeks_running = models.PositiveSmallIntegerField(default=3)
    # {"population", "target", "cumulative", "gap"} in people, as strings of whole numbers, and
    # the words for them: {"people_id", "people_en", "direction", "colour"}; of which closed
    # period: {"period", "profile"}.
    figures = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=SuggestionState, default=SuggestionState.OPEN
    )
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    reason = ShortTextField(_("reason for dismissing"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested problem")
        verbose_name_plural = _("suggested problems")
        ordering = ["facility", "indicator_code"]
        constraints = [
            models.UniqueConstraint(
                name="suggestion_one_open_per_row",
                fields=["facility", "indicator_code"],
                condition=Q(state="open"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.indicator_code} {self.week}"

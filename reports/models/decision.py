"""What the meeting decided: on each row behind its target, and in free words."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import LineField, ShortTextField
from reports.models.problem import Problem
from reports.models.review import WeeklyReview


class RowDecisionKind(models.TextChoices):
    """Every red row gets one of these (weekly review guide, section D)."""

    FOLLOW_UP = "follow_up", _("Follow-up")
    ESCALATE = "escalate", _("Escalated")
    MONITOR = "monitor", _("Monitored")


@pghistory.track()
class RowDecision(models.Model):
    """The decision on one indicator of one review."""

    review = models.ForeignKey(WeeklyReview, models.CASCADE, related_name="row_decisions")
    indicator_code = models.CharField(_("indicator"), max_length=8)
    kind = models.CharField(_("decision"), max_length=10, choices=RowDecisionKind)
    reason = ShortTextField(_("reason"), max_length=500, blank=True)
    # The problem that carries the follow-up or the escalation.
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="row_decisions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("decision on a row")
        verbose_name_plural = _("decisions on rows")
        ordering = ["indicator_code"]
        constraints = [
            models.UniqueConstraint(
                name="row_decision_one_per_row", fields=["review", "indicator_code"]
            ),
            models.CheckConstraint(
                name="row_decision_monitor_has_reason",
                condition=~Q(kind="monitor") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="row_decision_action_has_problem",
                condition=Q(kind="monitor") | Q(problem__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.indicator_code}: {self.kind}"


@pghistory.track()
class MeetingDecision(models.Model):
    """One numbered line of the minutes. Numbers are given in order and never given again."""

    review = models.ForeignKey(WeeklyReview, models.CASCADE, related_name="meeting_decisions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = LineField(_("decision"), max_length=500)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("decision of the meeting")
        verbose_name_plural = _("decisions of the meeting")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="meeting_decision_number_once", fields=["review", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

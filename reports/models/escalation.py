"""A problem put before a higher level: why, by whom or by the clock, and the answer."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import LongTextField, ShortTextField
from reports.models.problem import Problem
from reports.states import UNFINISHED

# Not answered, and the problem is not solved without an answer.
WAITING = Q(answered_at=None, problem__status__in=UNFINISHED)


class EscalationReason(models.TextChoices):
    """When the clock or a person puts a problem higher (domain/ilp.md section 9)."""

    ASKED = "asked", _("Asked for")
    OVERDUE_TWICE = "overdue_twice", _("Overdue twice")
    MANY_VILLAGES = "many_villages", _("Same problem in three or more villages")
    EVENT = "event", _("Death, outbreak or violence")


@pghistory.track()
class Escalation(models.Model):
    """One level asked for an answer on one problem. The problem itself stays where it is, and
    those who reported it see every escalation and its answer."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="escalations")
    to_facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, related_name="escalations_received"
    )
    reason = models.CharField(_("reason"), max_length=16, choices=EscalationReason)
    comment = ShortTextField(_("what is asked"), max_length=500, blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: the clock
    raised_at = models.DateTimeField(_("escalated"), default=timezone.now)
    answer_due_at = models.DateTimeField(_("answer due"))
    answer = LongTextField(_("answer"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["raised_at", "pk"]
        constraints = [
            # The clock may look as often as it likes: one open question per level.
            models.UniqueConstraint(
                name="escalation_one_open_per_level",
                fields=["problem", "to_facility"],
                condition=Q(answered_at__isnull=True),
            ),
            models.CheckConstraint(
                name="escalation_answered_has_who_and_what",
                condition=Q(answered_at=None, answered_by=None)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_facility"],
                name="escalation_open_by_level",
                condition=Q(answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} > {self.to_facility_id}"

"""Deaths and other events, one row each: what happened, where and when. Never a person's name."""

from __future__ import annotations

import datetime as dt
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.fields import WeekField
from facilities.querysets import ScopedQuerySet
from facilities.text.model_fields import ShortTextField
from reports.models.problem import Problem, ProblemEvent, ProblemStatus

# Alert indicators that count deaths; any other alert indicator counts outbreaks.
DEATHS = frozenset(
    {"KIA14", "KIA15", "KIA33", "KIA34", "KIA35", "KIA36", "KIA37", "KIA38", "DBD02"}
)
# Sums of others (monthly_logic.md section 7): an event belongs to one of the parts.
PARTS: dict[str, tuple[str, ...]] = {
    "KIA15": ("KIA35", "KIA36", "KIA37"),
    "KIA34": ("KIA35", "KIA36"),
}
NOTICE = dt.timedelta(days=1)  # the Dinkes is to know within 24 hours


def kind_of(indicator_code: str) -> str:
    """What an event of an alert indicator is."""
    return ProblemEvent.DEATH if indicator_code in DEATHS else ProblemEvent.OUTBREAK


class EventPlace(models.TextChoices):
    HOME = "home", pgettext_lazy("place", "At home")
    PUSTU = "pustu", _("Pustu or Poskesdes")
    PUSKESMAS = "puskesmas", _("Puskesmas")
    HOSPITAL = "hospital", _("Hospital (RSUD)")
    OTHER_FACILITY = "facility", _("Other health facility")
    ON_THE_WAY = "way", _("On the way")
    OTHER = "other", pgettext_lazy("place", "Elsewhere")


class AgeUnit(models.TextChoices):
    DAYS = "days", _("days")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")


class EventQuerySet(ScopedQuerySet):
    """``visible_to(user)`` follows the facility."""

    def standing(self) -> EventQuerySet:
        """Without those that were recorded by mistake."""
        return self.filter(withdrawn_at=None).exclude(problem__status=ProblemStatus.REJECTED)


@pghistory.track()
class HealthEvent(models.Model):
    """One case of an alert indicator with its own follow-up, ``problem``. It stands in the first
    block of every list until that is closed, and a death's is not closed without its audit."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, related_name="health_events",
        verbose_name=_("facility"),
    )  # fmt: skip
    # The week whose report counts it; one that was heard of late may have happened before.
    week = WeekField(_("counted in week"))
    indicator_code = models.CharField(_("what happened"), max_length=8)
    occurred_on = models.DateField(_("date of the event"))
    village = models.ForeignKey(
        "facilities.Area", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("village of residence"),
    )  # fmt: skip
    place = models.CharField(_("place of the event"), max_length=10, choices=EventPlace)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    age_unit = models.CharField(_("unit of the age"), max_length=6, choices=AgeUnit, blank=True)
    note = ShortTextField(_("what is known"), max_length=500, blank=True)
    notified_on = models.DateField(_("Dinkes notified on"))
    audited_on = models.DateField(_("audited on"), null=True, blank=True)
    audit_result = ShortTextField(_("result of the audit"), max_length=500, blank=True)
    audited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = ShortTextField(_("why it was withdrawn"), max_length=500, blank=True)
    problem = models.OneToOneField(Problem, models.PROTECT, related_name="health_event")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["occurred_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="event_age_has_unit",
                condition=Q(age=None, age_unit="") | (Q(age__isnull=False) & ~Q(age_unit="")),
            ),
            models.CheckConstraint(
                name="event_audit_has_day_result_and_who",
                condition=Q(audited_on=None, audited_by=None, audit_result="")
                | (Q(audited_on__isnull=False, audited_by__isnull=False) & ~Q(audit_result="")),
            ),
            models.CheckConstraint(
                name="event_audit_and_notice_not_before_it",
                condition=(Q(audited_on=None) | Q(audited_on__gte=F("occurred_on")))
                & Q(notified_on__gte=F("occurred_on")),
            ),
            models.CheckConstraint(
                name="event_withdrawn_has_reason_and_who",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
            ),
        ]
        indexes = [models.Index(fields=["facility", "week"], name="event_by_facility_week")]

    def __str__(self) -> str:
        return f"{self.indicator_code} {self.occurred_on}"

    @property
    def kind(self) -> str:
        return kind_of(self.indicator_code)

    @property
    def needs_audit(self) -> bool:
        return self.kind == ProblemEvent.DEATH and self.withdrawn_at is None

    @property
    def is_notified_in_time(self) -> bool:
        return self.notified_on <= self.occurred_on + NOTICE

"""Problems reported from a village or a meeting and what is done about them."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField
from facilities.days import where_today
from facilities.querysets import ScopedQuerySet
from facilities.text.model_fields import (
    ComposedField,
    LineField,
    LongTextField,
    NameField,
    ShortTextField,
)
from reports.states import CLOSED, UNFINISHED


class ProblemQuerySet(ScopedQuerySet):
    def unfinished(self) -> ProblemQuerySet:
        return self.filter(status__in=UNFINISHED)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def overdue(self, now: dt.datetime) -> Self:
        """Still to be done after their date: of open problems, by the day it is where each one's
        facility stands. The same as ``states.days_overdue`` says of a row."""

        def late(day: dt.date) -> Q:
            return Q(due_on__lt=day, done_on=None, problem__status__in=UNFINISHED)

        return self.filter(where_today("problem__facility__district", late, now))


class ProblemStatus(models.TextChoices):
    """dilaporkan, diterima, rtl_ditetapkan, proses, selesai, diverifikasi; side exits
    dieskalasi, ditolak, dibuka_kembali (domain/ilp.md section 9)."""

    REPORTED = "reported", _("Reported")
    ACCEPTED = "accepted", _("Accepted")
    PLANNED = "planned", _("Follow-up planned")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    VERIFIED = "verified", _("Verified")
    ESCALATED = "escalated", _("Escalated")
    REJECTED = "rejected", _("Rejected")
    REOPENED = "reopened", _("Reopened again")


class ProblemCategory(models.TextChoices):
    STAFF = "staff", _("Staff")
    EQUIPMENT = "equipment", _("Equipment")
    SUPPLIES = "supplies", _("Medicines and vaccines")
    FUNDS = "funds", _("Funds")
    ACCESS = "access", _("Access")
    DATA = "data", _("Data")
    ACCEPTANCE = "acceptance", _("Acceptance by people")
    REFERRAL = "referral", _("Referral")
    OUTBREAK = "outbreak", _("Outbreak")
    CROSS_SECTOR = "cross_sector", _("Cross-sector")
    OTHER = "other", _("Other")


class ProblemEvent(models.TextChoices):
    """What goes up at once and never waits for the weekly meeting."""

    DEATH = "death", _("Death")
    OUTBREAK = "outbreak", _("Outbreak")
    VIOLENCE = "violence", _("Violence")


class ProblemOrigin(models.TextChoices):
    PERSON = "person", _("Reported by a person")
    ROW = "row", _("Decided on a row of the review")
    SUGGESTION = "suggestion", _("Accepted suggestion")


class OwnerKind(models.TextChoices):
    HEALTH = "health", _("Health service")
    DISTRICT_OFFICE = "district_office", _("Other district office")
    SUBDISTRICT = "subdistrict", _("Camat")
    VILLAGE = "village", _("Village head")
    VILLAGE_FORUM = "village_forum", _("Village health forum (FKD)")
    RELIGIOUS_OFFICE = "religious_office", _("Religious affairs office (KUA)")
    SCHOOL = "school", _("School")
    OTHER = "other", _("Other")


class Priority(models.TextChoices):
    """Time limits: emergency 24 hours, high 7 days, medium 14 days, low next mini-workshop."""

    EMERGENCY = "emergency", _("Emergency")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]  # USG scores


@pghistory.track()
class Problem(models.Model):
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, related_name="problems", verbose_name=_("facility")
    )
    week = WeekField(_("week reported"))
    title = LineField(_("problem"), max_length=200)
    description = LongTextField(_("description"), blank=True, max_length=4000)
    village = models.ForeignKey(
        "facilities.Area", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("village"),
    )  # fmt: skip
    cluster_code = models.CharField(_("cluster"), max_length=4, blank=True)
    group_code = models.CharField(_("group"), max_length=12, blank=True)
    indicator_code = models.CharField(_("indicator"), max_length=8, blank=True)
    people_count = models.PositiveIntegerField(_("number of people"), null=True, blank=True)
    cause = ShortTextField(_("root cause"), max_length=500, blank=True)
    category = models.CharField(
        _("category"), max_length=14, choices=ProblemCategory, default=ProblemCategory.OTHER
    )
    priority = models.CharField(
        _("priority"), max_length=10, choices=Priority, default=Priority.MEDIUM
    )
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), null=True, blank=True, validators=ONE_TO_FIVE
    )
    seriousness = models.PositiveSmallIntegerField(
        _("seriousness"), null=True, blank=True, validators=ONE_TO_FIVE
    )
    growth = models.PositiveSmallIntegerField(
        _("growth"), null=True, blank=True, validators=ONE_TO_FIVE
    )
    status = models.CharField(
        _("status"), max_length=12, choices=ProblemStatus, default=ProblemStatus.REPORTED
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(_("reported"), auto_now_add=True)
    # Made by the device that reported it: sent twice over a bad line, it is still one problem.
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    event = models.CharField(_("urgent event"), max_length=10, choices=ProblemEvent, blank=True)
    origin = models.CharField(
        _("origin"), max_length=10, choices=ProblemOrigin, default=ProblemOrigin.PERSON
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closing_evidence = ShortTextField(_("evidence of closing"), max_length=500, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["-reported_at"]
        constraints = [
            models.CheckConstraint(
                name="problem_closed_when_done",
                condition=~Q(status__in=[one for one in ProblemStatus.values if one in CLOSED])
                | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_verified_by_another_than_the_doer",
                condition=Q(verified_by=None) | Q(done_by=None) | ~Q(verified_by=F("done_by")),
            ),
        ]
        indexes = [models.Index(fields=["facility", "status"], name="problem_by_facility_status")]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class FollowUp(models.Model):
    """A follow-up (RTL): one action, one owner, one due date."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="follow_ups")
    action = LineField(_("follow-up"), max_length=500, blank=True)
    # The owner may be outside health: a name or office is always there, an account may be.
    owner_name = NameField(_("person in charge"), max_length=150)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    due_on = models.DateField(_("due"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = ShortTextField(_("evidence"), max_length=500, blank=True)
    escalated_to = NameField(_("escalated to"), max_length=150, blank=True)
    owner_kind = models.CharField(
        _("owner belongs to"), max_length=16, choices=OwnerKind, default=OwnerKind.HEALTH
    )
    # A letter to somebody outside health, and what they answered.
    letter_number = NameField(_("letter number"), max_length=100, blank=True)
    letter_on = models.DateField(_("letter of"), null=True, blank=True)
    answer = LongTextField(_("answer"), blank=True, max_length=2000)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.action or self.owner_name


class ProblemStep(models.Model):
    """One step of a problem: the timeline."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="steps")
    action = models.CharField(max_length=20)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12, choices=ProblemStatus)
    week = WeekField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    comment = ComposedField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.action}"

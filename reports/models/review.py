"""The weekly review of a Puskesmas or a Pustu and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField
from facilities.querysets import ScopedQuerySet, WeeklyQuerySet, reads_from_outside
from facilities.text.model_fields import LongTextField, NameField, ShortTextField

if TYPE_CHECKING:
    from facilities.querysets import AnyUser


class ReviewQuerySet(WeeklyQuerySet):
    """The province sees a review from its first sending on: what was signed stays readable while
    it is corrected."""

    def was_sent(self) -> Q:
        signed = self.model.revisions.rel.related_model.objects
        return super().was_sent() | Q(Exists(signed.filter(review=OuterRef("pk"))))

    def figures_open_to(self, user: AnyUser, review: WeeklyReview) -> bool:
        """Whether somebody may see the counts of a review as they are now, not as signed."""
        rows = self.visible_to(user).filter(pk=review.pk)
        if reads_from_outside(user):
            rows = rows.filter(super().was_sent() | self.opened())
        return rows.exists()


class ReviewStatus(models.TextChoices):
    OPEN = "open", _("Open")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    REOPENED = "reopened", _("Reopened")


@pghistory.track()
class WeeklyReview(models.Model):
    """One facility (Puskesmas or Pustu) in one week. ``revision`` is the one being written
    or, once submitted, the one that stands; each submitted revision is kept frozen."""

    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="reviews")
    week = WeekField(_("week"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReviewStatus, default=ReviewStatus.OPEN
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    # Rises with every saved change of the head data: two people saving, the second is told.
    version = models.PositiveIntegerField(default=1)
    meeting_on = models.DateField(_("meeting held on"), null=True, blank=True)
    meeting_place = NameField(_("place"), max_length=120, blank=True)
    chair_name = NameField(_("chair"), max_length=120, blank=True)
    minutes_by = NameField(_("minutes by"), max_length=120, blank=True)
    conclusion = LongTextField(_("conclusion"), blank=True, max_length=4000)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("approved or returned"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = ShortTextField(_("reason of return or reopening"), max_length=500, blank=True)
    # Why red rows were sent without a decision; empty when each has one.
    undecided_reason = ShortTextField(
        _("reason for rows without decision"), max_length=500, blank=True
    )
    # The other answers that were given in place of what was asked for before sending. Each is
    # empty where nothing was open, and each is printed.
    no_meeting_reason = ShortTextField(
        _("reason for no meeting"), max_length=500, blank=True, default=""
    )
    empty_reason = ShortTextField(
        _("reason for empty indicators"), max_length=500, blank=True, default=""
    )
    doubts_reason = ShortTextField(
        _("reason for figures not confirmed"), max_length=500, blank=True, default=""
    )
    problems_reason = ShortTextField(
        _("reason for problems without decision"), max_length=500, blank=True, default=""
    )
    events_reason = ShortTextField(
        _("reason for cases without an event record"), max_length=500, blank=True, default=""
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly review")
        verbose_name_plural = _("weekly reviews")
        ordering = ["-week", "facility__code"]
        constraints = [
            models.UniqueConstraint(
                name="weekly_review_one_per_facility_week", fields=["facility", "week"]
            ),
            models.CheckConstraint(
                name="weekly_review_submitted_has_when_and_who",
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="weekly_review_submitted_status_has_moment",
                condition=~Q(status__in=["submitted", "approved"]) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="weekly_review_returned_has_reason",
                condition=~Q(status__in=["returned", "reopened"]) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(fields=["week", "status"], name="weekly_review_week_status")]

    def __str__(self) -> str:
        return f"{self.facility} {self.week}"

    @property
    def is_editable(self) -> bool:
        return self.status in {ReviewStatus.OPEN, ReviewStatus.RETURNED, ReviewStatus.REOPENED}


@pghistory.track()
class ReviewRevision(models.Model):
    """What was signed, frozen: the whole sheet as it stood when it was submitted."""

    review = models.ForeignKey(WeeklyReview, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.ForeignKey("reports.Snapshot", models.PROTECT, related_name="+")
    document_number = models.CharField(max_length=100)
    # Counts over the lines (shapes.Tally), for lists that need no whole sheet.
    tally = models.JSONField(default=dict)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_role = models.CharField(max_length=20)

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(name="review_revision_once", fields=["review", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.review_id} rev. {self.number}"


class ReviewStep(models.Model):
    """One step of a review through its states; written by the transition, never changed."""

    review = models.ForeignKey(WeeklyReview, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=20)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10, choices=ReviewStatus)
    revision = models.PositiveSmallIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # null: the clock
    at = models.DateTimeField(auto_now_add=True)
    reason = ShortTextField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.review_id} {self.action}"


@pghistory.track()
class Attendance(models.Model):
    """Who sat in the meeting: one row per Pustu (its head) and per other person."""

    review = models.ForeignKey(WeeklyReview, models.CASCADE, related_name="attendances")
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = NameField(_("name"), max_length=120, blank=True)
    position = NameField(_("position"), max_length=120, blank=True)
    is_present = models.BooleanField(_("present"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="attendance_one_per_review_facility",
                fields=["review", "facility"],
                condition=Q(facility__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.facility)


@pghistory.track()
class ExcusedWeek(models.Model):
    """A week that a facility never sent, and why: the weeks after it can be sent all the same.
    Once the week is sent, the excuse has nothing left to excuse."""

    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="+")
    week = WeekField(_("week"))
    reason = ShortTextField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("excused week")
        verbose_name_plural = _("excused weeks")
        ordering = ["facility", "week"]
        constraints = [
            models.UniqueConstraint(name="excused_week_once", fields=["facility", "week"]),
            models.CheckConstraint(name="excused_week_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.week}"

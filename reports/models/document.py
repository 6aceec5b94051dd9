"""PDF documents: what was asked for, how far it is, where the file lies."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField
from facilities.querysets import WeeklyQuerySet, reads_from_outside

if TYPE_CHECKING:
    from facilities.querysets import AnyUser


class DocumentQuerySet(WeeklyQuerySet):
    """The province sees what was signed; a recap of the district once every Puskesmas has."""

    def was_sent(self) -> Q:
        return ~Q(kind=DocumentKind.DISTRICT_WEEKLY) | super().was_sent()

    def visible_to(self, user: AnyUser) -> Self:
        rows = super().visible_to(user)
        return rows.filter(is_draft=False) if reads_from_outside(user) else rows


class Snapshot(models.Model):
    """Figures frozen as canonical JSON, named by the SHA-256 of these bytes."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=20)
    content = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class DocumentKind(models.TextChoices):
    PUSKESMAS_WEEKLY = "puskesmas_weekly", _("Weekly report of a Puskesmas")
    PUSTU_WEEKLY = "pustu_weekly", _("Weekly report of a Pustu")
    DISTRICT_WEEKLY = "district_weekly", _("Weekly recap of the district")
    PUSKESMAS_ANNEX_A = "puskesmas_annex_a", _("Annex A: all indicators")
    PUSKESMAS_ANNEX_B = "puskesmas_annex_b", _("Annex B: by place")
    PUSKESMAS_ANNEX_C = "puskesmas_annex_c", _("Annex C: lists")


# By letter; each is a document of its own, made when somebody asks for it.
ANNEXES = {
    "A": DocumentKind.PUSKESMAS_ANNEX_A,
    "B": DocumentKind.PUSKESMAS_ANNEX_B,
    "C": DocumentKind.PUSKESMAS_ANNEX_C,
}


class DocumentState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    BUILDING = "building", _("Building")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state")), pghistory.InsertEvent()
)
class ReportDocument(models.Model):
    """The request is the outbox: this row is the truth, a message only a nudge.

    A worker claims it with a conditional update that raises ``fence``; only the holder of the
    current fence may finish it. A lease that ran out is queued again by the reconciler.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="documents")
    week = WeekField(_("week"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    is_draft = models.BooleanField(_("draft"), default=False)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="documents")
    # Hash over templates, stylesheet, fonts and engine versions.
    template_version = models.CharField(max_length=64)
    document_number = models.CharField(_("number"), max_length=100, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=DocumentState, default=DocumentState.QUEUED
    )
    progress = models.PositiveSmallIntegerField(default=0)  # finished steps of 4
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How often whoever built it was ended in the middle; costs no attempt.
    broken_off = models.PositiveSmallIntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size"), null=True, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    engine = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-week", "facility__code", "-created_at"]
        constraints = [
            # The idempotency key of a build: asked for twice, made once.
            models.UniqueConstraint(
                name="report_document_one_per_data_version",
                fields=["kind", "facility", "week", "snapshot", "template_version"],
            ),
            models.CheckConstraint(
                name="report_document_ready_has_file",
                condition=~Q(state="ready") | (~Q(file_sha256="") & Q(finished_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at"],
                name="report_document_pending",
                condition=Q(state__in=["queued", "building"]),
            ),
            models.Index(fields=["facility", "week"], name="report_document_by_week"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.facility_id} {self.week} rev. {self.revision}"

    @property
    def annex(self) -> str:
        """A, B or C; empty for a report."""
        return next((letter for letter, kind in ANNEXES.items() if kind == self.kind), "")

    @property
    def has_annexes(self) -> bool:
        return self.kind == DocumentKind.PUSKESMAS_WEEKLY

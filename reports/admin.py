from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin

from facilities.admin_base import ReadOnly, RecordAdmin
from reports.models import FollowUp, Problem, ProblemStep, ReportDocument, ReviewStep, WeeklyReview


class ReviewStepInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ReviewStep
    extra = 0


@admin.register(WeeklyReview)
class WeeklyReviewAdmin(RecordAdmin):
    list_display = ["facility", "week", "status", "revision", "submitted_at", "decided_at"]
    list_filter = ["status"]
    list_select_related = ["facility"]
    search_fields = ["facility__code", "facility__name"]
    inlines: ClassVar[list[Any]] = [ReviewStepInline]


class FollowUpInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = FollowUp
    extra = 0


class ProblemStepInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ProblemStep
    extra = 0


@admin.register(Problem)
class ProblemAdmin(RecordAdmin):
    list_display = ["title", "facility", "week", "priority", "status", "is_demo"]
    list_filter = ["status", "priority", "category"]
    list_select_related = ["facility"]
    search_fields = ["title", "facility__code", "facility__name"]
    inlines: ClassVar[list[Any]] = [FollowUpInline, ProblemStepInline]


@admin.register(ReportDocument)
class ReportDocumentAdmin(RecordAdmin):
    list_display = ["facility", "kind", "week", "revision", "state", "attempts", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["facility"]
    search_fields = ["facility__code", "facility__name", "document_number"]

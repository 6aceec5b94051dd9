from __future__ import annotations

from django.contrib import admin

from clusters.models import (
    Achievement,
    Cluster,
    Indicator,
    PlausibilityConfirmation,
    PlausibilityRule,
    Service,
    SuggestedAction,
    SumOverride,
    Target,
)
from facilities.admin_base import MasterAdmin, RecordAdmin


@admin.register(Cluster)
class ClusterAdmin(MasterAdmin):
    list_display = ["code", "name_id", "sort_order"]
    search_fields = ["code", "name_id", "name_en"]


@admin.register(Service)
class ServiceAdmin(MasterAdmin):
    list_display = ["code", "name_id", "cluster"]
    list_filter = ["cluster"]
    search_fields = ["code", "name_id", "name_en"]


@admin.register(Indicator)
class IndicatorAdmin(MasterAdmin):
    list_display = [
        "code", "name_id", "cluster", "annual_target", "calc_type", "level", "frequency",
        "valid_from", "valid_until",
    ]  # fmt: skip
    list_filter = ["cluster", "level", "frequency", "calc_type", "is_spm"]
    list_select_related = ["cluster"]
    search_fields = ["code", "name_id", "name_en"]


@admin.register(Target)
class TargetAdmin(MasterAdmin):
    list_display = ["facility", "indicator_code", "year", "annual_target"]
    list_filter = ["year"]
    list_select_related = ["facility"]
    search_fields = ["facility__code", "facility__name", "indicator_code"]
    autocomplete_fields = ["facility"]


@admin.register(Achievement)
class AchievementAdmin(RecordAdmin):
    """To look at only: counts are entered in the review, where version and status are checked."""

    list_display = ["facility", "indicator_code", "week", "numerator", "denominator", "source"]
    list_filter = ["source", "year"]
    list_select_related = ["facility"]
    search_fields = ["facility__code", "indicator_code"]


@admin.register(PlausibilityRule)
class PlausibilityRuleAdmin(MasterAdmin):
    list_display = [
        "code", "kind", "indicator_code", "other_code", "factor", "minimum", "is_active",
    ]  # fmt: skip
    list_filter = ["kind", "is_active"]
    search_fields = ["code", "indicator_code", "other_code"]


@admin.register(SuggestedAction)
class SuggestedActionAdmin(MasterAdmin):
    list_display = ["code", "indicator_code", "text_id"]
    search_fields = ["code", "indicator_code", "text_id", "text_en"]


@admin.register(PlausibilityConfirmation)
class PlausibilityConfirmationAdmin(RecordAdmin):
    list_display = ["achievement", "rule_code", "numerator", "denominator", "by", "at"]
    list_filter = ["rule_code"]
    list_select_related = ["achievement", "by"]


@admin.register(SumOverride)
class SumOverrideAdmin(RecordAdmin):
    """To look at only: a sum is replaced in the review, where version and status are checked."""

    list_display = ["facility", "indicator_code", "week", "sum_numerator", "numerator", "reason"]
    list_select_related = ["facility"]
    search_fields = ["facility__code", "indicator_code"]

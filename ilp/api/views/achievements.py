from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.models import Achievement, AchievementTotal, Indicator
from clusters.models.achievement import Source
from ilp.api.base import Door, ListDoor
from ilp.api.filters import (
    ClusterFilter,
    IndicatorFilter,
    KindFilter,
    PlaceFilters,
    WeekFilters,
    YesNoFilter,
)
from ilp.api.serializers.achievements import (
    AchievementSerializer,
    AchievementTotalSerializer,
    IndicatorSerializer,
)


class IndicatorFilters(filters.FilterSet):
    on = filters.DateFilter(
        method="filter_on", label=_("The versions in force on this day; without it, today")
    )
    code = filters.CharFilter(label=_("Indicator code"))
    cluster = ClusterFilter("cluster_id", label=_("K1 to K4 or LK"))
    is_spm = YesNoFilter(label=_("Minimum service standard"))
    ordering = filters.OrderingFilter(fields=["code", "name_id", "name_en"])

    def filter_on(self, rows: QuerySet[Any], _name: str, _day: dt.date) -> QuerySet[Any]:
        return rows  # always applied, see below

    @property
    def qs(self) -> QuerySet[Any]:
        day = self.form.cleaned_data.get("on") if self.form.is_valid() else None
        return super().qs.valid_on(day or timezone.localdate())


class IndicatorList(ListDoor):
    """The indicators with their definitions; one version of each, valid on a day."""

    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilters
    unique_order = ("code", "pk")


class _CountFilters(PlaceFilters, WeekFilters):
    indicator = IndicatorFilter("indicator_code", label=_("Indicator code"))
    level = KindFilter(field_name="facility__kind", label=_("Kind of facility"))
    ordering = filters.OrderingFilter(
        fields={"week": "week", "facility__code": "facility", "indicator_code": "indicator"}
    )


class AchievementFilters(_CountFilters):
    source = filters.ChoiceFilter(choices=Source.choices, label=_("Source"))


class _Counts(Door):
    unique_order = ("week", "facility__code", "indicator_code")

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset()
        return rows.visible_to(self.request.user).select_related("facility")  # type: ignore[attr-defined]


class AchievementList(_Counts, ListDoor):
    """Weekly counts as each facility reported them, without those below it."""

    queryset = Achievement.objects.all()
    serializer_class = AchievementSerializer
    filterset_class = AchievementFilters


class AchievementTotalList(_Counts, ListDoor):
    """Weekly sums of a facility with everything below it, and their running totals.

    A week without any count has no row: the latest row before it stands. For the province the
    running totals are null where a week they add up was not sent.
    """

    queryset = AchievementTotal.objects.all()
    serializer_class = AchievementTotalSerializer
    filterset_class = _CountFilters

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().with_running_for(self.request.user)  # type: ignore[attr-defined]

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value

from facilities.querysets import WeeklyQuerySet, reads_from_outside

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.querysets import AnyUser


class IndicatorQuerySet(models.QuerySet[Any]):
    def valid_on(self, day: dt.date) -> Self:
        """The version of each indicator in force on a day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)

    def in_week(self, week: Week) -> Self:
        """The versions that reports carry, in force on the week's last day, with their clusters."""
        return self.valid_on(week.end).filter(is_collected=True).select_related("cluster")


class AchievementQuerySet(WeeklyQuerySet):
    def in_week(self, week: Week) -> Self:
        return self.filter(week=week)


class AchievementTotalQuerySet(WeeklyQuerySet):
    def in_week(self, week: Week) -> Self:
        return self.filter(week=week)

    def with_running_for(self, user: AnyUser) -> Self:
        """``is_running_open``: whether the user may see every week that the running totals add
        up; of a week that was not sent they would tell."""
        if not reads_from_outside(user):
            return self.annotate(is_running_open=Value(value=True))
        before = self.model._default_manager.filter(  # noqa: SLF001 - Django's documented API
            facility=OuterRef("facility"), indicator_code=OuterRef("indicator_code"),
            year=OuterRef("year"), week__lt=OuterRef("week"),
        ).exclude(self.left_district())  # fmt: skip
        return self.annotate(is_running_open=~Exists(before))

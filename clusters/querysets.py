from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from facilities.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from clusters.weeks import Week


class IndicatorQuerySet(models.QuerySet[Any]):
    def valid_on(self, day: dt.date) -> Self:
        """The version of each indicator in force on a day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)

    def in_week(self, week: Week) -> Self:
        """The versions that reports carry, in force on the week's last day, with their clusters."""
        return self.valid_on(week.end).filter(is_collected=True).select_related("cluster")


class AchievementQuerySet(ScopedQuerySet):
    def in_week(self, week: Week) -> Self:
        return self.filter(week=week)


class AchievementTotalQuerySet(ScopedQuerySet):
    def in_week(self, week: Week) -> Self:
        return self.filter(week=week)

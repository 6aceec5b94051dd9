"""Who may see what: every read of facility data starts at ``visible_to(user)``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from facilities.models import Facility, User

    type AnyUser = User | AnonymousUser


class PostingQuerySet(models.QuerySet[Any]):
    def current(self, on: dt.date | None = None) -> Self:
        """Postings in force on a day (today in the server's zone by default)."""
        on = on or timezone.localdate()
        return self.filter(Q(end_on=None) | Q(end_on__gt=on), start_on__lte=on)


def scope_paths(user: AnyUser) -> list[str] | None:
    """The subtree roots a user may see, as ltree paths; ``None`` means everything."""
    if not user.is_authenticated or not user.is_active:
        return []
    if user.is_superuser:
        return None
    if any(role == "admin" and path is None for role, path in user.current_postings):
        return None
    return [path for _role, path in user.current_postings if path]


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a facility; ``scope_field`` names the way to its path."""

    scope_field = "facility__path"

    def visible_to(self, user: AnyUser) -> Self:
        """Rows at or below the facilities of the user's current postings."""
        paths = scope_paths(user)
        if paths is None:
            return self
        if not paths:
            return self.none()
        return self.filter(**{f"{self.scope_field}__descendant_of_any": paths})


class FacilityQuerySet(ScopedQuerySet):
    scope_field = "path"

    def subtree(self, facility: Facility) -> Self:
        """The facility itself and everything below it."""
        return self.filter(path__descendant_of=facility.path)

    def below(self, facility: Facility) -> Self:
        """Everything below the facility."""
        return self.subtree(facility).exclude(pk=facility.pk)

    def open_on(self, day: dt.date) -> Self:
        """Facilities whose dated status says *open* on that day."""
        # By name: models stand above querysets.
        status = apps.get_model("facilities", "FacilityStatus").objects.filter(
            Q(end_on=None) | Q(end_on__gt=day),
            facility=OuterRef("pk"),
            operating="open",
            start_on__lte=day,
        )
        return self.filter(Exists(status))


class ServiceAreaQuerySet(ScopedQuerySet):
    def current(self, on: dt.date) -> Self:
        return self.filter(Q(end_on=None) | Q(end_on__gt=on), start_on__lte=on)


class DistrictQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: AnyUser) -> Self:
        """Districts in which the user may see at least one facility."""
        paths = scope_paths(user)
        if paths is None:
            return self
        facilities = apps.get_model("facilities", "Facility").objects.visible_to(user)
        return self.filter(pk__in=facilities.order_by().values("district_id").distinct())

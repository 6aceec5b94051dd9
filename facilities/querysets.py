"""Who may see what: every read of facility data starts at ``visible_to(user)``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Protocol, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Upper
from django.utils import timezone

from facilities.codes import code_key
from facilities.days import in_force, in_force_between, where_today


# Models stand above querysets: what is asked of a user or a facility here is said in a protocol,
# and a related model is found through the relation.
class Person(Protocol):
    """A user as far as the scope goes."""

    @property
    def is_authenticated(self) -> Any: ...
    @property
    def is_active(self) -> Any: ...
    @property
    def is_superuser(self) -> Any: ...
    @property
    def current_postings(self) -> list[tuple[str, str | None]]: ...


type AnyUser = Person | AnonymousUser


class Placed(Protocol):
    """A facility as far as the tree goes."""

    @property
    def pk(self) -> Any: ...
    @property
    def path(self) -> Any: ...


class PostingQuerySet(models.QuerySet[Any]):
    def current(self, on: dt.date | None = None) -> Self:
        """Postings in force on a day, or today where the facility stands."""
        if on is not None:
            return self.filter(in_force(on))
        return self.filter(where_today("facility__district", in_force, timezone.now()))


def scope_paths(user: AnyUser) -> list[str] | None:
    """The subtree roots a user may see, as ltree paths; ``None`` means everything."""
    if isinstance(user, AnonymousUser) or not (user.is_authenticated and user.is_active):
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


def reads_from_outside(user: AnyUser) -> bool:
    """Whether this is the province: a reader outside of the districts, and nothing else."""
    if isinstance(user, AnonymousUser) or user.is_superuser:
        return False
    return {role for role, _path in user.current_postings} == {"province"}


SENT = ("submitted", "approved")


class WeeklyQuerySet(ScopedQuerySet):
    """Rows of a facility and a week. **The one place** that says what the province sees of a week:
    what was sent, and all the rest only where the district opens it.

    A Puskesmas or a Pustu has sent its week with its review; a Posyandu with that of the facility
    above it; the district once every Puskesmas that was open in the week has.
    """

    def visible_to(self, user: AnyUser) -> Self:
        rows = super().visible_to(user)
        return rows.filter(self.left_district()) if reads_from_outside(user) else rows

    def left_district(self) -> Q:
        return self.opened() | self.was_sent()

    def opened(self) -> Q:
        return Q(facility__district__shows_unsent_weeks=True)

    def was_sent(self) -> Q:
        facilities: Any = self.model._meta.get_field("facility").related_model  # noqa: SLF001
        sent = facilities.reviews.rel.related_model.objects.filter(status__in=SENT)
        own = sent.filter(facility=OuterRef("facility"), week=OuterRef("week"))
        above = sent.filter(facility=OuterRef("facility__parent"), week=OuterRef("week"))
        theirs = sent.filter(facility=OuterRef("pk"), week=OuterRef(OuterRef("week")))
        silent = facilities.objects.filter(
            ~Exists(theirs),
            Q(statuses__end_on=None) | Q(statuses__end_on__gt=OuterRef("week")),
            kind="puskesmas", district=OuterRef("facility__district"), statuses__operating="open",
            statuses__start_on__lte=OuterRef("week") + dt.timedelta(days=6),
        )  # fmt: skip
        return (
            Q(Exists(own))
            | Q(Exists(above), facility__kind="posyandu")
            | Q(~Exists(silent), facility__kind="dinkes")
        )


class FacilityQuerySet(ScopedQuerySet):
    scope_field = "path"

    def coded(self, *codes: str) -> Self:
        """Those with one of these codes, however somebody spells them. A NUL is in none."""
        keys = {code_key(code) for code in codes if "\0" not in code}
        return self.alias(code_key=Upper("code")).filter(code_key__in=keys)

    def by_code(self, codes: Iterable[str]) -> dict[str, Any]:
        """code_key → facility, of these codes. One query."""
        return {code_key(row.code): row for row in self.coded(*codes)}

    def subtree(self, facility: Placed) -> Self:
        """The facility itself and everything below it."""
        return self.filter(path__descendant_of=facility.path)

    def below(self, facility: Placed) -> Self:
        """Everything below the facility."""
        return self.subtree(facility).exclude(pk=facility.pk)

    def open_on(self, day: dt.date) -> Self:
        """Facilities whose dated status says *open* on that day."""
        return self.open_between(day, day)

    def open_between(self, first: dt.date, last: dt.date) -> Self:
        """Those open on at least one of these days: who is expected to report on a period, and
        may. Neither what is only planned nor what was closed before."""
        statuses = self.model.statuses.rel.related_model.objects
        status = statuses.filter(
            in_force_between(first, last), facility=OuterRef("pk"), operating="open"
        )
        return self.filter(Exists(status))

    def hung_under(self, parents: Iterable[Any], day: dt.date) -> Self:
        """Those that hung directly under one of these facilities on a day."""
        placements = self.model.placements.rel.related_model.objects
        placed = placements.filter(in_force(day), facility=OuterRef("pk"), parent__in=list(parents))
        return self.filter(Exists(placed))


class ServiceAreaQuerySet(ScopedQuerySet):
    def current(self, on: dt.date) -> Self:
        return self.filter(in_force(on))


class PlacementQuerySet(ScopedQuerySet):
    def current(self, on: dt.date) -> Self:
        """Where each facility hung on a day."""
        return self.filter(in_force(on))


class FormerNameQuerySet(ScopedQuerySet):
    def on(self, facilities: Iterable[Any], day: dt.date) -> dict[int, str]:
        """facility id → its name on a day, of those who bore another one then. One query."""
        rows = self.filter(facility__in=list(facilities), end_on__gt=day).order_by("-end_on")
        return dict(rows.values_list("facility_id", "name"))


class NetworkEventQuerySet(ScopedQuerySet):
    pass


class DistrictQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: AnyUser) -> Self:
        """Districts in which the user may see at least one facility."""
        paths = scope_paths(user)
        if paths is None:
            return self
        facilities = self.model.facilities.rel.related_model.objects.visible_to(user)
        return self.filter(pk__in=facilities.order_by().values("district_id").distinct())

"""The problem board: cards in four columns, the most overdue first, read page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from django.db.models import (
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.days import where_today
from facilities.models import User
from reports.models import FollowUp, Problem
from reports.problems.queries.steps import Step, possible_steps
from reports.states import CLOSED, UNFINISHED, days_overdue

PAGE: Final = 50
IN_COLUMN: Final = 25


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; empty: everything. ``facility_path`` includes those below."""

    facility_path: str = ""
    cluster: str = ""
    indicator: str = ""
    category: str = ""
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class ColumnKind:
    key: str
    label: Any
    statuses: frozenset[str]


COLUMNS: Final = (
    ColumnKind("new", _("New"), frozenset({"reported", "accepted", "reopened"})),
    ColumnKind("active", _("In hand"), frozenset({"planned", "in_progress"})),
    ColumnKind("escalated", _("Waiting for Dinkes"), frozenset({"escalated"})),
    ColumnKind("closed", _("Closed"), CLOSED),
)
LISTS: Final = {
    "open": ColumnKind("open", _("Open"), UNFINISHED),
    **{kind.key: kind for kind in COLUMNS},
}


@dataclass(frozen=True, slots=True)
class Card:
    id: int
    title: str
    status: str
    priority: str
    event: str
    facility: str
    village: str
    indicator: str
    owner: str
    due_on: dt.date | None
    days_overdue: int
    age_weeks: int
    week: str
    version: int
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Column:
    kind: ColumnKind
    total: int
    overdue: int
    cards: Sequence[Card] = field(default_factory=tuple)

    @property
    def is_more(self) -> bool:
        return self.total > len(self.cards)


def filtered(user: User, filters: Filters, now: dt.datetime) -> QuerySet[Problem]:
    """What the user may see and asked for, with the first open due date of each as ``due_on``."""
    rows: QuerySet[Problem] = with_next_due(Problem.objects.visible_to(user))
    if filters.facility_path:
        rows = rows.filter(facility__path__descendant_of=filters.facility_path)
    if filters.cluster:
        rows = rows.filter(cluster_code=filters.cluster)
    if filters.indicator:
        rows = rows.filter(indicator_code=filters.indicator)
    if filters.category:
        rows = rows.filter(category=filters.category)
    if filters.is_overdue:
        rows = rows.filter(_overdue(now))
    return rows


def with_next_due(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    """``due_on`` and ``next_owner`` of the open follow-up that is due first."""
    waiting = FollowUp.objects.filter(problem=OuterRef("pk"), done_on=None).order_by("due_on", "pk")
    return rows.annotate(
        due_on=Subquery(waiting.values("due_on")[:1]),
        next_owner=Subquery(waiting.values("owner_name")[:1]),
    )


def _overdue(now: dt.datetime) -> Q:
    return where_today(
        "facility__district", lambda day: Q(due_on__lt=day, status__in=UNFINISHED), now
    )


def board(user: User, filters: Filters, now: dt.datetime) -> list[Column]:
    """All four columns with their first cards. Seven queries, however many problems."""
    rows = filtered(user, filters, now)
    totals = _totals(rows, now)
    found = [list(_ordered(rows, kind)[:IN_COLUMN]) for kind in COLUMNS]
    cards = {card.id: card for card in _cards(user, list(chain(*found)), now)}
    return [
        Column(kind, *totals[kind.key], [cards[row.pk] for row in part])
        for kind, part in zip(COLUMNS, found, strict=True)
    ]


def problem_list(
    user: User, filters: Filters, key: str, now: dt.datetime, *, start: int = 0, end: int = PAGE
) -> Column:
    """One column as a list: cards ``start`` to ``end``, cut by the database."""
    kind = LISTS[key]
    rows = filtered(user, filters, now)
    total = rows.filter(status__in=kind.statuses).aggregate(
        total=Count("pk"), overdue=Count("pk", filter=_overdue(now))
    )
    cards = _cards(user, list(_ordered(rows, kind)[start:end]), now)
    return Column(kind, total["total"], total["overdue"], cards)


def _totals(rows: QuerySet[Problem], now: dt.datetime) -> dict[str, tuple[int, int]]:
    counts = rows.aggregate(
        **{kind.key: Count("pk", filter=Q(status__in=kind.statuses)) for kind in COLUMNS},
        **{
            f"{kind.key}_late": Count("pk", filter=_overdue(now) & Q(status__in=kind.statuses))
            for kind in COLUMNS
        },
    )
    return {kind.key: (counts[kind.key], counts[f"{kind.key}_late"]) for kind in COLUMNS}


def _ordered(rows: QuerySet[Problem], kind: ColumnKind) -> QuerySet[Problem]:
    """The first due date first, so the most overdue leads; closed ones by the day they closed."""
    order: list[Any] = [F("due_on").asc(nulls_last=True), "pk"]
    if kind.statuses == CLOSED:
        order = ["-closed_at", "pk"]
    rows = rows.filter(status__in=kind.statuses).select_related("facility__district", "village")
    return rows.order_by(*order)


def _cards(user: User, rows: list[Problem], now: dt.datetime) -> list[Card]:
    """Two queries for all of them: follow-ups and names of indicators."""
    prefetch_related_objects(rows, "follow_ups")
    codes = {row.indicator_code for row in rows}
    known = Indicator.objects.filter(code__in=codes).order_by("valid_from")
    names = {row.code: row.name for row in known}
    return [_card(user, row, names, now) for row in rows]


def _card(user: User, row: Any, names: dict[str, str], now: dt.datetime) -> Card:
    today = timezone.localdate(now, row.facility.district.zone)
    is_open = row.status in UNFINISHED
    return Card(
        id=row.pk,
        title=row.title,
        status=row.status,
        priority=row.priority,
        event=row.get_event_display() if row.event else "",
        facility=row.facility.name,
        village=row.village.name if row.village else "",
        indicator=names.get(row.indicator_code, ""),
        owner=row.next_owner or _last_owner(row),
        due_on=row.due_on if is_open else None,
        days_overdue=days_overdue(row.status, row.due_on, None, today),
        age_weeks=max(0, (Week.of(today).start - row.week.start).days // 7),
        week=str(row.week),
        version=row.version,
        steps=tuple(possible_steps(user, row)),
    )


def _last_owner(row: Problem) -> str:
    owners = [step.owner_name for step in row.follow_ups.all()]
    return owners[-1] if owners else ""

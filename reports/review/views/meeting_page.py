"""What the page of a meeting shows beside the rows: events, decisions, priorities, what is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from facilities.models.facility import FacilityKind
from reports.figures.wording import is_english, people_noun
from reports.models import WeeklyReview
from reports.review.queries.open_points import OpenPoint, is_missing, label_of
from reports.review.queries.priorities import is_meeting_event, priority_lines
from reports.review.views.decision_items import DecisionItem, decision_items
from reports.review.views.rows import Group, Row
from reports.shapes import ClusterBlock, Line, ProblemRow, ReviewSheet

ROW_KINDS = frozenset({"denominator", "empty", "doubts", "decisions", "events"})


@dataclass(frozen=True, slots=True)
class Event:
    """Deaths and alerts of the week: how many, where, and what is done about them."""

    row: Row
    places: tuple[tuple[str, int], ...]  # the Pustu that counted them
    problems: tuple[ProblemRow, ...]

    @property
    def count(self) -> int | None:
        return self.row.line.figures.week_count


@dataclass(frozen=True, slots=True)
class Proposal:
    """What «Terima usulan» records."""

    action: str
    owner: str
    due_on: dt.date | None
    meaning: str = ""  # of the action, for a reader of another language


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A row of «Perlu diputuskan»."""

    item: DecisionItem
    proposal: Proposal
    others: tuple[Proposal, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.item.row.kind


def first_place(point: OpenPoint) -> str:
    """Where a link from the page itself leads; the check page for what is not on it."""
    return f"#{point.places[0].anchor}" if point.places and point.places[0].anchor else ""


def open_links(
    points: Sequence[OpenPoint], *, decides_here: bool, page: str = ""
) -> list[dict[str, Any]]:
    """What the bar says is open: kind, how many, and the first place of each. ``page``: the page
    to load for a decision that a number has just asked for; the one that is open lacks it."""
    links = []
    for point in points:
        href = first_place(point)
        if point.kind == "decisions" and decides_here:
            anchor = f"#put-{point.places[0].anchor.removeprefix('dec-')}"
            href = f"{page}{anchor}" if page else anchor
        loads = bool(page) and href.startswith(page)
        links.append({"kind": point.kind, "n": len(point.places), "href": href, "loads": loads})
    return links


def meeting_context(
    review: WeeklyReview,
    sheet: ReviewSheet,
    groups: Sequence[Group],
    points: Sequence[OpenPoint],
    *,
    can_edit: bool,
    shows_all: bool,
) -> dict[str, Any]:
    """Events, decisions and priorities of a Puskesmas; of a Pustu only what is open."""
    is_puskesmas = review.facility.kind == FacilityKind.PUSKESMAS
    to_decide = _to_decide(review, sheet) if is_puskesmas and can_edit else []
    links = open_links(points, decides_here=bool(to_decide))
    context: dict[str, Any] = {
        "open_rows": [link for link in links if link["kind"] in ROW_KINDS],
        "open_meeting": [link for link in links if link["kind"] == "meeting"],
        "open_others": [
            link for link in links if link["kind"] not in ROW_KINDS and link["kind"] != "meeting"
        ],
    }
    rows = {row.code: row for group in groups for row in (*group.rows, *group.later)}
    if not is_puskesmas or shows_all:
        # Only what happened: a Pustu is asked for its numbers first.
        return context | {"events": {"happened": _events(sheet, rows)["happened"]}}
    chosen = {line.indicator.code for line in priority_lines(sheet.lines, _decided(sheet))}
    context |= {
        "events": _events(sheet, rows),
        "to_decide": to_decide,
        "open_decisions": sum(row.is_open for row in to_decide),
        "priorities": [
            replace(group, rows=chosen_rows, later=())
            for group in groups
            if (chosen_rows := _rows_in(group, chosen))
        ],
        "groups": [
            rest for group in groups if (rest := _without(group, chosen)).rows or rest.later
        ],
    }
    context["rest"] = sum(len(group.rows) for group in context["groups"])
    return context


def _decided(sheet: ReviewSheet) -> set[str]:
    return {row.indicator_code for row in sheet.row_decisions if row.kind}


def _rows_in(group: Group, codes: set[str]) -> tuple[Row, ...]:
    return tuple(row for row in (*group.rows, *group.later) if row.code in codes)


def _without(group: Group, codes: set[str]) -> Group:
    return replace(
        group,
        rows=tuple(row for row in group.rows if row.code not in codes),
        later=tuple(row for row in group.later if row.code not in codes),
    )


def _events(sheet: ReviewSheet, rows: Mapping[str, Row]) -> dict[str, list[Event]]:
    """Those that happened, those that did not («nihil»), and those nobody has reported yet."""
    problems = (*sheet.carried_problems, *sheet.new_problems)
    found: dict[str, list[Event]] = {"happened": [], "nil": [], "unknown": []}
    for line in sheet.lines:
        row = rows.get(line.indicator.code)
        if row is None or not is_meeting_event(line):
            continue
        event = Event(
            row=row,
            places=tuple((place.facility.name, place.count) for place in row.places if place.count),
            problems=tuple(
                one
                for one in problems
                if one.indicator_code == line.indicator.code and not one.is_closed
            ),
        )
        state = "unknown" if is_missing(line) else "happened" if event.count else "nil"
        found[state].append(event)
    return found


def _to_decide(review: WeeklyReview, sheet: ReviewSheet) -> list[ToDecide]:
    """Deaths and alerts first, then as in the sheet; what still waits before what is decided."""
    clusters = {line.indicator.code: block for block in sheet.clusters for line in block.lines}
    rows = [
        ToDecide(item, first, tuple(others))
        for item in decision_items(review, sheet)
        for first, *others in [_proposals(item, clusters.get(item.code))]
    ]
    return sorted(rows, key=lambda row: (not row.is_open, not is_meeting_event(row.item.line)))


def _proposals(item: DecisionItem, block: ClusterBlock | None) -> list[Proposal]:
    """Words a meeting may take over or change; in the country's language, as they are kept. The
    catalogue's for this indicator, or one in general words."""
    due_on = item.form["due_on"].value()
    with translation.override("id"):
        owner = _("PIC %(cluster)s") % {
            "cluster": block.name_id.partition(" - ")[0] if block else "ILP"
        }
        in_general = _action(item.line)
    day = due_on if isinstance(due_on, dt.date) else None
    if not item.suggested:
        return [Proposal(in_general, owner[:150], day)]
    return [
        Proposal(one.text_id, owner[:150], day, one.text_en if is_english() else "")
        for one in item.suggested
    ]


def _action(line: Line) -> str:
    gap = line.figures.gap
    if gap is None or gap >= 0 or line.indicator.direction == "lower":
        return _("Find the cause of “%(name)s” and agree on what to do") % {
            "name": label_of(line.indicator)
        }
    return _("Look for the %(n)s %(people)s still missing, divided among the Pustu") % {
        "n": abs(gap), "people": people_noun(line.indicator)
    }  # fmt: skip

"""Autosave of one row: only small elements of the page are answered, by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusters.models import Indicator
from facilities.errors import IllegalTransition, StaleVersion
from facilities.models.facility import FacilityKind
from reports.events.queries.counted import differences, recorded
from reports.figures.queries.facility_lines import facility_lines, indicators_for
from reports.figures.queries.nihil import empty_events
from reports.figures.queries.plausibility import row_checks
from reports.figures.queries.references import by_cluster, tally
from reports.lookup import UserRequest, review_or_404
from reports.models import WeeklyReview
from reports.permissions import can_record_event, can_replace_sum, check_can_edit_review
from reports.review.forms.counts import CountEntry
from reports.review.queries.open_points import row_points
from reports.review.queries.row_decisions import decision_rows
from reports.review.views.addresses import review_kwargs, review_url
from reports.review.views.meeting_page import open_links
from reports.review.views.page import page_context
from reports.review.views.rows import Conflict, chips, group_of, make_row
from reports.review.views.save import save_entry, stored
from reports.shapes import ClusterBlock, Line, RowDecisionRow, Tally


@require_POST
def review_count(request: UserRequest, week: str, code: str, indicator: str) -> HttpResponse:
    """Save the count, denominator and note of one indicator.

    200 saved; 422 refused, what was typed stays; 409 somebody else was faster: both values.
    """
    review = review_or_404(request.user, week, code)
    check_can_edit_review(request.user, review)
    if not review.is_editable:
        raise PermissionDenied(
            _("This review has been sent; its figures can no longer be changed.")
        )
    if indicator not in {row.code for row in indicators_for(review.facility.kind, review.week)}:
        raise Http404(_("There is no indicator “%(code)s” in this review.") % {"code": indicator})
    entry = CountEntry.from_post(indicator, request.POST)
    is_theirs = request.POST.get("choice") == "theirs"
    review = stored(review, request)
    conflict = None
    try:
        if not is_theirs:
            save_entry(review, entry, request)
    except StaleVersion as error:
        conflict = Conflict(theirs=error.current, mine=entry)
    except IllegalTransition as error:
        raise PermissionDenied(str(error)) from error
    status = 409 if conflict else 422 if entry.errors and not is_theirs else 200
    if not request.htmx:
        return _whole_page(request, review, entry, conflict, status)
    return _pieces(request, review, entry, conflict, status)


def _whole_page(
    request: UserRequest,
    review: WeeklyReview,
    entry: CountEntry,
    conflict: Conflict | None,
    status: int,
) -> HttpResponse:
    if status == 200:
        return redirect(f"{review_url(review)}#n-{entry.code}")
    conflicts = {entry.code: conflict} if conflict else {}
    context = page_context(request, review, entries={entry.code: entry}, conflicts=conflicts)
    return render(request, "reports/review/review_detail.html", context, status=status)


def _pieces(
    request: UserRequest,
    review: WeeklyReview,
    entry: CountEntry,
    conflict: Conflict | None,
    status: int,
) -> HttpResponse:
    is_saved = status == 200
    context = piece_context(
        request, review, entry.code, entry=None if is_saved else entry, conflict=conflict
    ) | {
        "is_saved": is_saved,
        # After a choice the fields themselves change: the focus is on the panel's button.
        "replaces_fields": is_saved and "choice" in request.POST,
    }
    return render(request, "reports/review/review_row_saved.html", context, status=status)


def piece_context(
    request: UserRequest,
    review: WeeklyReview,
    code: str,
    *,
    entry: CountEntry | None = None,
    conflict: Conflict | None = None,
) -> dict[str, Any]:
    """What the pieces of one row and the counts around it show now; a fixed number of queries."""
    sheet = _fresh(review)
    checks = row_checks(review.facility, review.week, sheet.lines)
    lines = {line.indicator.code: line for line in sheet.lines}
    records = recorded(review.facility, review.week)
    row = make_row(
        lines[code],
        week=review.week,
        entry=entry,
        conflict=conflict,
        checks=checks.of(code),
        difference=differences(sheet.lines, records).get(code),
    )
    return {
        "review": review,
        "sheet": sheet,
        "kwargs": review_kwargs(review),
        "base": review_url(review),
        "is_puskesmas": review.facility.kind == FacilityKind.PUSKESMAS,
        "row": row,
        # K1 put right answers the question about K4.
        "partners": [
            make_row(lines[other], week=review.week, checks=checks.of(other))
            for other in sorted(checks.touched_by(code) & lines.keys())
            if lines[other].own_count is not None
        ],
        "group": group_of(sheet.clusters, code),
        "chips": chips(sheet.lines, "", checks.unanswered),
        "nihil": len(empty_events(sheet.lines)),
        "open_rows": open_links(
            row_points(review, sheet.lines, sheet.row_decisions, checks, records),
            decides_here=review.facility.kind == FacilityKind.PUSKESMAS,
            # Another address each time: to the same one a browser would only scroll.
            page=f"{review_url(review)}?decided={timezone.now():%H%M%S}",
        ),
        "week": review.week,
        "now": timezone.now(),
        "oob": True,
        "can_edit": True,
        "can_replace": can_replace_sum(request.user, review),
        "can_record": can_record_event(request.user, review.facility),
    }


@dataclass(frozen=True, slots=True)
class FreshFigures:
    """The part of a sheet that a saved number changes; much quicker than the whole sheet."""

    lines: tuple[Line, ...]
    clusters: tuple[ClusterBlock, ...]
    tally: Tally
    row_decisions: tuple[RowDecisionRow, ...] = ()


def _fresh(review: WeeklyReview) -> FreshFigures:
    lines = facility_lines([review.facility], review.week)[review.facility.pk]
    clusters_of = dict(Indicator.objects.in_week(review.week).values_list("code", "cluster_id"))
    decisions = decision_rows(review, lines)
    return FreshFigures(lines, by_cluster(lines, clusters_of), tally(lines), decisions)

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
from reports.forms.counts import CountEntry
from reports.models import WeeklyReview
from reports.permissions import can_replace_sum, check_can_edit_review
from reports.queries.facility_lines import facility_lines, indicators_for
from reports.queries.nihil import empty_events
from reports.queries.plausibility import row_checks
from reports.queries.references import by_cluster, tally
from reports.queries.row_decisions import decision_rows
from reports.queries.shapes import ClusterBlock, Line, RowDecisionRow, Tally
from reports.views.lookup import UserRequest, review_or_404
from reports.views.review_page import page_context, review_kwargs, review_url
from reports.views.review_rows import Conflict, chips, group_of, make_row
from reports.views.review_save import save_entry, stored


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
    return render(request, "reports/review_detail.html", context, status=status)


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
    return render(request, "reports/review_row_saved.html", context, status=status)


def piece_context(
    request: UserRequest,
    review: WeeklyReview,
    code: str,
    *,
    entry: CountEntry | None = None,
    conflict: Conflict | None = None,
) -> dict[str, Any]:
    """What the pieces of one row and the counts around it show now; a fixed number of queries."""
    sheet = _fresh(review, code)
    checks = row_checks(review.facility, review.week, sheet.lines)
    lines = {line.indicator.code: line for line in sheet.lines}
    row = make_row(lines[code], entry=entry, conflict=conflict, checks=checks.of(code))
    return {
        "review": review,
        "sheet": sheet,
        "kwargs": review_kwargs(review),
        "base": review_url(review),
        "is_puskesmas": review.facility.kind == FacilityKind.PUSKESMAS,
        "row": row,
        # K1 put right answers the question about K4.
        "partners": [
            make_row(lines[other], checks=checks.of(other))
            for other in sorted(checks.touched_by(code) & lines.keys())
            if lines[other].own_count is not None
        ],
        "group": group_of(sheet.clusters, code),
        "chips": chips(sheet.lines, "", checks.unanswered),
        "nihil": len(empty_events(sheet.lines)),
        "now": timezone.now(),
        "oob": True,
        "can_edit": True,
        "can_replace": can_replace_sum(request.user, review),
    }


@dataclass(frozen=True, slots=True)
class FreshFigures:
    """The part of a sheet that a saved number changes; much quicker than the whole sheet."""

    lines: tuple[Line, ...]
    clusters: tuple[ClusterBlock, ...]
    tally: Tally
    row_decisions: tuple[RowDecisionRow, ...] = ()


def _fresh(review: WeeklyReview, code: str) -> FreshFigures:
    """``code``: the row that was saved; only its decision is read."""
    lines = facility_lines([review.facility], review.week)[review.facility.pk]
    clusters_of = dict(Indicator.objects.in_week(review.week).values_list("code", "cluster_id"))
    saved = [line for line in lines if line.indicator.code == code]
    decisions = decision_rows(review, saved)
    return FreshFigures(lines, by_cluster(lines, clusters_of), tally(lines), decisions)

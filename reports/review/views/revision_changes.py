"""What one revision of a review changed against another."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reports.lookup import UserRequest, revision_or_404, stored_review_or_404
from reports.models import ReviewRevision, WeeklyReview
from reports.review.queries.revision_diff import diff
from reports.review.queries.sheet import revision_sheet
from reports.review.views.addresses import review_kwargs


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision in the list: who signed it when, and why it came to be."""

    revision: ReviewRevision
    signed_by: str  # as the paper says
    reason: str  # of the return or reopening that began it; empty for the first
    opened_by: str
    is_standing: bool


@require_GET
def review_changes(request: UserRequest, week: str, code: str, number: int) -> HttpResponse:
    """Revision ``number`` against the one before it, or against ``?with=``."""
    review = stored_review_or_404(request.user, week, code)
    revision = revision_or_404(review, number)
    rows = revision_rows(review)
    other = _other(review, revision, request.GET.get("with", ""))
    before, after = other, revision
    if other is not None and other.number > revision.number:
        before, after = revision, other
    sheet = revision_sheet(after)
    context = {
        "review": review,
        "facility": review.facility,
        "week": review.week,
        "kwargs": review_kwargs(review),
        "sheet": sheet,
        "revision": revision,
        "before": before,
        "after": after,
        "rows": rows,
        "others": [row.revision for row in rows if row.revision.number != revision.number],
        "other": other,
        "diff": diff(revision_sheet(before), sheet) if before is not None else None,
    }
    return render(request, "reports/review/review_revision_changes.html", context)


def _other(review: WeeklyReview, revision: ReviewRevision, wanted: str) -> ReviewRevision | None:
    if not wanted:
        rows = review.revisions.select_related("snapshot", "signed_by")
        found: ReviewRevision | None = (
            rows.filter(number__lt=revision.number).order_by("-number").first()
        )
        return found
    # A number of more digits than the column holds is no revision either.
    if not wanted.isascii() or not wanted.isdecimal() or len(wanted) > 4:
        raise Http404(_("This review has no revision %(number)s.") % {"number": wanted[:20]})
    return revision_or_404(review, int(wanted))


def revision_rows(review: WeeklyReview) -> list[RevisionRow]:
    """Every frozen revision, oldest first."""
    begun = {
        step.revision + 1: step
        for step in review.steps.select_related("by").filter(action__in=["return", "reopen"])
    }
    rows = []
    for revision in review.revisions.select_related("snapshot").order_by("number"):
        step = begun.get(revision.number)
        rows.append(
            RevisionRow(
                revision=revision,
                signed_by=revision_sheet(revision).signature.signed_by,
                reason=step.reason if step else "",
                opened_by=str(step.by or "") if step else "",
                is_standing=not review.is_editable and review.revision == revision.number,
            )
        )
    return rows

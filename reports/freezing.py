"""What was signed is kept: the sheet of a submitted review becomes a revision."""

from __future__ import annotations

from dataclasses import asdict, replace

from clusters.rollups import hold_totals
from reports.models import Correction, ReviewRevision, WeeklyReview
from reports.queries.corrections import corrections_between
from reports.queries.review_sheet import live_sheet, revision_sheet
from reports.queries.shapes import ReviewSheet
from reports.queries.snapshots import store


def freeze(review: WeeklyReview) -> ReviewRevision:
    """Keep the sheet of a submitted review as its revision; a second call finds the first."""
    existing = (
        ReviewRevision.objects.select_related("snapshot")
        .filter(review=review, number=review.revision)
        .first()
    )
    if existing is not None:
        return existing
    by = review.submitted_by
    if by is None or review.submitted_at is None:
        raise ValueError(f"review {review.pk} has not been submitted")
    # The sheet takes several queries; a Pustu saving between two of them would be signed half.
    hold_totals(review.facility.district_id)
    sheet = live_sheet(review)
    role = next((role for role, path in by.current_postings if path == review.facility.path), "")
    if not role and by.current_postings:
        role = by.current_postings[0][0]
    signature = replace(
        sheet.signature,
        signed_by=by.full_name,
        signed_role=role,
        signed_at=review.submitted_at,
    )
    sheet = replace(sheet, signature=signature)
    revision = ReviewRevision.objects.create(
        review=review,
        number=review.revision,
        snapshot=store(sheet, "review"),
        document_number=sheet.document_number,
        tally=asdict(sheet.tally),
        signed_at=review.submitted_at,
        signed_by=by,
        signed_role=role,
    )
    _keep_corrections(revision, sheet)
    return revision


def _keep_corrections(revision: ReviewRevision, sheet: ReviewSheet) -> None:
    """What this revision changed against the one before, for the next week's review."""
    before = (
        ReviewRevision.objects.select_related("snapshot")
        .filter(review=revision.review_id, number__lt=revision.number)
        .order_by("-number")
        .first()
    )
    if before is not None:
        rows = corrections_between(revision, revision_sheet(before), sheet)
        Correction.objects.bulk_create(rows)

"""What was signed is kept: the sheet of a submitted review becomes a revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, replace

from clusters.rollups import hold_totals
from facilities.models import User
from reports.models import Correction, ReviewRevision, WeeklyReview
from reports.review.queries.corrections import corrections_between
from reports.review.queries.sheet import live_sheet, revision_sheet
from reports.shapes import Line, ReviewSheet
from reports.shapes.stored import store


def standing_revision(review: WeeklyReview) -> ReviewRevision:
    """The revision of a submitted review. One taken over as history was signed before its sheet
    was kept: it is kept now."""
    existing = (
        ReviewRevision.objects.select_related("snapshot")
        .filter(review=review, number=review.revision)
        .first()
    )
    return existing or freeze(review, signed_sheet(review))


def signed_sheet(
    review: WeeklyReview, known: Mapping[int, tuple[Line, ...]] | None = None
) -> ReviewSheet:
    """The sheet as it is signed now, with ``submitted_by`` and ``submitted_at`` of the review; no
    count of the district changes until the end of the transaction. ``known``: as ``live_sheet``
    has it."""
    by, at = _signer(review)
    # The sheet takes several queries; a Pustu saving between two of them would be signed half.
    hold_totals(review.facility.district_id)
    sheet = live_sheet(review, known=known)
    role = next((role for role, path in by.current_postings if path == review.facility.path), "")
    if not role and by.current_postings:
        role = by.current_postings[0][0]
    signature = replace(
        sheet.signature,
        signed_by=by.full_name,
        signed_role=role,
        signed_at=at,
    )
    return replace(sheet, signature=signature)


def freeze(review: WeeklyReview, sheet: ReviewSheet) -> ReviewRevision:
    """Keep the signed sheet of a review as its revision."""
    by, at = _signer(review)
    revision = ReviewRevision.objects.create(
        review=review,
        number=review.revision,
        snapshot=store(sheet, "review"),
        document_number=sheet.document_number,
        tally=asdict(sheet.tally),
        signed_at=at,
        signed_by=by,
        signed_role=sheet.signature.signed_role,
    )
    _keep_corrections(revision, sheet)
    return revision


def _signer(review: WeeklyReview) -> tuple[User, dt.datetime]:
    if review.submitted_by is None or review.submitted_at is None:
        raise ValueError(f"review {review.pk} has not been submitted")
    return review.submitted_by, review.submitted_at


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

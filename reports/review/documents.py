"""Which documents a week, a review or a district consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.deadlines.queries.expected import open_facilities
from reports.models.document import DocumentKind, ReportDocument
from reports.models.review import ReviewRevision, ReviewStatus, WeeklyReview
from reports.places.documents import request_district_document
from reports.printing.documents.request import request_document
from reports.review.freezing import standing_revision
from reports.review.queries.sheet import live_sheet
from reports.shapes.stored import store

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import District, User

_KINDS = {
    FacilityKind.PUSKESMAS: DocumentKind.PUSKESMAS_WEEKLY,
    FacilityKind.PUSTU: DocumentKind.PUSTU_WEEKLY,
}
_STANDING = {ReviewStatus.SUBMITTED, ReviewStatus.APPROVED}


def request_week_documents(
    district: District, week: Week, facility: Facility | None = None, by: User | None = None
) -> list[ReportDocument]:
    """Ask for every document of a district's week, or of one facility and those below it.

    The recap of the district comes last, and only when the whole district is meant.
    """
    documents = [
        request_facility_document(place, week, by=by)
        for place in open_facilities(district, week, facility)
    ]
    if facility is None or facility.kind == FacilityKind.DINKES:
        documents.append(request_district_document(district, week, by=by))
    return documents


def request_review_documents(
    review: WeeklyReview, revision: ReviewRevision, by: User | None = None
) -> list[ReportDocument]:
    """After a review was submitted: its own document and, for a Puskesmas, its open Pustu's."""
    facility = review.facility
    return [
        _request_frozen(place, review.week, revision, by)
        if place.pk == facility.pk
        else request_facility_document(place, review.week, by=by)
        for place in open_facilities(facility.district, review.week, facility)
    ]


def request_facility_document(
    facility: Facility, week: Week, by: User | None = None
) -> ReportDocument:
    """The standing frozen revision where there is one, else a draft of the figures as of now."""
    review = WeeklyReview.objects.filter(facility=facility, week=week).first()
    if review is not None:
        review.facility = facility  # with its district and parent, already read
        if review.status in _STANDING:
            return _request_frozen(facility, week, standing_revision(review), by)
    review = review or WeeklyReview(facility=facility, week=week, status=ReviewStatus.OPEN)
    return request_document(
        kind=_KINDS[FacilityKind(facility.kind)],
        facility=facility,
        week=week,
        snapshot=store(live_sheet(review), "review"),
        revision=review.revision,
        is_draft=True,
        document_number="",
        by=by,
    )


def _request_frozen(
    facility: Facility, week: Week, revision: ReviewRevision, by: User | None
) -> ReportDocument:
    return request_document(
        kind=_KINDS[FacilityKind(facility.kind)],
        facility=facility,
        week=week,
        snapshot=revision.snapshot,
        revision=revision.number,
        is_draft=False,
        document_number=revision.document_number,
        by=by,
    )

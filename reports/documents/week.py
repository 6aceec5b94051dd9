"""Which documents a week, a review or a district consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.deadlines import deadline
from reports.documents.request import request_document
from reports.freezing import freeze
from reports.models.document import DocumentKind, ReportDocument
from reports.models.review import ReviewRevision, ReviewStatus, WeeklyReview
from reports.queries.district_sheet import district_sheet
from reports.queries.review_sheet import live_sheet
from reports.queries.snapshots import store

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import District, User

_KINDS = {
    FacilityKind.PUSKESMAS: DocumentKind.PUSKESMAS_WEEKLY,
    FacilityKind.PUSTU: DocumentKind.PUSTU_WEEKLY,
}
_STANDING = {ReviewStatus.SUBMITTED, ReviewStatus.APPROVED}


def open_facilities(
    district: District, week: Week, within: Facility | None = None
) -> list[Facility]:
    """Puskesmas and Pustu open on the week's last day, each Puskesmas before its Pustu."""
    facilities = Facility.objects.filter(district=district, kind__in=_KINDS).open_on(week.end)
    if within is not None:
        facilities = facilities.subtree(within)
    return list(facilities.select_related("parent", "district__area").order_by("path"))


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


def request_review_documents(review: WeeklyReview, by: User | None = None) -> list[ReportDocument]:
    """After a review was submitted: its own document and, for a Puskesmas, its open Pustu's."""
    facility = review.facility
    return [
        request_facility_document(place, review.week, by=by)
        for place in open_facilities(facility.district, review.week, facility)
    ]


def request_facility_document(
    facility: Facility, week: Week, by: User | None = None
) -> ReportDocument:
    """The standing frozen revision where there is one, else a draft of the figures as of now."""
    review = WeeklyReview.objects.filter(facility=facility, week=week).first()
    if review is not None:
        review.facility = facility  # with its district and parent, already read
    frozen = _standing_revision(review)
    if frozen is not None:
        snapshot, revision, number = frozen.snapshot, frozen.number, frozen.document_number
    else:
        review = review or WeeklyReview(facility=facility, week=week, status=ReviewStatus.OPEN)
        snapshot = store(live_sheet(review), "review")
        revision, number = review.revision, ""
    return request_document(
        kind=_KINDS[FacilityKind(facility.kind)],
        facility=facility,
        week=week,
        snapshot=snapshot,
        revision=revision,
        is_draft=frozen is None,
        document_number=number,
        by=by,
    )


def request_district_document(
    district: District, week: Week, by: User | None = None
) -> ReportDocument:
    """The recap of the district, a draft until the week's data have closed."""
    dinkes = Facility.objects.select_related("district__area").get(
        district=district, kind=FacilityKind.DINKES
    )
    sheet = district_sheet(dinkes, week)
    return request_document(
        kind=DocumentKind.DISTRICT_WEEKLY,
        facility=dinkes,
        week=week,
        snapshot=store(sheet, "district"),
        revision=1,
        is_draft=timezone.now() < deadline(district, week, FacilityKind.PUSTU),
        document_number=sheet.document_number,
        by=by,
    )


def _standing_revision(review: WeeklyReview | None) -> ReviewRevision | None:
    if review is None or review.status not in _STANDING:
        return None
    # A review taken over as history was signed before its sheet was kept: keep it now.
    return freeze(review)

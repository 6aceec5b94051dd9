"""The document of a district's week: the recap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.deadlines.days import deadline
from reports.models.document import DocumentKind, ReportDocument
from reports.places.queries.district_sheet import district_sheet
from reports.printing.documents.request import request_document
from reports.shapes.stored import store

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import District, User


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

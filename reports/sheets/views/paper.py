"""Forms on paper: the empty review, and the sheets of the Posyandu. Drawn while the reader
waits: they show what is known now and are not kept."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clusters.weeks import Week
from facilities.models.facility import FacilityKind
from reports.lookup import UserRequest, facility_or_404, local_today, review_or_404, week_or_404
from reports.sheets.pdf.posyandu import posyandu_pdf
from reports.sheets.pdf.review import blank_review_pdf
from reports.sheets.queries import blank_sheet, posyandu_sheets, posyandu_under
from reports.sheets.views.form import attachment, file_name


@require_GET
def review_paper(request: UserRequest, week: str, code: str) -> HttpResponse:
    """The review as an empty A4 form."""
    review = review_or_404(request.user, week, code)
    content = blank_review_pdf(blank_sheet(review.facility, review.week))
    return attachment(content, file_name("lembar-isian", review, "pdf"), "application/pdf")


@require_GET
def posyandu_paper(request: UserRequest, code: str) -> HttpResponse:
    """The sheet of a Posyandu, or those of all Posyandu below a Pustu or a Puskesmas: one page
    each. ``?week=`` names the week, else it is the running one."""
    facility = facility_or_404(request.user, code)
    if facility.kind == FacilityKind.DINKES:
        raise Http404(_("Choose a Puskesmas, a Pustu or a Posyandu."))
    label = request.GET.get("week", "")
    week = week_or_404(label) if label else Week.of(local_today(facility))
    sheets = posyandu_sheets(posyandu_under(facility, week), week)
    if not sheets:
        raise Http404(_("No Posyandu of %(name)s is open.") % {"name": facility.name})
    place = slugify(facility.name) or slugify(facility.code)
    name = f"lembar-posyandu-{week}-{place}.pdf"
    return attachment(posyandu_pdf(sheets), name, "application/pdf")

"""Forms on paper: the empty review, and the sheets of the Posyandu. Drawn while the reader
waits: they show what is known now and are not kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from reports.pdf.blank import blank_review_pdf
from reports.queries.review_sheet import review_sheet
from reports.views.lookup import UserRequest, review_or_404
from reports.views.sheet_form import attachment, file_name


@require_GET
def review_paper(request: UserRequest, week: str, code: str) -> HttpResponse:
    """The review as an empty A4 form."""
    review = review_or_404(request.user, week, code)
    content = blank_review_pdf(review_sheet(review))
    return attachment(content, file_name("lembar-isian", review, "pdf"), "application/pdf")

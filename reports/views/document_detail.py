"""One report with its ledger, and the reports of a week as one file."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reports.deliveries import ledger
from reports.documents.archive import stream, week_items
from reports.permissions import can_request_report
from reports.queries.document_revisions import of_the_same_week, successors
from reports.views.documents import PENDING, document_or_404
from reports.views.lookup import UserRequest, facility_or_404, week_or_404

MOST_ENTRIES = 200


@require_GET
def document_detail(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the report is, which came before and after it, and what became of it."""
    document = document_or_404(request.user, public_id)
    context = {
        "document": document,
        "newer": successors([document]).get(document.pk),
        "others": [row for row in of_the_same_week(document) if row.pk != document.pk],
        "entries": document.ledger.select_related("by").order_by("-at", "-pk")[:MOST_ENTRIES],
        "deliveries": document.deliveries.select_related("recipient").order_by(
            "recipient__full_name", "channel"
        )[:MOST_ENTRIES],
        "can_request": can_request_report(request.user, document.facility),
        "is_pending": document.state in PENDING,
    }
    return render(request, "reports/document_detail.html", context)


@require_GET
def document_zip(request: UserRequest) -> StreamingHttpResponse:
    """All reports of ``?week=`` at ``?facility=`` and below it, as far as the user sees them."""
    facility = facility_or_404(request.user, request.GET.get("facility", ""))
    week = week_or_404(request.GET.get("week", "").strip())
    items = week_items(facility, week, request.user)
    if not items:
        raise Http404(_("No facility was open in that week."))
    ledger.opened([item.document for item in items if item.document], request.user, ledger.ZIP)
    response = StreamingHttpResponse(stream(items), content_type="application/zip")
    name = f"laporan-{week}-{facility.code}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # PDFs are compressed already; said so that no middleware tries again.
    response["Content-Encoding"] = "identity"
    return response

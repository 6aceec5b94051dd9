"""Asking for the reports of a week."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusters.weeks import Week
from facilities.models import District
from reports.lookup import UserRequest, facility_or_404, local_today
from reports.permissions import check_can_request_report
from reports.review.documents import request_week_documents


@require_POST
def document_request(request: UserRequest) -> HttpResponse:
    """Ask for all reports of a facility and those below it in one week."""
    facility = facility_or_404(request.user, request.POST.get("facility", ""))
    check_can_request_report(request.user, facility)
    try:
        week = Week.parse(request.POST.get("week", "").strip())
    except ValueError:
        messages.error(request, _("Write the week like 2026-W24."))
        return redirect("reports:document-list")
    if week.start > local_today(facility):
        messages.error(request, _("This week has not begun yet."))
        return redirect("reports:document-list")
    district: District = facility.district
    documents = request_week_documents(district, week, facility, by=request.user)
    if documents:
        messages.success(request, _("Reports asked for: %(count)s.") % {"count": len(documents)})
    else:
        messages.info(request, _("No facility was open in that week."))
    return redirect(f"{reverse('reports:document-list')}?week={week}&facility={facility.code}")

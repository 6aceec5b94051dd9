"""The page where a letterhead is set, and the list of letterheads somebody may set."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Facility, Logo
from reports.lookup import UserRequest, facility_or_404
from reports.permissions import can_change_letterhead, check_can_change_letterhead
from reports.printing.actions import KINDS, Sources, letterhead_sources, save_letterhead
from reports.printing.forms import LetterheadForm


@require_GET
def letterhead_list(request: UserRequest) -> HttpResponse:
    """Of one letterhead alone the page itself; of several a list."""
    rows = Facility.objects.visible_to(request.user).filter(kind__in=KINDS)
    rows = rows.select_related("district__area", "letterhead_setting").order_by("path")
    mine = [row for row in rows if can_change_letterhead(request.user, row)]
    if not mine:
        raise PermissionDenied(
            _("Only the head of the Puskesmas or the district health office changes a letterhead.")
        )
    if len(mine) == 1:
        return redirect("reports:letterhead", code=mine[0].code)
    return render(request, "reports/printing/letterhead_list.html", {"places": mine})


@require_http_methods(["GET", "POST"])
def letterhead(request: UserRequest, code: str) -> HttpResponse:
    facility = facility_or_404(request.user, code)
    if facility.kind not in KINDS:
        check_can_change_letterhead(request.user, facility)
        raise Http404(_("%(name)s has no letterhead of its own.") % {"name": facility.name})
    check_can_change_letterhead(request.user, facility)
    sources = letterhead_sources(facility)
    if request.method != "POST":
        return _page(request, sources, LetterheadForm(sources=sources))
    form = LetterheadForm(request.POST, request.FILES, sources=sources)
    status = 422
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            save_letterhead(
                facility=facility, by=request.user, expected_version=values.pop("version"),
                logo=values.pop("logo"), removes_logo=values.pop("removes_logo", False),
                values=values,
            )  # fmt: skip
        except StaleVersion as error:
            form.add_error(None, _("%(what)s Save again to replace it.") % {"what": error})
            # What was typed stays, over the version as it is now.
            form.data = {**request.POST.dict(), "version": error.current.version}
            status = 409
        except InvalidInput as error:
            for name, text in error.errors.items():
                form.add_error(name if name in form.fields else None, text)
        else:
            messages.success(request, _("Letterhead saved. It is printed from the next paper on."))
            return redirect(reverse("reports:letterhead", args=[facility.code]))
    return _page(request, letterhead_sources(facility), form, status=status)


def _page(
    request: UserRequest, sources: Sources, form: LetterheadForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "facility": sources.facility,
        "head": sources.head,
        "has_head_fields": "head_nip" in form.fields,
        "is_office": "legal_basis" in form.fields,
        "form": form,
        "logo": _logo(sources),
    }
    return render(request, "reports/printing/letterhead.html", context, status=status)


def _logo(sources: Sources) -> str:
    """The stored picture as a ``data:`` address: a few kilobytes, shown on this page only."""
    row: Any = Logo.objects.filter(pk=sources.logo_of.logo_id).first()
    if row is None:
        return ""
    return f"data:{row.media_type};base64,{base64.b64encode(bytes(row.content)).decode()}"

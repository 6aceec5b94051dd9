"""The network of a district: what happened to its facilities, and what is entered next."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from facilities.errors import InvalidInput
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind, OperatingStatus
from facilities.models.network import NetworkEventKind
from reports.lookup import UserRequest, facility_or_404, local_today
from reports.permissions import can_change_network, check_can_change_network
from reports.places.actions import change_network
from reports.places.forms import EventForm
from reports.places.queries.facility_tree import cleaned
from reports.places.queries.network import network_rows, preview, recent_events, spans

RENAME = NetworkEventKind.RENAME
OF_CLOSED = {NetworkEventKind.REOPEN, RENAME}
# A Puskesmas has one parent it can hang under, a Posyandu serves no village of its own.
WITHOUT = {
    (NetworkEventKind.MOVE, FacilityKind.PUSKESMAS),
    (NetworkEventKind.SPLIT, FacilityKind.POSYANDU),
}
TITLES = {
    NetworkEventKind.CLOSE: gettext_lazy("Close"),
    NetworkEventKind.REOPEN: gettext_lazy("Open again"),
    NetworkEventKind.MOVE: gettext_lazy("Move to another parent"),
    NetworkEventKind.MERGE: gettext_lazy("Merge into a new unit"),
    NetworkEventKind.SPLIT: gettext_lazy("Split off a new unit"),
    NetworkEventKind.RENAME: gettext_lazy("Rename"),
    NetworkEventKind.VILLAGE: gettext_lazy("Hand a village over"),
}


@require_GET
def network(request: UserRequest) -> HttpResponse:
    rows = District.objects.visible_to(request.user).select_related("area")
    mine = [row for row in rows if can_change_network(request.user, row)]
    if not mine:
        raise PermissionDenied(_("Only the district health office changes the network."))
    code = request.GET.get("district", "")
    district = next((row for row in mine if row.code == code or not code), None)
    if district is None:
        raise Http404(_("There is no district “%(code)s”.") % {"code": code})
    text = cleaned(request.GET.get("q", ""))
    today = timezone.localdate(timezone=district.zone)
    return render(
        request,
        "reports/places/network.html",
        {
            "district": district,
            "districts": mine,
            "q": text,
            "rows": network_rows(request.user, district, text, today),
            "events": recent_events(district),
        },
    )


def _facility(request: UserRequest, code: str) -> Facility:
    facility = facility_or_404(request.user, code)
    check_can_change_network(request.user, facility.district)
    return facility


@require_GET
def network_facility(request: UserRequest, code: str) -> HttpResponse:
    facility = _facility(request, code)
    is_unit = facility.kind != FacilityKind.DINKES
    kinds = [kind for kind in NetworkEventKind if is_unit and (kind, facility.kind) not in WITHOUT]
    today = local_today(facility)
    statuses = spans(facility.statuses.order_by("start_on"))
    is_closed = bool(statuses) and statuses[-1].operating == OperatingStatus.CLOSED
    # A closed one is opened again first; its name may be put right all the same.
    kinds = [kind for kind in kinds if (kind in OF_CLOSED) == is_closed or kind == RENAME]
    return render(
        request,
        "reports/places/network_facility.html",
        {
            "facility": facility,
            "kinds": [(kind.value, TITLES[kind]) for kind in kinds],
            "events": recent_events(facility.district, facility),
            "statuses": statuses[::-1],
            "placements": facility.placements.select_related("parent").order_by("-start_on"),
            "names": facility.former_names.order_by("-end_on"),
            "villages": facility.service_areas.current(today).select_related("village"),
        },
    )


@require_http_methods(["GET", "POST"])
def network_event(request: UserRequest, code: str, event: str) -> HttpResponse:
    """The form, then what it would change, then the event itself."""
    facility = _facility(request, code)
    if event not in NetworkEventKind.values:
        raise Http404
    kind, today = NetworkEventKind(event), local_today(facility)
    form = EventForm(kind, facility, today, request.POST if request.method == "POST" else None)
    said: list[str] | None = None
    status = 200
    if form.is_bound:
        if form.is_valid():
            change = form.change()
            try:
                if form.cleaned_data["seen"] == form.digest():
                    shown = change_network(change, by=request.user)
                    messages.success(request, _("Saved: %(what)s") % {"what": TITLES[kind]})
                    return redirect("reports:network-facility", code=shown.code)
                units = [facility, *change.units]
                said = preview(
                    units, change.on, today, lambda: change_network(change, by=request.user)
                )
                form.seen_again()
            except InvalidInput as refusal:
                for name, message in refusal.errors.items():
                    form.add_error(name if name in form.fields else None, message)
        if said is None:
            status = 422
    return render(
        request,
        "reports/places/network_event.html",
        {"facility": facility, "form": form, "title": TITLES[kind], "said": said},
        status=status,
    )

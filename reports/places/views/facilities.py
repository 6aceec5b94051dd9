"""The tree of facilities with its search, and the own page of each facility."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from facilities.queries import as_named
from reports.events.queries.open_events import open_events
from reports.lookup import UserRequest, facility_or_404, local_today, week_or_404
from reports.models import WeeklyReview
from reports.permissions import (
    can_edit_review,
    can_raise_problem,
    can_record_event,
    has_role_over,
)
from reports.places.queries.facility_home import (
    ReviewState,
    posyandu_home,
    puskesmas_home,
    pustu_home,
)
from reports.places.queries.facility_tree import KINDS, branch, cleaned, hits, search, tree

PAGE = 50
MOST_ROWS = 5_000  # a hand-written ?shown= asks for no more
MOST_GAPS = 8
MOST_PROBLEMS = 6


@require_GET
def facility_list(request: UserRequest) -> HttpResponse:
    """The tree, or with ``?q=`` or ``?kind=`` what was found; ``?open=CODE`` shows one
    Puskesmas with its Posyandu."""
    if request.headers.get("HX-Target", "").startswith("units-"):
        return _units(request)
    districts = list(District.objects.visible_to(request.user).select_related("area"))
    wanted = request.GET.get("district", "")
    district = next((row for row in districts if row.code == wanted), None)
    text = cleaned(request.GET.get("q", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    context: dict[str, Any] = {
        "districts": districts,
        "q": text,
        "kind": kind,
        "kinds": [(value, FacilityKind(value).label) for value in KINDS],
        "chosen_district": district,
    }
    if text or kind:
        context |= _found(request, district, text, kind)
    elif districts:
        context |= _tree(request, district or districts[0])
    is_partial = request.headers.get("HX-Target") in {"facility-results", "more-facilities"}
    part = ""
    if is_partial:
        is_more = request.headers["HX-Target"] == "more-facilities"
        part = "#more" if is_more and "hits" in context else "#answer"
    response = render(request, f"reports/places/facility_list.html{part}", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _tree(request: UserRequest, district: District) -> dict[str, Any]:
    opened = request.GET.get("open", "")
    today = timezone.localdate(timezone=district.zone)
    branches = tree(request.user, district, today, opened)
    return {
        "district": district,
        "branches": branches,
        "opened": opened,
        "is_alone": len(branches) == 1,
        "has_district_page": has_role_over(
            request.user, {Role.ADMIN, Role.DINKES}, _dinkes_path(district)
        )
        or request.user.is_superuser,
    }


def _dinkes_path(district: District) -> str:
    paths = Facility.objects.filter(district=district, kind=FacilityKind.DINKES)
    return str(paths.values_list("path", flat=True).first() or "-")


def _found(request: UserRequest, district: District | None, text: str, kind: str) -> dict[str, Any]:
    """The first ``?shown=`` results; a request for more by htmx gets only the last 50 of them."""
    shown = request.GET.get("shown", "")
    until = min(max(int(shown), PAGE), MOST_ROWS) if shown.isascii() and shown.isdigit() else PAGE
    is_more = request.headers.get("HX-Target") == "more-facilities"
    found = search(request.user, district, text, kind)
    total = found.count()
    start = max(0, until - PAGE) if is_more else 0
    rows = list(found[start:until])
    return {
        "total": total,
        "hits": hits(rows, timezone.now()),
        "is_more": is_more,
        "left": max(0, total - until),
        "next_step": min(PAGE, max(0, total - until)),
        "next_shown": until + PAGE,
    }


def _units(request: UserRequest) -> HttpResponse:
    """What hangs below one Puskesmas, for a branch that was just opened."""
    code = request.GET.get("open", "")
    facility = facility_or_404(request.user, code)
    found = branch(request.user, code, local_today(facility))
    if found is None:
        raise Http404
    response = render(request, "reports/places/facility_tree.html#units", {"branch": found})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_GET
def facility_detail(request: UserRequest, code: str) -> HttpResponse:
    facility = facility_or_404(request.user, code)
    return facility_page(request, facility, chosen_week(request, facility))


def chosen_week(request: UserRequest, facility: Facility) -> Week:
    """``?week=``, else the last finished week where the facility stands."""
    label = request.GET.get("week", "")
    if not label:
        return Week.of(local_today(facility)) - 1
    week = week_or_404(label)
    if week.start > local_today(facility):
        raise Http404(
            _("Week %(number)s of %(year)s has not begun yet.")
            % {"number": week.number, "year": week.year}
        )
    return week


def facility_page(request: UserRequest, facility: Facility, week: Week) -> HttpResponse:
    """The page of a Puskesmas, Pustu or Posyandu; home shows it to the heads of these. The
    district health office has the district page instead."""
    as_named([facility, facility.parent], week.end)
    if facility.kind == FacilityKind.DINKES:
        query = {"district": facility.district.code, "week": str(week)}
        return redirect(f"{reverse('reports:district')}?{urlencode(query)}")
    pages = {
        FacilityKind.PUSKESMAS: _puskesmas_page,
        FacilityKind.PUSTU: _pustu_page,
        FacilityKind.POSYANDU: _posyandu_page,
    }
    return pages[FacilityKind(facility.kind)](request, facility, week)


def _puskesmas_page(request: UserRequest, facility: Facility, week: Week) -> HttpResponse:
    home = puskesmas_home(facility, week, request.GET.get("indicator", ""))
    context = _shared(request, facility, week) | _review(request, facility, week, home.review)
    context |= {"home": home, "gaps": home.below_target[:MOST_GAPS]}
    return render(request, "reports/places/facility_puskesmas.html", context)


def _pustu_page(request: UserRequest, facility: Facility, week: Week) -> HttpResponse:
    home = pustu_home(facility, week)
    context = _shared(request, facility, week) | _review(request, facility, week, home.review)
    return render(request, "reports/places/facility_pustu.html", context | {"home": home})


def _posyandu_page(request: UserRequest, facility: Facility, week: Week) -> HttpResponse:
    home = posyandu_home(facility, week)
    context = _shared(request, facility, week) | {"home": home}
    return render(request, "reports/places/facility_posyandu.html", context)


def _shared(request: UserRequest, facility: Facility, week: Week) -> dict[str, Any]:
    """What the pages of all three kinds have: the stepper, and whose names are links."""
    current = Week.of(local_today(facility))
    visible = Facility.objects.visible_to(request.user)
    above = str(facility.path).split(".")[:-1]
    page_url = reverse("reports:facility-detail", args=[facility.code])
    return {
        "facility": facility,
        "week": week,
        "previous_url": f"{page_url}?week={week - 1}",
        "next_url": f"{page_url}?week={week + 1}" if week < current else "",
        "linked": set(visible.filter(pk__in=above).values_list("pk", flat=True)),
        "most_problems": MOST_PROBLEMS,
        "can_raise": can_raise_problem(request.user, facility),
        "can_record": can_record_event(request.user, facility),
        # What is open is a matter of today, whatever week the figures are of.
        "open_events": open_events(facility, timezone.now()),
        "page_url": page_url,
    }


def _review(
    request: UserRequest, facility: Facility, week: Week, state: ReviewState
) -> dict[str, Any]:
    """The button that leads into the week's review."""
    status = state.filing.status if state.filing.status != "missing" else "open"
    review = WeeklyReview(facility=facility, week=week, status=status)
    return {"can_fill": review.is_editable and can_edit_review(request.user, review)}

"""The problem board and the page of one problem."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clusters.models import Cluster, Indicator
from facilities.models import Facility
from reports.lookup import UserRequest, facility_or_404, this_week
from reports.models.problem import ProblemCategory
from reports.problems.queries.board import LISTS, PAGE, Filters, board, problem_list
from reports.problems.views.shared import detail_page, own_facility, problem_or_404

MOST_CARDS = 100_000  # an address beyond it shows nothing more


@require_GET
def problem_board(request: UserRequest) -> HttpResponse:
    """Problems in the user's area. Without ``status`` the board of four columns, with it one
    list; the filters live in the address. ``show`` cards are shown, htmx asks for those after
    ``after`` alone."""
    chosen = {name: request.GET.get(name, "") for name in ("cluster", "indicator", "category")}
    code = request.GET.get("facility", "")
    facility = facility_or_404(request.user, code) if code else None
    filters = Filters(
        facility_path=str(facility.path) if facility else "",
        is_overdue=request.GET.get("overdue") == "1",
        **chosen,
    )
    now = timezone.now()
    state = request.GET.get("status", "")
    state = state if state in LISTS else ""
    end = _number(request.GET.get("show"), PAGE)
    start = _number(request.GET.get("after"), 0) if request.htmx else 0
    query = {
        "facility": code, **chosen, "overdue": "1" if filters.is_overdue else "",
    }  # fmt: skip
    columns = (
        [problem_list(request.user, filters, state, now, start=start, end=end)]
        if state
        else board(request.user, filters, now)
    )
    context = {
        "columns": columns,
        "state": state,
        "base": urlencode({name: value for name, value in query.items() if value}),
        "shown": start + len(columns[0].cards),
        "next_end": end + PAGE,
        "rest": max(0, columns[0].total - end) if state else 0,
    }
    if request.htmx and state and start:
        return render(request, "reports/problems/problem_cards.html", context)
    context |= _choices(request.user, chosen, filters)
    context |= {"facility": facility, "code": code, "raise_at": own_facility(request.user)}
    return render(request, "reports/problems/problem_list.html", context)


def _number(text: str | None, otherwise: int) -> int:
    is_whole = text is not None and text.isdecimal() and len(text) <= len(str(MOST_CARDS))
    return min(int(text or 0), MOST_CARDS) if is_whole else otherwise


def _choices(user: Any, chosen: dict[str, str], filters: Filters) -> dict[str, Any]:
    places = Facility.objects.visible_to(user).filter(kind__in=["puskesmas", "pustu"])
    return {
        "chosen": chosen,
        "is_overdue": filters.is_overdue,
        "lists": LISTS.values(),
        "clusters": list(Cluster.objects.all()),
        "indicators": list(Indicator.objects.in_week(this_week(user))),
        "categories": ProblemCategory.choices,
        "places": list(places.order_by("path").values_list("code", "name", "kind")),
    }


@require_GET
def problem_detail(request: UserRequest, pk: int) -> HttpResponse:
    return detail_page(request, problem_or_404(request.user, pk))

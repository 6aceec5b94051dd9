"""The indicators of the weekly meeting: of the district, and what a Puskesmas adds."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clusters.models import PriorityList
from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.lookup import UserRequest, facility_or_404
from reports.permissions import can_choose_priorities, check_can_choose_priorities
from reports.settings.actions.priorities import (
    LEAST,
    MOST,
    OWN,
    WEEKS_AHEAD,
    choose_priorities,
    first_week,
)
from reports.settings.forms.priorities import PrioritiesForm
from reports.settings.queries.priorities import Choice, choice, choosable, lists_version
from reports.settings.views.shared import add_errors, with_version

KINDS = (FacilityKind.DINKES, FacilityKind.PUSKESMAS)


@require_GET
def settings_priorities(request: UserRequest) -> HttpResponse:
    """Of one place alone the page itself; of several a list."""
    rows = Facility.objects.visible_to(request.user).filter(kind__in=KINDS)
    rows = rows.select_related("district__area").order_by("path")
    mine = [row for row in rows if can_choose_priorities(request.user, row)]
    if not mine:
        raise PermissionDenied(
            _("Only the head of the Puskesmas or the district health office chooses priorities.")
        )
    if len(mine) == 1:
        return redirect("reports:settings-priority", code=mine[0].code)
    lists = PriorityList.objects.filter(facility__in=mine)
    own = set(lists.exclude(indicator_codes=[]).values_list("facility_id", flat=True))
    context = {"places": [(row, row.pk in own) for row in mine]}
    return render(request, "reports/settings/priority_list.html", context)


@require_http_methods(["GET", "POST"])
def settings_priority(request: UserRequest, code: str) -> HttpResponse:
    place = facility_or_404(request.user, code)
    check_can_choose_priorities(request.user, place)
    if place.kind not in KINDS:
        raise Http404(_("%(name)s has no priorities of its own.") % {"name": place.name})
    first = first_week(place)
    weeks = [first + n for n in range(WEEKS_AHEAD + 1)]
    week = _week(request, weeks)
    now = choice(place, week)
    indicators = [one for one in choosable(place, week) if one.code not in now.inherited]
    initial = {"from_week": str(week), "codes": sorted(now.codes), "version": now.version}
    if request.method != "POST":
        form = PrioritiesForm(initial=initial, indicators=indicators, weeks=weeks)
        return _page(request, place, now, form)
    form = PrioritiesForm(request.POST, initial=initial, indicators=indicators, weeks=weeks)
    status, theirs = 422, None
    if form.is_valid():
        values = form.cleaned_data
        try:
            choose_priorities(
                facility=place, from_week=values["from_week"], codes=values["codes"],
                by=request.user, expected_version=values["version"],
            )  # fmt: skip
        except StaleVersion as error:
            form.add_error(None, _("%(what)s Save again to replace it.") % {"what": error})
            theirs = _differences(place, now, set(values["codes"]), error.current.codes)
            # What was ticked stays, over the version as it is now.
            form.data = with_version(request, lists_version(place))
            status = 409
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Priorities saved. Weeks that were sent keep theirs."))
            return redirect("reports:settings-priority", code=place.code)
    return _page(request, place, now, form, theirs, status)


def _week(request: UserRequest, weeks: list[Week]) -> Week:
    """The week whose list is shown: that of the address, else the running one."""
    asked = request.POST.get("from_week") or request.GET.get("week", "")
    return next((week for week in weeks if str(week) == asked), weeks[0])


def _differences(
    place: Facility, now: Choice, mine: set[str], theirs: frozenset[str]
) -> dict[str, list[str]]:
    """What the other person chose and this one not, and the other way round."""
    names = {one.code: one.name for one in choosable(place, first_week(place))}
    return {
        "theirs": [names.get(code, code) for code in sorted(theirs - mine)],
        "mine": [names.get(code, code) for code in sorted(mine - theirs - now.inherited)],
    }


def _page(
    request: UserRequest,
    place: Facility,
    now: Choice,
    form: PrioritiesForm,
    theirs: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_office = place.kind == FacilityKind.DINKES
    names = [one for one in choosable(place, first_week(place)) if one.code in now.inherited]
    context = {
        "facility": place,
        "is_office": is_office,
        "now": now,
        "inherited": names,
        "form": form,
        "differences": theirs,
        "least": LEAST,
        "most": MOST if is_office else OWN,
    }
    return render(request, "reports/settings/priority.html", context, status=status)

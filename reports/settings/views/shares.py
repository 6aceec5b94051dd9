"""Which part of a year's target is due by the end of each month."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clusters.models import DueShares
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import District
from facilities.models.facility import FacilityKind
from reports.lookup import UserRequest, settings_district
from reports.settings.actions.shares import check_shares, set_shares
from reports.settings.forms.shares import SharesForm
from reports.settings.queries.effects import effects
from reports.settings.queries.shares import (
    ProfileRow,
    due_at_month,
    percent_of,
    profile_rows,
    shares_version,
)
from reports.settings.views.shared import add_errors, profile_name, query_of, with_version


@require_GET
def settings_shares(request: UserRequest) -> HttpResponse:
    district, mine = settings_district(request)
    today = timezone.localdate(timezone=district.zone)
    rows = profile_rows(district, today)
    context = {
        "district": district,
        "districts": mine,
        "query": query_of(district, mine),
        "rows": [(profile_name(row.profile), row) for row in rows],
        "months": [MONTHS[month] for month in range(1, 13)],
    }
    return render(request, "reports/settings/share_list.html", context)


@require_http_methods(["GET", "POST"])
def settings_share(request: UserRequest, profile: str) -> HttpResponse:
    """The twelve shares; «preview» shows what they would change, «save» keeps them."""
    district, mine = settings_district(request)
    today = timezone.localdate(timezone=district.zone)
    row = next((one for one in profile_rows(district, today) if one.profile == profile), None)
    if row is None:
        raise Http404(_("No indicator goes by this profile."))
    form = SharesForm(
        request.POST if request.method == "POST" else None, initial=_initial(row, today)
    )
    status, shown, theirs = 200, None, None
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                if "preview" in request.POST:
                    check_shares(profile, form.percents)
                    shown, status = _effects(district, row, form), 200
                else:
                    set_shares(
                        district=district, profile=profile,
                        valid_from=form.cleaned_data["valid_from"], percents=form.percents,
                        by=request.user, expected_version=form.cleaned_data["version"],
                    )  # fmt: skip
                    messages.success(request, _("Shares saved. What was sent keeps its own."))
                    return redirect(reverse("reports:settings-shares") + query_of(district, mine))
            except StaleVersion as error:
                form.add_error(None, _("%(what)s Save again to replace it.") % {"what": error})
                theirs = _theirs(row, form)
                form.data = with_version(request, shares_version(district, profile))
                status = 409
            except InvalidInput as error:
                add_errors(form, error)
    context = {
        "district": district,
        "query": query_of(district, mine),
        "row": row,
        "name": profile_name(profile),
        "form": form,
        "shown": shown,
        "differences": theirs,
    }
    return render(request, "reports/settings/share.html", context, status=status)


def _initial(row: ProfileRow, today: dt.date) -> dict[str, Any]:
    months = {f"month_{n}": percent for n, percent in enumerate(row.percents, start=1)}
    return {"version": row.version, "valid_from": today, **months}


def _effects(district: District, row: ProfileRow, form: SharesForm) -> dict[str, Any]:
    """What the new shares ask for in their first month, and whose status would be another one."""
    office = district.facilities.filter(kind=FacilityKind.DINKES).first()
    if office is None:
        return {}
    new = [Fraction(one) / 100 for one in form.percents]
    codes = {one.code for one in row.indicators}

    def carry_out() -> None:
        # Judged by the figures there are, as if nothing else had ever counted.
        DueShares.objects.filter(district=district, profile=row.profile).delete()
        DueShares.objects.create(
            district=district, profile=row.profile, valid_from=dt.date(2000, 1, 1),
            shares=[one / 100 for one in form.percents],
        )  # fmt: skip

    office.district = district
    found = effects(office, codes, carry_out)
    month = form.cleaned_data["valid_from"].month
    return {
        "found": found,
        "month": MONTHS[month],
        "due": due_at_month([one.before for one in found.own], row.shares, new, month),
        "rows": [
            (MONTHS[n], percent_of(old), percent_of(own))
            for n, (old, own) in enumerate(zip(row.shares, new, strict=True), start=1)
            if percent_of(old) != percent_of(own)
        ],
    }


def _theirs(row: ProfileRow, form: SharesForm) -> list[tuple[Any, Any, Any]]:
    """(month, what stands now, what this person typed) where they differ; of the row of the same
    date, else of the one in force."""
    day = form.cleaned_data["valid_from"]
    same = next((one for one in row.later if one.valid_from == day), None)
    shares = tuple(map(Fraction, same.shares)) if same else row.shares
    return [
        (MONTHS[n], percent_of(now), mine)
        for n, (now, mine) in enumerate(zip(shares, form.percents, strict=True), start=1)
        if percent_of(now) != mine
    ]

"""Deadlines, quiet hours, days off and document numbers of a district."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusters.weeks import Week
from facilities.document_numbers import check_pattern, example
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import District
from facilities.models.district import DEADLINE_NAMES
from reports.deadlines.actions import (
    remove_local_day,
    save_settings,
    set_local_day,
    settings_version,
)
from reports.deadlines.days import Milestone, due_at, national_holidays
from reports.deadlines.forms import LocalDayForm, SettingsForm
from reports.lookup import UserRequest, settings_district

_AHEAD = 120  # days of the national calendar that are listed


def _url(district: District, mine: list[District]) -> str:
    query = f"?district={district.code}" if len(mine) > 1 else ""
    return reverse("reports:settings-deadlines") + query


@require_http_methods(["GET", "POST"])
def settings_deadlines(request: UserRequest) -> HttpResponse:
    district, mine = settings_district(request)
    if request.method != "POST":
        return _page(request, district, mine)
    form = SettingsForm(request.POST, instance=District.objects.get(pk=district.pk))
    status = 422
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            save_settings(
                district=district, by=request.user, expected_version=values.pop("version"),
                values=values,
            )  # fmt: skip
        except StaleVersion as error:
            form.add_error(None, _("%(what)s Save again to replace it.") % {"what": error})
            # What was typed stays, over the version as it is now.
            form.data = {**request.POST.dict(), "version": settings_version(error.current)}
            status = 409
        except InvalidInput as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("Settings saved."))
            return redirect(_url(district, mine))
    return _page(request, district, mine, form=form, status=status)


@require_POST
def settings_day_add(request: UserRequest) -> HttpResponse:
    district, mine = settings_district(request)
    form = LocalDayForm(request.POST)
    if form.is_valid():
        try:
            set_local_day(district=district, by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The calendar was changed."))
            return redirect(f"{_url(district, mine)}#days")
    return _page(request, district, mine, day_form=form, status=422)


@require_POST
def settings_day_remove(request: UserRequest, pk: int) -> HttpResponse:
    district, mine = settings_district(request)
    remove_local_day(district=district, by=request.user, day_id=pk)
    messages.success(request, _("The calendar was changed."))
    return redirect(f"{_url(district, mine)}#days")


def _add_errors(form: forms.BaseForm, error: InvalidInput) -> None:
    for name, text in error.errors.items():
        form.add_error(name if name in form.fields else None, text)


def _page(
    request: UserRequest,
    district: District,
    mine: list[District],
    *,
    form: SettingsForm | None = None,
    day_form: LocalDayForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate(timezone=district.zone)
    week = Week.of(today) - 1
    context = {
        "district": district,
        "districts": mine,
        "query": f"?district={district.code}" if len(mine) > 1 else "",
        "form": form or SettingsForm(instance=district),
        "day_form": day_form or LocalDayForm(),
        "days": list(district.local_holidays.order_by("-day")),
        "holidays": _holidays(today),
        "week": week,
        "moments": [(DEADLINE_NAMES[one.value], due_at(district, week, one)) for one in Milestone],
        "example": _example(form or SettingsForm(instance=district)),
    }
    return render(request, "reports/deadlines/settings_deadlines.html", context, status=status)


def _example(form: SettingsForm) -> str:
    pattern = form["document_number_pattern"].value() or ""
    try:
        check_pattern(pattern)
    except ValidationError:
        return ""
    return example(pattern)


def _holidays(today: Any) -> list[Any]:
    days = sorted(national_holidays(today.year) | national_holidays(today.year + 1))
    return [day for day in days if 0 <= (day - today).days <= _AHEAD]

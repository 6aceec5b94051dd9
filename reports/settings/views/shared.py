from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models import District


def query_of(district: District, mine: Sequence[District]) -> str:
    """What an address of a settings page ends with, where there are several districts."""
    return f"?district={district.code}" if len(mine) > 1 else ""


def with_version(request: HttpRequest, version: str) -> QueryDict:
    """What was posted, over the version as it is now."""
    data = request.POST.copy()
    data["version"] = version
    return data


def profile_name(profile: str) -> str:
    """A profile in words."""
    return {
        "LINEAR_M": _("Evenly, month by month"),
        "LINEAR_Q": _("Evenly, by quarter"),
        "LINEAR_S": _("Evenly, by half-year"),
        "YEAR_END": _("At the end of the year"),
        "SCHOOL": _("School year (from July)"),
        "BUDGET": _("Budget"),
        "SEASON_SET": _("By season, as the district sets it"),
        "BIAS_AUG": _("School immunisation in August"),
        "BIAS_NOV": _("School immunisation in November"),
    }.get(profile, profile)


def add_errors(form: forms.BaseForm, error: InvalidInput) -> None:
    """What an action refused, beside the fields it speaks of."""
    for name, text in error.errors.items():
        form.add_error(name if name in form.fields else None, text)

"""What a district sets for its weeks: the four deadlines, the day its months close, quiet hours,
document numbers, days off. Each action is one transaction: lock, right, version, rule; pghistory
keeps what was."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput, StaleVersion
from facilities.models import District, LocalHoliday, User
from facilities.models.district import DEADLINES
from reports.permissions import check_can_change_settings

FIELDS = (
    *(f"{name}_{part}" for name in DEADLINES for part in ("weekday", "at")),
    "closing_day",
    "quiet_from",
    "quiet_until",
    "document_number_pattern",
    "shows_unsent_weeks",
)
MOST_DAYS = 200


def settings_version(district: District) -> str:
    """Changes whenever one of the settings does: what the form gives back."""
    values = "|".join(str(getattr(district, name)) for name in FIELDS)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def _locked(district: District, by: User) -> District:
    row = District.objects.select_for_update(of=("self",)).select_related("area")
    found = row.get(pk=district.pk)
    check_can_change_settings(by, found)
    return found


@transaction.atomic
def save_settings(
    *, district: District, by: User, expected_version: str, values: dict[str, Any]
) -> District:
    """``values`` by names of FIELDS. Sent reviews keep the deadline they were measured by."""
    row = _locked(district, by)
    changes = {name: values[name] for name in FIELDS if name in values}
    if all(getattr(row, name) == value for name, value in changes.items()):
        return row
    if settings_version(row) != expected_version:
        raise StaleVersion(_("Someone else changed these settings in the meantime."), current=row)
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise InvalidInput(
            {name: " ".join(texts) for name, texts in error.message_dict.items()}
        ) from error
    row.save(update_fields=list(changes))
    return row


@transaction.atomic
def set_local_day(
    *, district: District, by: User, day: dt.date, name: str, is_working: bool
) -> LocalHoliday:
    """A day off here, or a holiday that is worked; the same day again changes the first entry."""
    row = _locked(district, by)
    name = " ".join(name.split())
    if not name:
        raise InvalidInput({"name": _("Say what day it is.")})
    days = LocalHoliday.objects.filter(district=row)
    if not days.filter(day=day).exists() and days.count() >= MOST_DAYS:
        raise InvalidInput({"day": _("The list is full.")})
    found, _is_new = LocalHoliday.objects.update_or_create(
        district=row, day=day, defaults={"name": name[:100], "is_working": is_working}
    )
    return found


@transaction.atomic
def remove_local_day(*, district: District, by: User, day_id: int) -> None:
    """Back to what the calendar says; gone already is no error."""
    row = _locked(district, by)
    LocalHoliday.objects.filter(district=row, pk=day_id).delete()

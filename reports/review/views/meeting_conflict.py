"""Two people wrote the conclusion of one meeting: what differs, who was faster and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import formats

from facilities.models import User
from reports.models import WeeklyReview
from reports.review.forms.meeting import MeetingForm


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as typed here and as it is stored."""

    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class MeetingConflict:
    """``by`` is empty when the change came from no page; ``posted`` are the fields typed here,
    to be sent again when the writer chooses them."""

    version: int
    by: str
    at: dt.datetime | None
    differences: tuple[Difference, ...]
    posted: tuple[tuple[str, str], ...]


def meeting_conflict(form: MeetingForm, stored: WeeklyReview, posted: QueryDict) -> MeetingConflict:
    """``form`` is valid but was typed on an older version of ``stored``."""
    present = stored.attendances.filter(is_present=True, facility__isnull=False)
    theirs = {name: getattr(stored, name, None) for name in form.fields} | {
        "present": sorted(present.values_list("facility_id", flat=True))
    }
    differences = []
    for name, field in form.fields.items():
        mine = form.cleaned_data.get(name)
        mine = sorted(mine) if name == "present" and mine else mine
        if name == "version" or (mine or "") == (theirs[name] or ""):
            continue
        choices = dict(getattr(field, "choices", ()))
        texts = [_text(value, choices) for value in (mine, theirs[name])]
        differences.append(Difference(str(field.label), *texts))
    event = (
        WeeklyReview.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj_id=stored.pk, version=stored.version
        )
        .select_related("pgh_context")
        .order_by("pgh_created_at", "pk")
        .first()
    )
    context = event.pgh_context.metadata if event is not None and event.pgh_context else {}
    person = User.objects.filter(pk=context.get("user") or 0).first()
    return MeetingConflict(
        version=stored.version,
        by=str(person) if person is not None else "",
        at=event.pgh_created_at if event is not None else None,
        differences=tuple(differences),
        posted=tuple(
            (name, value)
            for name in form.fields
            if name != "version"
            for value in posted.getlist(name)
        ),
    )


def _text(value: Any, choices: dict[Any, str]) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, dt.date):
        return formats.date_format(value, "j F Y")
    if isinstance(value, list):
        return ", ".join(str(choices.get(item, item)) for item in value)
    return str(value)

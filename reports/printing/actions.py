"""What a Puskesmas or a Dinkes sets for its papers. One transaction: lock, right, version, rule;
pghistory keeps what was. Papers that were sent keep the letterhead they were sent with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput, StaleVersion
from facilities.models import District, Facility, LetterheadSetting, Logo, Posting, User
from facilities.models.facility import FacilityKind
from facilities.models.letterhead import USUAL_COPIES
from facilities.models.user import Role
from reports.lookup import local_today
from reports.permissions import check_can_change_letterhead
from reports.printing.pictures import redraw

KINDS = (FacilityKind.DINKES, FacilityKind.PUSKESMAS)
MOST_BYTES = 2 * 1024 * 1024  # of an uploaded logo
LONGEST_SIDE = 800  # pixels: 24 mm on paper at 850 dpi
FORMATS = ("PNG", "JPEG")
MOST_COPIES, LONGEST_COPY = 8, 120

_SETTING = ("postal_code", "seat", "head_title", "classification", "copies")
_PLACE = ("address", "phone", "email")
_OFFICE = (
    "address", "phone", "email", "postal_code", "seat", "head_name", "head_title", "head_rank",
    "head_nip", "legal_basis",
)  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """The rows one letterhead is kept in. ``head``: who is posted as head of a Puskesmas."""

    facility: Facility
    district: District
    setting: LetterheadSetting
    head: User | None

    @property
    def fields(self) -> dict[str, tuple[models.Model, str]]:
        """Name on the form → row and its field."""
        if self.facility.kind == FacilityKind.DINKES:
            found = {name: (self.district, name) for name in _OFFICE}
            kept = {name: (self.setting, name) for name in ("classification", "copies")}
            return {**found, **kept}
        own: dict[str, tuple[models.Model, str]] = {
            name: (self.facility, name) for name in _PLACE
        } | {name: (self.setting, name) for name in _SETTING}
        if self.head is not None:
            own |= {"head_rank": (self.head, "rank"), "head_nip": (self.head, "nip")}
        return own

    @property
    def logo_of(self) -> District | LetterheadSetting:
        is_office = self.facility.kind == FacilityKind.DINKES
        return self.district if is_office else self.setting

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(row, field) for name, (row, field) in self.fields.items()}

    @property
    def version(self) -> str:
        """Changes whenever one of the values does: what the form gives back."""
        text = "|".join(f"{name}={value}" for name, value in sorted(self.values.items()))
        return hashlib.sha256(f"{text}|{self.logo_of.logo_id}".encode()).hexdigest()[:16]


def letterhead_sources(facility: Facility, *, is_locked: bool = False) -> Sources:
    """The rows as they are now; locked until the end of the transaction if asked for."""
    places, districts = Facility.objects.all(), District.objects.all()
    settings, people = LetterheadSetting.objects.all(), User.objects.all()
    if is_locked:
        places, districts = places.select_for_update(), districts.select_for_update()
        settings, people = settings.select_for_update(), people.select_for_update()
    district = districts.get(pk=facility.district_id)
    place = places.get(pk=facility.pk)
    is_office = place.kind == FacilityKind.DINKES
    setting = settings.filter(facility=place).first() or LetterheadSetting(
        facility=place, copies="" if is_office else USUAL_COPIES
    )
    postings = Posting.objects.current(local_today(facility)).filter(
        facility=place, role=Role.PUSKESMAS_HEAD
    )
    head_id = None if is_office else postings.values_list("user_id", flat=True).last()
    head = people.get(pk=head_id) if head_id else None
    return Sources(place, district, setting, head)


def checked_logo(content: bytes) -> Logo:
    """A PNG or JPEG drawn anew, stored under the hash of its bytes. Raises UnfitFileError."""
    media_type, drawn = redraw(
        content,
        formats=FORMATS,
        longest_side=LONGEST_SIDE,
        most_bytes=MOST_BYTES,
        unknown=_("The logo must be a picture: PNG or JPEG."),
    )
    return Logo(sha256=hashlib.sha256(drawn).hexdigest(), content=drawn, media_type=media_type)


@transaction.atomic
def save_letterhead(
    *,
    facility: Facility,
    by: User,
    expected_version: str,
    values: dict[str, Any],
    logo: Logo | None = None,
    removes_logo: bool = False,
) -> Sources:
    """``values`` by the names of ``Sources.fields``; ``logo`` from ``checked_logo`` replaces the
    one there is. Raises PermissionDenied, InvalidInput, StaleVersion."""
    check_can_change_letterhead(by, facility)
    sources = letterhead_sources(facility, is_locked=True)
    changed = _set(sources, values)
    if logo is not None and logo.pk != sources.logo_of.logo_id:
        Logo.objects.get_or_create(
            pk=logo.pk, defaults={"content": logo.content, "media_type": logo.media_type}
        )
        changed.append((sources.logo_of, "logo_id"))
    elif removes_logo and logo is None and sources.logo_of.logo_id:
        changed.append((sources.logo_of, "logo_id"))
    if not changed:
        return sources
    if letterhead_sources(facility).version != expected_version:
        raise StaleVersion(
            _("Someone else changed these settings in the meantime."),
            current=letterhead_sources(facility),
        )
    if changed[-1][1] == "logo_id":
        sources.logo_of.logo_id = logo.pk if logo else None
    _save(changed)
    return sources


def _set(sources: Sources, values: dict[str, Any]) -> list[tuple[models.Model, str]]:
    """(row, field) of what is new; the rows have the new values. Raises InvalidInput."""
    fields, errors = sources.fields, {}
    if "copies" in values:
        values = {**values, "copies": _copies(values["copies"])}
    changed = []
    for name, (row, field) in fields.items():
        if name not in values or getattr(row, field) == values[name]:
            continue
        try:
            _field(row, field).clean(values[name], row)
        except ValidationError as error:
            errors[name] = " ".join(error.messages)
            continue
        setattr(row, field, values[name])
        changed.append((row, field))
    if errors:
        raise InvalidInput(errors)
    return changed


def _field(row: models.Model, name: str) -> models.Field[Any, Any]:
    found = row._meta.get_field(name)  # noqa: SLF001 - public in all but name
    assert isinstance(found, models.Field)  # noqa: S101 - for the type checker
    return found


def _copies(text: str) -> str:
    lines = [" ".join(line.split()) for line in str(text).splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST_COPIES:
        raise InvalidInput({"copies": _("At most %(n)d lines.") % {"n": MOST_COPIES}})
    if any(len(line) > LONGEST_COPY for line in lines):
        said = _("A line has at most %(n)d letters.") % {"n": LONGEST_COPY}
        raise InvalidInput({"copies": said})
    return "\n".join(lines)


def _save(changed: list[tuple[models.Model, str]]) -> None:
    for row in dict.fromkeys(row for row, _field in changed if row.pk is not None):
        row.save(update_fields=[field for one, field in changed if one is row])
    for row in {id(row): row for row, _field in changed if row.pk is None}.values():
        row.save()

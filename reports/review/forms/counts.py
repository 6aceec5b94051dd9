"""The number fields of the review form: read what was typed, keep what cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from facilities.text.errors import UnfitText
from facilities.text.numbers import whole_number
from facilities.text.rules import fit

NOTE_LENGTH = 300
_VERSION = re.compile(r"[0-9]{1,12}")
_FIELDS = {
    "numerator": "n",
    "denominator": "d",
    "note": "note",
    "first_month_numerator": "p",
    "first_month_denominator": "q",
}
_PARTS = ("first_month_numerator", "first_month_denominator")


def field_name(kind: str, code: str) -> str:
    """``n-SPM01``: the name and DOM id of a row's field."""
    return f"{_FIELDS[kind]}-{code}"


@dataclass(slots=True)
class CountEntry:
    """One row as it was posted; ``errors`` by field (numerator, denominator, note, and of a week of
    two months first_month_numerator and first_month_denominator)."""

    code: str
    numerator_text: str
    denominator_text: str
    version: int
    note: str | None
    numerator: int | None = None
    denominator: int | None = None
    # What was typed of the days before the second month; None where there was no such field.
    part_texts: tuple[str, str] | None = None
    first_month: tuple[int | None, int | None] | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, code: str, data: Mapping[str, str]) -> CountEntry:
        """The row ``code`` of a posted form (names ``n-CODE``, ``d-CODE``, ``v-CODE``,
        ``note-CODE``, and in a week of two months ``p-CODE``, ``q-CODE``)."""
        version = data.get(f"v-{code}", "")
        note = data.get(f"note-{code}")
        entry = cls(
            code=code,
            numerator_text=data.get(f"n-{code}", ""),
            denominator_text=data.get(f"d-{code}", ""),
            version=int(version) if _VERSION.fullmatch(version) else 0,
            note=note,
        )
        if f"p-{code}" in data:
            entry.part_texts = (data[f"p-{code}"], data.get(f"q-{code}", ""))
        entry._check()
        return entry

    def _check(self) -> None:
        for name in ("numerator", "denominator"):
            try:
                setattr(self, name, whole_number(getattr(self, f"{name}_text")))
            except UnfitText as error:
                self.errors[name] = str(error)
        if self.part_texts is not None:
            self.first_month = self._part(0), self._part(1)
        if self.note is not None:
            self._check_note(self.note)

    def _part(self, place: int) -> int | None:
        assert self.part_texts is not None  # noqa: S101  the caller has asked
        try:
            return whole_number(self.part_texts[place])
        except UnfitText as error:
            self.errors[_PARTS[place]] = str(error)
            return None

    def _check_note(self, typed: str) -> None:
        """Clean, or as it was typed beside what is wrong with it."""
        try:
            note = fit(typed)
        except UnfitText as error:
            self.errors["note"] = str(error)
            return
        if len(note) > NOTE_LENGTH:
            self.errors["note"] = _("A note has at most %(limit)s characters.") % {
                "limit": NOTE_LENGTH
            }
            return
        self.note = note

"""The number fields of the review form: read what was typed, keep what cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from clusters.actions import LARGEST_COUNT

NOTE_LENGTH = 300
_PLAIN = re.compile(r"[0-9]{1,12}")
# As the page itself writes large numbers: 1.284
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_FIELDS = {"numerator": "n", "denominator": "d", "note": "note"}


def field_name(kind: str, code: str) -> str:
    """``n-SPM01``: the name and DOM id of a row's field."""
    return f"{_FIELDS[kind]}-{code}"


def parse_count(text: str) -> int | None:
    """Whole number from 0, or None for an empty field. ValueError carries the sentence shown."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    if not _PLAIN.fullmatch(text):
        raise ValueError(
            _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {"value": text[:40]}
        )
    if int(text) > LARGEST_COUNT:
        raise ValueError(_("This number is too large: ‘%(value)s’.") % {"value": text})
    return int(text)


@dataclass(slots=True)
class CountEntry:
    """One row as it was posted; ``errors`` by field (numerator, denominator, note)."""

    code: str
    numerator_text: str
    denominator_text: str
    version: int
    note: str | None
    numerator: int | None = None
    denominator: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, code: str, data: Mapping[str, str]) -> CountEntry:
        """The row ``code`` of a posted form (names ``n-CODE``, ``d-CODE``, ``v-CODE``,
        ``note-CODE``)."""
        version = data.get(f"v-{code}", "")
        note = data.get(f"note-{code}")
        entry = cls(
            code=code,
            numerator_text=data.get(f"n-{code}", ""),
            denominator_text=data.get(f"d-{code}", ""),
            version=int(version) if _PLAIN.fullmatch(version) else 0,
            note=None if note is None else " ".join(note.split()),
        )
        entry._check()
        return entry

    def _check(self) -> None:
        for name in ("numerator", "denominator"):
            try:
                setattr(self, name, parse_count(getattr(self, f"{name}_text")))
            except ValueError as error:
                self.errors[name] = str(error)
        if self.note is not None and len(self.note) > NOTE_LENGTH:
            self.errors["note"] = _("A note has at most %(limit)s characters.") % {
                "limit": NOTE_LENGTH
            }

    @property
    def is_blank(self) -> bool:
        return not (self.numerator_text.strip() or self.denominator_text.strip() or self.note)

"""What saving a form would change: compared with the rows as they are now."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clusters.computed import not_typed, origins
from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.models import Facility
from reports.sheets.xlsx.form import Entry, FormError
from reports.sheets.xlsx.layout import BY_KEY

Values = tuple[int | None, int | None, str]  # count, denominator, note
NOTHING: Values = (None, None, "")


@dataclass(frozen=True, slots=True)
class Change:
    """One row that would change, from ``before`` (stored now) to the entry's values.

    ``is_conflict``: somebody changed the stored row after the form was made from it.
    """

    entry: Entry
    name: str
    before: Values
    version: int  # of the stored row; 0: none
    is_conflict: bool
    by: str = ""
    at: dt.datetime | None = None

    @property
    def code(self) -> str:
        return self.entry.code

    @property
    def after(self) -> Values:
        return self.entry.values


@dataclass(frozen=True, slots=True)
class Preview:
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    unchanged: int = 0
    # Empty in the form although something was stored when it was made: the figure would go.
    cleared: int = 0
    # Typed although the system computes it: never saved.
    refused: tuple[FormError, ...] = ()
    seen: str = field(default="", compare=False)  # fingerprint of everything shown

    @property
    def rows(self) -> tuple[Change, ...]:
        return self.changes + self.conflicts


def compare(
    facility: Facility, week: Week, entries: Sequence[Entry], indicators: dict[str, Indicator]
) -> Preview:
    """The effect of the entries on what is stored now. Two queries."""
    stored = {
        row.indicator_code: row
        for row in Achievement.objects.filter(facility=facility, week=week).select_related(
            "entered_by"
        )
    }
    past = _past_values(entries, stored)
    changes: list[Change] = []
    conflicts: list[Change] = []
    refused: list[FormError] = []
    computed = origins(set(indicators))
    unchanged = 0
    for entry in entries:
        row = stored.get(entry.code)
        if entry.values == _values(row) or entry.values == past.get(entry.code):
            unchanged += 1  # as it is, or as the writer found it
            continue
        if origin := computed.get(entry.code):
            refused.append(_refused(entry, origin))
            continue
        version = row.version if row else 0
        change = Change(
            entry=entry,
            name=indicators[entry.code].name,
            before=_values(row),
            version=version,
            is_conflict=entry.version != version,
            by=str(row.entered_by or "") if row else "",
            at=row.entered_at if row else None,
        )
        (conflicts if change.is_conflict else changes).append(change)
    return Preview(
        changes=tuple(changes),
        conflicts=tuple(conflicts),
        unchanged=unchanged,
        cleared=sum(change.before[0] is not None and change.after[0] is None for change in changes),
        refused=tuple(refused),
        seen=_fingerprint([*changes, *conflicts]),
    )


def _refused(entry: Entry, origin: str) -> FormError:
    found = "" if entry.numerator is None else str(entry.numerator)
    cell = f"{BY_KEY['numerator'].letter}{entry.row}"
    return FormError(entry.row, cell, found, not_typed(origin))


def _values(row: Achievement | None) -> Values:
    return NOTHING if row is None else (row.numerator, row.denominator, row.note)


def _past_values(entries: Iterable[Entry], stored: dict[str, Achievement]) -> dict[str, Values]:
    """By code, what stood in the row when the form was made, where it has changed since."""
    stale = {
        stored[entry.code].pk: entry
        for entry in entries
        if entry.code in stored and stored[entry.code].version != entry.version
    }
    result = {entry.code: NOTHING for entry in stale.values() if entry.version == 0}
    history = Achievement.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id__in=stale
    )
    for old in history.order_by("pgh_id"):
        if old.version == stale[old.pgh_obj_id].version:
            result[old.indicator_code] = (old.numerator, old.denominator, old.note)
    return result


def _fingerprint(changes: Iterable[Change]) -> str:
    """Changes when anything a reader saw does; what is saved is what was seen."""
    text = json.dumps([[c.code, c.version, c.before, c.after, c.is_conflict] for c in changes])
    return hashlib.sha256(text.encode()).hexdigest()

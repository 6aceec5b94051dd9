"""Bring rows of a catalogue to what a file says, touching only those that differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from facilities.tabular.shipped import Tally

Values = Mapping[str, Any]


def differing(row: models.Model, values: Values) -> list[str]:
    """The names of the fields whose value in the database is another."""
    return [name for name, value in values.items() if getattr(row, name) != value]


def sync_rows(model: type[models.Model], key: str, rows: Iterable[Values]) -> Tally:
    """Create missing rows and correct differing ones; rows only in the database stay."""
    manager: Any = model._default_manager  # noqa: SLF001 - Django's documented API
    existing = {getattr(row, key): row for row in manager.all()}
    tally, new = Tally(), []
    for values in rows:
        row = existing.get(values[key])
        if row is None:
            new.append(model(**values))
        elif changed := differing(row, values):
            _set(row, values, changed)
            tally.changed += 1
        else:
            tally.unchanged += 1
    tally.created += len(manager.bulk_create(new))
    return tally


def sync_versions(
    model: type[models.Model],
    rows: Iterable[Values],
    *,
    valid_from: dt.date | None = None,
) -> Tally:
    """Like ``sync_rows`` for definitions with validity dates, keyed by ``code``.

    A row's own ``valid_from`` counts only when the code is new. A changed definition is
    corrected in place; with ``valid_from`` it becomes a new version from that day on and the
    one before ends there.
    """
    manager: Any = model._default_manager  # noqa: SLF001 - Django's documented API
    # Ascending, so that the latest version of each code is the one that stays in the dict.
    latest: dict[str, Any] = {row.code: row for row in manager.order_by("valid_from")}
    tally, new = Tally(), []
    for values in rows:
        row = latest.get(values["code"])
        if row is None:
            new.append(model(**values))
            continue
        definition = {name: value for name, value in values.items() if name != "valid_from"}
        changed = differing(row, definition)
        if not changed:
            tally.unchanged += 1
            continue
        tally.changed += 1
        if valid_from is not None and row.valid_from < valid_from:
            _set(row, {"valid_until": valid_from}, ["valid_until"])
            manager.create(**definition, valid_from=valid_from)
        else:
            _set(row, definition, changed)
    tally.created += len(manager.bulk_create(new))
    return tally


def _set(row: models.Model, values: Values, names: list[str]) -> None:
    for name in names:
        setattr(row, name, values[name])
    row.save(update_fields=names)

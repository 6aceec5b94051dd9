"""A model together with its history: the table ``…event`` and the triggers that write into it.

django-pghistory writes each tracked model out twice more, as event model and as one trigger per
kind of change. Both follow from the model, so the initial migrations name the model only. That the
outcome is what ``@pghistory.track`` asks for is checked by ``makemigrations --check``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from pgtrigger.compiler import Trigger, UpsertTriggerSql

# Kind of change → which side of it is kept.
NEW_ROWS: Mapping[str, str] = {"insert": "NEW", "update": "NEW"}
OLD_ROWS: Mapping[str, str] = {"update": "OLD", "delete": "OLD"}

type Fields = list[tuple[str, models.Field[Any, Any]]]


def with_history(
    app: str,
    model: migrations.CreateModel,
    *,
    keeps: Mapping[str, str] = NEW_ROWS,
    excluded: Iterable[str] = (),
    only_when_changed: str = "",
) -> list[Operation]:
    """The model, its event model and its triggers. ``excluded`` fields leave no trace; with
    ``only_when_changed`` an update is kept only when it touches that column."""
    fields = [
        (name, field)
        for name, field in model.fields
        if name not in set(excluded) and not field.many_to_many
    ]
    watched = [only_when_changed] if only_when_changed else []
    if excluded:
        watched = sorted(_column(name, field) for name, field in fields)
    # As an option of the model, not as operations: each would build the models anew.
    model.options["triggers"] = [
        _trigger(app, model.name, fields, change, row, watched) for change, row in keeps.items()
    ]
    return [model, _event_model(app, model.name, fields)]


def _column(name: str, field: models.Field[Any, Any]) -> str:
    return f"{name}_id" if isinstance(field, models.ForeignKey) else name


def _event_model(app: str, name: str, fields: Fields) -> migrations.CreateModel:
    kept = {name: _copied(field) for name, field in fields}
    own: dict[str, models.Field[Any, Any]] = {
        "pgh_id": models.AutoField(primary_key=True, serialize=False),
        "pgh_created_at": models.DateTimeField(auto_now_add=True),
        "pgh_label": models.TextField(help_text="The event label."),
        "pgh_obj": _reference(f"{app}.{name}", related_name="events"),
        # Who was at work: the request or command, null where nobody opened a context.
        "pgh_context": _reference("pghistory.context", related_name="+", null=True),
    }
    return migrations.CreateModel(
        name=f"{name}Event", fields=[*(own | kept).items()], options={"abstract": False}
    )


def _reference(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    """A key without a constraint: history outlives what it tells of."""
    return models.ForeignKey(to, models.DO_NOTHING, db_constraint=False, **options)


def _copied(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The same column without the rules that hold only for the living row."""
    if isinstance(field, models.BigAutoField):
        return models.BigIntegerField()
    _name, _path, args, options = field.deconstruct()
    for rule in ("unique", "primary_key", "db_index"):
        options.pop(rule, None)
    if not isinstance(field, models.ForeignKey):
        return type(field)(*args, **options)
    options |= {"related_name": "+", "related_query_name": "+"}
    del options["on_delete"]
    return _reference(**options)


def _trigger(
    app: str, model: str, fields: Fields, change: str, row: str, watched: list[str]
) -> Trigger:
    table = f"{app}_{model.lower()}"
    name = f"{change}_{change}"
    primary = next(_column(name, field) for name, field in fields if field.primary_key)
    values = {_column(name, field): f'{row}."{_column(name, field)}"' for name, field in fields}
    values |= {
        "pgh_context_id": "_pgh_attach_context()",
        "pgh_created_at": "NOW()",
        "pgh_label": f"'{change}'",
        "pgh_obj_id": f'{row}."{primary}"',
    }
    columns = sorted(values)
    # One row per change into the history, by the database, whatever wrote the row.
    names = ", ".join(f'"{column}"' for column in columns)
    insert = (
        f'INSERT INTO "{table}event" ({names}) '  # noqa: S608 - names of our own columns
        f"VALUES ({', '.join(values[column] for column in columns)}); RETURN NULL;"
    )
    condition = {"condition": _changed(watched)} if change == "update" else {}
    digest = hashlib.sha1(f"{app}.{model}:{name}".encode(), usedforsecurity=False).hexdigest()
    sql = UpsertTriggerSql(
        func=insert,
        operation=change.upper(),
        pgid=f"pgtrigger_{name}_{digest[:5]}",
        table=table,
        when="AFTER",
        **condition,
    )
    return Trigger(name=name, sql=sql)


def _changed(watched: list[str]) -> str:
    """The WHEN of an update trigger: nothing is kept of an update that changes nothing."""
    if not watched:
        return "WHEN (OLD.* IS DISTINCT FROM NEW.*)"
    pairs = (f'OLD."{column}" IS DISTINCT FROM (NEW."{column}")' for column in watched)
    return f"WHEN ({' OR '.join(pairs)})"

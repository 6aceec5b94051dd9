"""What a sheet is made of, as plain JSON: every type reachable from it with fields and defaults.

A type of a field reads ``int``, ``Line``, ``<down|flat|up>`` (one of these words), with ``[]`` for
a row of any length and ``?`` for "or null" behind it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import types
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from tests.sheets_for_ever import COMMAND, SHAPES

Shape = dict[str, Any]  # {"root": "ReviewSheet", "types": {"Line": {"note": {"type": "str"…}}}}
_PLAIN = {bool, int, str, Decimal, dt.date, dt.datetime}
_TYPE = re.compile(r"(?P<base><.*>|\w+)(?P<rest>(\[\]|\?)*)")


def shape_of(root: type) -> Shape:
    shapes: dict[str, Any] = {}
    _add(root, shapes)
    return {"root": root.__name__, "types": dict(sorted(shapes.items()))}


def _add(kind: Any, shapes: dict[str, Any]) -> None:
    if kind.__name__ in shapes:
        return
    rows = shapes[kind.__name__] = {}
    hints = get_type_hints(kind)
    for field in sorted(dataclasses.fields(kind), key=lambda field: field.name):
        rows[field.name] = {"type": _text(hints[field.name], shapes), **_default(field)}


def _default(field: dataclasses.Field[Any]) -> dict[str, Any]:
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    elif field.default is not dataclasses.MISSING:
        value = field.default
    else:
        return {}
    return {"default": msgspec.json.decode(msgspec.json.encode(value))}


def _text(kind: Any, shapes: dict[str, Any]) -> str:
    if kind in _PLAIN:
        return str(kind.__name__)
    if dataclasses.is_dataclass(kind):
        _add(kind, shapes)
        return str(kind.__name__)  # type: ignore[union-attr]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return f"<{'|'.join(sorted(parts))}>"
    if origin is tuple and len(parts) == 2 and parts[1] is Ellipsis:
        return f"{_text(parts[0], shapes)}[]"
    if origin in (Union, types.UnionType) and len(parts) == 2 and type(None) in parts:
        return f"{_text(next(part for part in parts if part is not type(None)), shapes)}?"
    raise TypeError(f"{kind} is nothing a signed sheet may hold: it could be read in two ways")


def recorded(kind: str, number: int) -> Shape | None:
    """What stands in the file of a schema number; None when nobody has recorded it."""
    path = SHAPES / f"{kind}-{number}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def record(kind: str, number: int, shape: Shape) -> None:
    """Write it; ValueError when it would read what was signed in another way."""
    before = recorded(kind, number)
    if before is not None and (found := breaks(before, shape)):
        raise ValueError("\n".join([*found, advice(kind, number)]))
    text = json.dumps(shape, indent=2, ensure_ascii=False) + "\n"
    (SHAPES / f"{kind}-{number}.json").write_text(text, encoding="utf-8")


def advice(kind: str, number: int) -> str:
    """What to do when a change would read signed sheets in another way."""
    return (
        f"Signed {kind} sheets of schema {number} have this. Leave it as it is and add a new field "
        f"with a default, or make schema {number + 1}: write v{number}_to_v{number + 1} in "
        f"reports/shapes/upgrades/{kind}.py, add it to STEPS and run `{COMMAND} store`."
    )


def breaks(before: Shape, now: Shape) -> list[str]:
    """Every change after which a sheet stored before is unreadable or says something else, as
    sentences. Names of types and the order of fields are not stored, so they may change."""
    return list(dict.fromkeys(_breaks(before, now, before["root"], now["root"], set())))


def _breaks(
    before: Shape, now: Shape, old_name: str, new_name: str, seen: set[tuple[str, str]]
) -> Iterator[str]:
    if (old_name, new_name) in seen:
        return
    seen.add((old_name, new_name))
    old, new = before["types"][old_name], now["types"][new_name]
    for name in old:
        where = f"{new_name}.{name}"
        if name not in new:
            yield f"{where} is gone (removed or renamed)."
            continue
        if "default" in old[name] and "default" not in new[name]:
            yield f"{where} has lost its default: sheets signed before it existed lack it."
        elif "default" in old[name] and old[name]["default"] != new[name]["default"]:
            yield f"{where} has another default: sheets signed before it existed would change."
        yield from _type_breaks(before, now, old[name]["type"], new[name]["type"], where, seen)
    for name in new:
        if name not in old and "default" not in new[name]:
            yield f"{new_name}.{name} is new and has no default."


def _type_breaks(
    before: Shape, now: Shape, old: str, new: str, where: str, seen: set[tuple[str, str]]
) -> Iterator[str]:
    (old_base, old_rest), (new_base, new_rest) = _parts(old), _parts(new)
    if old_rest == new_rest and old_base in before["types"] and new_base in now["types"]:
        yield from _breaks(before, now, old_base, new_base, seen)
    elif old_rest == new_rest and old_base.startswith("<") and new_base.startswith("<"):
        if lost := sorted(set(words(old_base)) - set(words(new_base))):
            yield f"{where} no longer knows {', '.join(lost)}."
    elif old != new:
        yield f"{where} was {old} and is {new}."


def _parts(text: str) -> tuple[str, str]:
    match = _TYPE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text} is no type of a field")
    return match["base"], match["rest"]


def words(base: str) -> list[str]:
    """The values of ``<down|flat|up>``."""
    return base.strip("<>").split("|")


def defaults(shape: Shape, raw: Any, kind: str = "") -> Iterator[tuple[dict[str, Any], str, Any]]:
    """In a sheet as plain JSON, every place of a field with a default: (object, name, default)."""
    base, _rest = _parts(kind or shape["root"])
    if isinstance(raw, list):
        for item in raw:
            yield from defaults(shape, item, base)
    elif raw is not None and base in shape["types"]:
        for name, field in shape["types"][base].items():
            if "default" in field:
                yield raw, name, field["default"]
            if name in raw:
                yield from defaults(shape, raw[name], field["type"])

"""Writing examples and shapes of the present schema numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports.shapes import DistrictSheet, ReviewSheet
from reports.shapes.schema import Schema
from reports.shapes.stored import DISTRICT, REVIEW, encode
from tests.sheets_for_ever import SHAPES, rich
from tests.sheets_for_ever.files import keep
from tests.sheets_for_ever.shape import record, recorded, shape_of

SCHEMAS: dict[str, Schema[Any]] = {schema.kind: schema for schema in (REVIEW, DISTRICT)}


def record_shapes() -> list[Path]:
    """Write down what today's sheets are made of; ValueError when they need a new number."""
    done = []
    for schema in SCHEMAS.values():
        kind, number, shape = schema.kind, schema.number, shape_of(schema.shape)
        if recorded(kind, number) != shape:
            record(kind, number, shape)
            done.append(SHAPES / f"{kind}-{number}.json")
    return done


def store_examples(suffix: str = "") -> list[Path]:
    """One file for each model sheet that has none yet under its schema number."""
    full: dict[tuple[str, str], ReviewSheet | DistrictSheet] = {
        ("review", "puskesmas"): rich.puskesmas(),
        ("review", "pustu"): rich.pustu(),
        ("district", "full"): rich.district(),
    }
    empty: dict[tuple[str, str], ReviewSheet | DistrictSheet] = {
        ("review", "empty"): rich.bare(full["review", "puskesmas"]),
        ("review", "empty-pustu"): rich.bare(full["review", "pustu"]),
        ("district", "empty"): rich.bare(full["district", "full"]),
    }
    done = []
    for (kind, name), sheet in {**full, **empty}.items():
        of_set = f"{name}-{suffix}" if suffix else name
        done.append(keep(kind, SCHEMAS[kind].number, of_set, encode(sheet)))
    return [path for path in done if path is not None]

"""Life-cycle groups from ``lifecycle/data/lifecycle_groups.csv``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction

from facilities.tabular.shipped import Row, Tally, date, decimal, number, read_shipped
from facilities.tabular.sync import sync_versions
from lifecycle.models import LifecycleGroup

GROUPS = Path(__file__).parent / "data" / "lifecycle_groups.csv"
_TEXTS = (
    "code", "name_id", "name_en", "group_type", "age_min_unit", "age_max_unit", "sex",
    "people_noun_id", "people_noun_en", "estimation_formula", "coefficient_note",
    "real_data_source", "source", "confidence",
)  # fmt: skip


def group_values(row: Row, order: int) -> dict[str, Any]:
    """One line of the file as field values."""
    return {name: row[name] for name in _TEXTS} | {
        "cluster_code": row["cluster"],
        "age_min": number(row["age_min"]),
        "age_max": number(row["age_max"]),
        "default_share": decimal(row["default_share"]),
        "valid_from": date(row["valid_from"]),
        "sort_order": order,
    }


@transaction.atomic
def load_groups(path: Path = GROUPS, *, valid_from: dt.date | None = None) -> Tally:
    """Create or correct the groups; a changed one becomes a new version with ``valid_from``."""
    rows = [group_values(row, order) for order, row in enumerate(read_shipped(path), start=1)]
    return sync_versions(LifecycleGroup, rows, valid_from=valid_from)

"""Clusters, services, indicators, rules and suggested actions from ``clusters/data``."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from clusters.models import Cluster, Indicator, PlausibilityRule, Service, SuggestedAction
from facilities.tabular.shipped import Row, Tally, date, decimal, number, read_shipped, words
from facilities.tabular.sync import sync_rows, sync_versions

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_clusters(path: Path = DATA / "clusters.csv") -> Tally:
    """Clusters with their services; the file has one line per service."""
    rows = read_shipped(path)
    clusters: dict[str, dict[str, Any]] = {}
    for row in rows:
        clusters.setdefault(
            row["cluster"],
            {
                "code": row["cluster"],
                "name_id": row["cluster_name_id"],
                "name_en": row["cluster_name_en"],
                "sort_order": len(clusters) + 1,
            },
        )
    services = [
        {
            "code": row["service"],
            "cluster_id": row["cluster"],
            "name_id": row["name_id"],
            "name_en": row["name_en"],
            "group_codes": words(row["groups"]),
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in rows
    ]
    return sync_rows(Cluster, "code", clusters.values()) + sync_rows(Service, "code", services)


_TEXTS = (
    "code", "name_id", "name_en", "numerator", "denominator", "unit", "direction", "level",
    "frequency", "calc_type", "profile", "noun_id", "noun_en", "filled_by", "source", "confidence",
    "note",
)  # fmt: skip


def indicator_values(row: Row, order: int) -> dict[str, Any]:
    """One line of the file as field values."""
    return {name: row[name] for name in _TEXTS} | {
        "cluster_id": row["cluster"],
        "group_codes": words(row["groups"]),
        "denominator_groups": words(row["denominator_groups"]),
        "denominator_factor": decimal(row["denominator_factor"]) or Decimal(1),
        "denominator_constant": number(row["denominator_constant"]),
        "annual_target": Decimal(row["annual_target"]),
        "smallest": number(row["smallest"]) or 0,
        "least_complete": number(row["least_complete"]),
        "is_neutral": row["is_neutral"] == "1",
        "priority": number(row["priority"]) or 3,
        "is_collected": row["is_collected"] == "1",
        "is_spm": bool(row["spm_no"]),
        "spm_no": number(row["spm_no"]),
        "is_alert": row["is_alert"] == "1",
        "valid_from": date(row["valid_from"]),
        "sort_order": order,
    }


@transaction.atomic
def load_indicators(
    path: Path = DATA / "indicators.csv", *, valid_from: dt.date | None = None
) -> Tally:
    """Create or correct the indicators; a changed one becomes a new version with ``valid_from``."""
    rows = [indicator_values(row, order) for order, row in enumerate(read_shipped(path), start=1)]
    return sync_versions(Indicator, rows, valid_from=valid_from)


@transaction.atomic
def load_plausibility(path: Path = DATA / "plausibility.csv") -> Tally:
    """Create or correct the rules; one that was switched off in the admin stays off."""
    rows = [
        {
            "code": row["code"],
            "kind": row["kind"],
            "indicator_code": row["indicator"],
            "other_code": row["other"],
            "factor": decimal(row["factor"]) or Decimal(1),
            "minimum": number(row["minimum"]) or 0,
            "source": row["source"],
        }
        for row in read_shipped(path)
    ]
    return sync_rows(PlausibilityRule, "code", rows)


@transaction.atomic
def load_suggested_actions(path: Path = DATA / "suggested_actions.csv") -> Tally:
    """Create or correct the ready sentences; those a district added stay."""
    rows = [
        {
            "code": row["code"],
            "indicator_code": row["indicator"],
            "text_id": row["text_id"],
            "text_en": row["text_en"],
            "sort_order": order,
        }
        for order, row in enumerate(read_shipped(path), start=1)
    ]
    return sync_rows(SuggestedAction, "code", rows)

"""What the catalogue suggests to do about an indicator."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.models import SuggestedAction
from clusters.models.advice import group_of


def suggested_actions(codes: Iterable[str]) -> dict[str, tuple[SuggestedAction, ...]]:
    """By indicator: its own sentences, else those of its group. One query."""
    wanted = set(codes)
    found: dict[str, list[SuggestedAction]] = {}
    names = wanted | {group_of(code) for code in wanted}
    for row in SuggestedAction.objects.filter(indicator_code__in=names):
        found.setdefault(row.indicator_code, []).append(row)
    return {code: tuple(found.get(code) or found.get(group_of(code)) or ()) for code in wanted}

"""Frozen sheets of the demo's most recent reviews."""

from __future__ import annotations

from collections.abc import Sequence

from reports.models import WeeklyReview


def freeze_recent(reviews: Sequence[WeeklyReview]) -> None:
    """Freeze what was submitted lately, as submitting would have; older weeks stay unfrozen."""

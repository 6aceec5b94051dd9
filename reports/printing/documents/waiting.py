"""Waiting for documents by asking PostgreSQL, which knows even when the broker does not."""

from __future__ import annotations

import time

from reports.models.document import DocumentState, ReportDocument
from reports.printing.documents.reconcile import build_abandoned

_LOOK_FOR_ORPHANS_SECONDS = 5.0


class Waiting:
    """Follows a set of documents; builds in this process what no worker takes."""

    def __init__(self, document_ids: list[int]) -> None:
        self._ids = document_ids
        self._next_help = time.monotonic() + _LOOK_FOR_ORPHANS_SECONDS
        self._is_helping = False
        self.has_helped = False

    def look(self) -> int:
        """How many are ready or failed; may take as long as one build."""
        if time.monotonic() >= self._next_help:
            self._help()
        return ReportDocument.objects.filter(
            pk__in=self._ids, state__in=[DocumentState.READY, DocumentState.FAILED]
        ).count()

    def _help(self) -> None:
        built = 0

        def one_more() -> bool:
            nonlocal built
            built += 1
            return built == 1

        self._is_helping = build_abandoned(one_more, is_helping=self._is_helping)
        self.has_helped = self.has_helped or self._is_helping
        if not self._is_helping:
            self._next_help = time.monotonic() + _LOOK_FOR_ORPHANS_SECONDS

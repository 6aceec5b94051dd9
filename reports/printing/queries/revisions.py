"""Which document of a facility's week stands, and which ones it took the place of.

Nothing is ever overwritten: every revision, draft and layout stays a document of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from reports.models import ReportDocument
from reports.models.document import ANNEXES, DocumentKind, DocumentState


def of_the_same_week(document: ReportDocument) -> list[ReportDocument]:
    """All documents of this kind, facility and week, newest first. One query."""
    rows = ReportDocument.objects.filter(
        kind=document.kind, facility=document.facility_id, week=document.week
    )
    return sorted(rows, key=_rank, reverse=True)


def annexes_of(document: ReportDocument) -> dict[str, ReportDocument | None]:
    """By letter the latest annex of the same figures, None where nobody has asked for it. A report
    without annexes has none. One query."""
    if not document.has_annexes:
        return {}
    rows = ReportDocument.objects.filter(
        kind__in=ANNEXES.values(),
        facility=document.facility_id,
        week=document.week,
        snapshot=document.snapshot_id,
    ).select_related("facility__district__area")
    found: dict[str, ReportDocument | None] = dict.fromkeys(ANNEXES)
    for row in sorted(rows, key=_rank):
        found[row.annex] = row
    return found


def report_of(annex: ReportDocument) -> ReportDocument | None:
    """The report an annex belongs to: the latest of the same figures."""
    rows = ReportDocument.objects.filter(
        kind=DocumentKind.PUSKESMAS_WEEKLY,
        facility=annex.facility_id,
        week=annex.week,
        snapshot=annex.snapshot_id,
    )
    return max(rows, key=_rank, default=None) if annex.annex else None


def successors(documents: Sequence[ReportDocument]) -> dict[int, ReportDocument]:
    """By id of a superseded document: the one that stands in its place. One query.

    A signed report is superseded by a later revision or a later file of the same revision, a
    draft by any later document. Failed ones take no other's place.
    """
    weeks = {row.week for row in documents}
    facilities = {row.facility_id for row in documents}
    related = ReportDocument.objects.filter(week__in=weeks, facility__in=facilities).exclude(
        state=DocumentState.FAILED
    )
    groups: dict[object, list[ReportDocument]] = defaultdict(list)
    for row in related if documents else ():
        groups[_subject(row)].append(row)
    found = {}
    for row in documents:
        later = [one for one in groups[_subject(row)] if _replaces(one, row)]
        if later:
            found[row.pk] = max(later, key=_rank)
    return found


def standing(documents: Iterable[ReportDocument]) -> ReportDocument | None:
    """The one to hand out among documents of one facility and week: the latest signed file, else
    the latest draft; None when no file is ready."""
    ready = [row for row in documents if row.state == DocumentState.READY]
    return max(ready, key=lambda row: (not row.is_draft, *_rank(row)), default=None)


def _replaces(one: ReportDocument, other: ReportDocument) -> bool:
    if one.is_draft and not other.is_draft:
        return False
    return _rank(one) > _rank(other)


def _rank(row: ReportDocument) -> tuple[int, bool, object, int]:
    return (row.revision, not row.is_draft, row.created_at, row.pk)


def _subject(row: ReportDocument) -> tuple[str, int, object]:
    return (row.kind, row.facility_id, row.week)

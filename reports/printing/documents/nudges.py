"""Telling a worker that a document waits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from reports.deliveries import nudges
from reports.models import ReportDocument

BUILD_TASK = "reports.tasks.build_report_document"
QUEUE = "reports"


def send_on_commit(document_id: int) -> None:
    """Tell a worker once the row is there for it to see."""
    transaction.on_commit(partial(send, [document_id]))


def send(document_ids: Iterable[int]) -> int:
    """Send a message for each document; how many the broker took. Never raises."""
    return nudges.send(BUILD_TASK, document_ids)


def send_missing(documents: QuerySet[ReportDocument]) -> int:
    """Send a message for each of these that has none in the reports queue; how many were sent."""
    return nudges.send_missing(BUILD_TASK, QUEUE, documents)

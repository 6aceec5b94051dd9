"""Telling a worker that a document waits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from reports import nudges

BUILD_TASK = "reports.tasks.build_report_document"
QUEUE = "reports"


def send_on_commit(document_id: int) -> None:
    """Tell a worker once the row is there for it to see."""
    transaction.on_commit(partial(send, [document_id]))


def send(document_ids: Iterable[int]) -> int:
    """Send a message for each document; how many the broker took. Never raises."""
    return nudges.send(BUILD_TASK, document_ids)


def waiting_messages() -> int | None:
    """Messages in the reports queue; None when the broker does not answer."""
    return nudges.waiting(QUEUE)

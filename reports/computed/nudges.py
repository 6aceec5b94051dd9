"""Telling a worker that a review's step may have changed what the system computes."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from reports.deliveries import nudges

TASK = "reports.tasks.compute_after_review"


def send_on_commit(review_id: int) -> None:
    """A lost message costs nothing: the clock looks at the same weeks every hour."""
    transaction.on_commit(partial(nudges.send, TASK, [review_id]))

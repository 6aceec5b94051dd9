"""What a worker does. Thin: the row says everything, the message only its number."""

from __future__ import annotations

from celery import shared_task
from django.apps import apps

from reports.computed.actions import compute_week
from reports.deliveries.send import deliver
from reports.leases import SOFT_LIMIT_SECONDS, TIME_LIMIT_SECONDS
from reports.models import WeeklyReview
from reports.printing.documents import build_document

HOUR = 3600


# Its own limit is processor time (reports.printing.press); this one is for a hung disk.
@shared_task(soft_time_limit=HOUR, time_limit=HOUR + 60)
def build_report_document(document_id: int) -> None:
    """Build a document if it still waits; run twice, it does nothing."""
    build_document(document_id)


@shared_task(soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=TIME_LIMIT_SECONDS)
def send_mail(delivery_id: int) -> None:
    """Send an e-mail if it still waits; run twice, it does nothing."""
    # By name, as apps below must not import the one that wires them. Before the sending: a mail
    # server that hangs must not look like a worker that does.
    apps.get_model("ilp", "Heartbeat").objects.beat("mailer")
    deliver(delivery_id)


@shared_task
def compute_after_review(review_id: int) -> None:
    """What a sent or returned review changes in the computed figures of its week."""
    rows = WeeklyReview.objects.select_related("facility__district")
    review = rows.filter(pk=review_id).first()
    if review is not None:
        compute_week(review.facility.district, review.week)

"""What the clock starts. Each is safe to run twice, and by two clocks at once."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from reports.actions.escalation_clock import escalate_due
from reports.actions.reviews import open_weekly_review
from reports.actions.suggestions import suggest_problems
from reports.deadlines import deadline
from reports.deliveries.digest import send_digest
from reports.deliveries.reconcile import resend
from reports.deliveries.reminders import remind
from reports.documents import open_facilities, request_district_document
from reports.documents.reconcile import reconcile
from reports.models.document import DocumentKind, ReportDocument
from reports.models.review import WeeklyReview


@shared_task
def rebuild_pending_documents() -> None:
    """Pick up what a lost message left; the reconciler process does the same without Celery."""
    reconcile()
    resend()


@shared_task
def open_weekly_reviews() -> None:
    """Open the running and the last week's review of every open Puskesmas and Pustu."""
    for district in District.objects.select_related("area"):
        running = Week.of(_today(district))
        for week in (running - 1, running):
            for facility in _without_review(district, week):
                open_weekly_review(facility=facility, week=week)


@shared_task
def build_district_recaps() -> None:
    """On Monday, last week's recap of every district: early, and again once the data closed."""
    for district in District.objects.select_related("area"):
        week = Week.of(_today(district)) - 1
        if not _has_recap(district, week):
            request_district_document(district, week)


@shared_task
def escalate_due_problems() -> None:
    """Put higher what is overdue twice or open in three villages."""
    for district in District.objects.select_related("area"):
        escalate_due(district=district)


@shared_task
def suggest_new_problems() -> None:
    """Look at the newest week whose data have closed for what was Jelek three weeks running."""
    for district in District.objects.select_related("area"):
        week = last_closed_week(district, timezone.now())
        suggest_problems(district=district, week=week, facilities=open_facilities(district, week))


def last_closed_week(district: District, now: dt.datetime) -> Week:
    """The newest week whose figures are complete: its data have closed."""
    week = Week.of(now.astimezone(district.zone).date()) - 1
    return week if deadline(district, week, FacilityKind.PUSTU) <= now else week - 1


@shared_task
def send_reminders() -> None:
    """Remind whoever has not filed; at night and at other times than its own, nobody."""
    for district in District.objects.select_related("area"):
        remind(district, timezone.now())


@shared_task
def send_digests() -> None:
    """The Monday digest of every district, once its data have closed."""
    for district in District.objects.select_related("area"):
        send_digest(district, timezone.now())


def _without_review(district: District, week: Week) -> list[Facility]:
    opened = set(
        WeeklyReview.objects.filter(facility__district=district, week=week).values_list(
            "facility_id", flat=True
        )
    )
    return [place for place in open_facilities(district, week) if place.pk not in opened]


def _has_recap(district: District, week: Week) -> bool:
    """Whether a recap was asked for since the last moment that called for one."""
    monday = dt.datetime.combine(week.end + dt.timedelta(days=2), dt.time.min, district.zone)
    closed = deadline(district, week, FacilityKind.PUSTU)
    since = closed if timezone.now() >= closed else monday
    return ReportDocument.objects.filter(
        kind=DocumentKind.DISTRICT_WEEKLY,
        facility__district=district,
        week=week,
        created_at__gte=since,
    ).exists()


def _today(district: District) -> dt.date:
    return timezone.now().astimezone(district.zone).date()

"""What the clock starts. Each is safe to run twice, and by two clocks at once."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from clusters.weeks import Week
from facilities.models import District, Facility
from reports.computed.actions import compute_week
from reports.deadlines.days import Milestone, due_at, last_closed_week, last_weeks
from reports.deadlines.queries.expected import open_facilities
from reports.deliveries.reconcile import resend
from reports.deliveries.reminders import remind
from reports.models.document import DocumentKind, ReportDocument
from reports.models.review import WeeklyReview
from reports.places.digest import send_digest
from reports.places.documents import request_district_document
from reports.printing.documents.reconcile import queue_damaged_files, reconcile
from reports.problems.actions.escalation_clock import escalate_due
from reports.problems.actions.suggestions import suggest_problems
from reports.problems.drafts import drop_expired
from reports.review.actions.steps import open_weekly_review

COMPUTED_WEEKS = 5  # before the running one: what comes late is seldom later


@shared_task
def rebuild_pending_documents() -> None:
    """Pick up what a lost message left; the reconciler process does the same without Celery."""
    reconcile()
    resend()


@shared_task
def check_stored_files() -> None:
    """By night, read every stored PDF: what is damaged is made again before anybody opens it."""
    queue_damaged_files()


@shared_task
def remove_upload_drafts() -> None:
    """Files of forms that were never sent: gone when their time is over."""
    drop_expired()


@shared_task
def open_weekly_reviews() -> None:
    """Open the running and the last week's review of every open Puskesmas and Pustu."""
    for district in District.objects.select_related("area"):
        running = Week.of(_today(district))
        for week in (running - 1, running):
            for facility in _without_review(district, week):
                open_weekly_review(facility=facility, week=week)


@shared_task
def compute_figures() -> None:
    """What the system fills in itself, of the weeks that may still change."""
    for district in District.objects.select_related("area"):
        running = Week.of(_today(district))
        for week in (running - COMPUTED_WEEKS).until(running):
            compute_week(district, week)


@shared_task
def build_district_recaps() -> None:
    """On Monday, last week's recap of every district: early, and again once the data closed."""
    now = timezone.now()
    for district in District.objects.select_related("area"):
        last, before = last_weeks(district, now)
        sunday = dt.datetime.combine((last + 1).start, dt.time.min, district.zone)
        monday = sunday + dt.timedelta(days=1)
        if now < monday:
            continue  # where the district is it is still Sunday
        closed = due_at(district, last, Milestone.DATA_CLOSED)
        _ask_for_recap(district, last, since=closed if closed <= now else monday)
        # After days off, the figures of the week before may have closed only in this week.
        closed = due_at(district, before, Milestone.DATA_CLOSED)
        if sunday <= closed <= now:
            _ask_for_recap(district, before, since=closed)


@shared_task
def escalate_due_problems() -> None:
    """Put higher what is overdue twice or open in three villages."""
    for district in District.objects.select_related("area"):
        escalate_due(district=district)


@shared_task
def suggest_new_problems() -> None:
    """Look, with the newest week whose data have closed, for closed periods that are Jelek."""
    for district in District.objects.select_related("area"):
        week = last_closed_week(district, timezone.now())
        suggest_problems(district=district, week=week, facilities=open_facilities(district, week))


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


def _ask_for_recap(district: District, week: Week, *, since: dt.datetime) -> None:
    """Unless one was asked for since the last moment that called for one."""
    recaps = ReportDocument.objects.filter(
        kind=DocumentKind.DISTRICT_WEEKLY, facility__district=district, week=week
    )
    if not recaps.filter(created_at__gte=since).exists():
        request_district_document(district, week)


def _today(district: District) -> dt.date:
    return timezone.now().astimezone(district.zone).date()

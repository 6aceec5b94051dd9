"""One district's demo from beginning to end, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.errors import ActionRefused
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from reports.demo.decisions import create_decisions, create_escalations, create_suggestions
from reports.demo.filing import Calendar, cohorts, file_weeks
from reports.demo.freeze import freeze_recent
from reports.demo.history import create_history, reporters
from reports.demo.messages import create_messages
from reports.demo.people import create_cast, write_accounts
from reports.demo.problems import create_problems
from reports.demo.reviews import create_attendance, create_reviews
from reports.demo.stages import create_district_counts, create_stages
from reports.demo.target_population import fill_unknown_groups
from reports.models import WeeklyReview

DETAILED_WEEKS = 8  # attendance and frozen sheets reach back this far


@dataclass(frozen=True)
class Made:
    """How much was made."""

    accounts: int
    counts: int
    reviews: int
    problems: int


def check_can_make_demo(district: District) -> None:
    """ActionRefused where figures were entered or made before: demo and real data never mix."""
    has_counts = Achievement.objects.filter(facility__district=district).exists()
    if has_counts or WeeklyReview.objects.filter(facility__district=district).exists():
        raise ActionRefused(
            _("{district} already has figures. Use an empty database for a new demo.").format(
                district=district
            )
        )


@transaction.atomic
def make_demo(
    *,
    district: District,
    weeks: int,
    seed: int,
    now: dt.datetime,
    accounts_file: Path,
    say: Callable[[str], None] = lambda _line: None,
    show_progress: bool = False,
) -> Made:
    """Accounts, history and problems of a district. All or nothing: the accounts file is
    written last, before the transaction ends. Raises ActionRefused."""
    check_can_make_demo(district)
    last = Week.of(now.astimezone(district.zone).date()) - 1
    span = list((last - (weeks - 1)).until(last))
    facilities = list(Facility.objects.filter(district=district).order_by("code"))
    dinkes = next(one for one in facilities if one.kind == FacilityKind.DINKES)
    groups = cohorts(facilities)
    if not groups:
        raise ActionRefused(_("{district} has no Puskesmas yet.").format(district=district))

    District.objects.filter(pk=district.pk).update(is_demo=True)
    fill_unknown_groups(district)
    create_stages(facilities, last.end, seed)
    say(_("Accounts"))
    cast = create_cast(district, facilities, span[0].start)

    say(_("Weekly reviews"))
    calendar = Calendar(district.zone, now)
    filings = list(file_weeks(groups, span, calendar, seed))
    reviews = create_reviews(filings, cast, seed)
    create_attendance(reviews, groups, cast, last - (DETAILED_WEEKS - 1), seed)

    say(_("Weekly counts"))
    counts = create_history(
        list(reporters(facilities, filings, span, cast, seed)),
        list(Indicator.objects.in_week(last)),
        filings,
        seed,
        show_progress=show_progress,
    )
    counts += create_district_counts(dinkes, facilities, span, cast.dinkes, seed)
    problems = create_problems(facilities, last, now, cast, seed)
    create_escalations(district, now, cast, seed)
    recent = [one for one in reviews if one.week > last - DETAILED_WEEKS]
    create_decisions(recent, last, seed)
    create_suggestions(district, facilities, last - 1)
    say(_("Signed sheets"))
    freeze_recent(recent, last)
    create_messages(district, reviews, last, now)
    write_accounts(accounts_file, cast.accounts)
    return Made(len(cast.accounts), counts, len(reviews), problems)

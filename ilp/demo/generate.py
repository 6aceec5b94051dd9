"""One district's demo from beginning to end, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.errors import ActionRefused
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from ilp.demo.apart import sign_apart
from ilp.demo.corrections import Correction, count_a_death, plan_corrections, replace_a_sum
from ilp.demo.decisions import create_escalations, create_suggestions
from ilp.demo.filing import Calendar, Filing, cohorts, file_weeks
from ilp.demo.freeze import sign_reviews
from ilp.demo.history import create_history, reporters
from ilp.demo.messages import create_messages
from ilp.demo.network import change_network
from ilp.demo.people import Cast, create_cast, write_accounts
from ilp.demo.problems import create_problems
from ilp.demo.reviews import create_attendance, create_reviews, excuse_missing
from ilp.demo.stages import create_district_counts, create_stages
from ilp.demo.target_population import count_and_lock, fill_unknown_groups
from reports.models import WeeklyReview


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


@dataclass(frozen=True)
class Story:
    """The history that was made, and what its signing needs."""

    district: District
    last: Week
    cast: Cast
    seed: int
    filings: Sequence[Filing]
    reviews: Sequence[WeeklyReview]  # one a filing
    corrections: Sequence[Correction]
    counts: int
    problems: int

    def by_puskesmas(self) -> list[Story]:
        """Cut so that no sheet of one part needs another part signed."""
        parts: dict[int, list[int]] = defaultdict(list)
        for place, one in enumerate(self.filings):
            is_pustu = one.facility.kind == FacilityKind.PUSTU
            parts[(one.parent_id or 0) if is_pustu else one.facility.pk].append(place)
        return [
            replace(
                self,
                filings=(),
                reviews=[self.reviews[place] for place in places],
                corrections=[
                    one for one in self.corrections if one.review.facility.parent_id == pk
                ],
            )
            for pk, places in sorted(parts.items(), key=lambda part: -len(part[1]))
        ]


def make_demo(
    *,
    district: District,
    weeks: int,
    seed: int,
    now: dt.datetime,
    accounts_file: Path,
    say: Callable[[str], None] = lambda _line: None,
    show_progress: bool = False,
    processes: int = 1,
) -> Made:
    """Accounts, history and problems of a district. All or nothing: the accounts file is
    written last, before the transaction ends. Raises ActionRefused.

    With several ``processes`` the sheets are signed afterwards, side by side: a sheet that is
    missing then is made when it is first asked for.
    """
    with transaction.atomic():
        check_can_make_demo(district)
        story = _make_history(district, weeks, seed, now, say, show_progress=show_progress)
        say(_("Signed sheets"))
        if processes == 1:
            sign_reviews(
                story.reviews, story.corrections, story.cast, seed, show_progress=show_progress
            )
            create_messages(district, story.reviews, story.last, now)
        write_accounts(accounts_file, story.cast.accounts)
    if processes > 1:
        sign_apart(story, processes)
        create_messages(district, story.reviews, story.last, now)
    return Made(len(story.cast.accounts), story.counts, len(story.reviews), story.problems)


def _make_history(
    district: District,
    weeks: int,
    seed: int,
    now: dt.datetime,
    say: Callable[[str], None],
    *,
    show_progress: bool,
) -> Story:
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
    count_and_lock(district, {week.year for week in span}, cast.dinkes, seed)
    changes = change_network(groups, span, cast.dinkes)
    facilities = list(Facility.objects.filter(district=district).order_by("code"))
    groups = cohorts(facilities)

    say(_("Weekly reviews"))
    calendar = Calendar(district.zone, now)
    filings = list(file_weeks(groups, span, calendar, seed, changes))
    reviews = create_reviews(filings, cast, seed)
    create_attendance(reviews, filings, cast, seed)
    excuse_missing(filings, cast, last - 1)

    say(_("Weekly counts"))
    counts = create_history(
        list(reporters(facilities, filings, span, cast, seed, changes)),
        list(Indicator.objects.in_week(last)),
        filings,
        seed,
        show_progress=show_progress,
    )
    counts += create_district_counts(dinkes, facilities, span, cast.dinkes, seed)
    death = count_a_death(groups, last)
    corrections = plan_corrections(reviews, groups, last, calendar)
    replace_a_sum(groups, last, cast)
    problems = create_problems(facilities, last, now, cast, seed, death)
    create_escalations(district, now, cast, seed)
    create_suggestions(district, facilities, last - 1)
    return Story(district, last, cast, seed, filings, reviews, corrections, counts, problems)

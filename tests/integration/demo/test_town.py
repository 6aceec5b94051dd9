"""A larger demo: every sheet is kept, the network changed, few decisions are asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from clusters.models import SumOverride
from clusters.rollups import rollup_differences
from clusters.weeks import Week
from facilities.models import Facility, NetworkEvent
from lifecycle.models import TargetPopulation
from reports.models import (
    Correction,
    ExcusedWeek,
    Problem,
    ReviewRevision,
    RowDecision,
    WeeklyReview,
)
from reports.review.queries.row_decisions import undecided
from reports.review.queries.sheet import live_sheet, revision_sheet
from tests import clock
from tests.factories.town import build_town, with_history

NORMAL, BAD = 5, 10
WEEKS = 31


def check_every_review_that_was_sent_is_kept(last: Week) -> None:
    sent = WeeklyReview.objects.filter(status__in=["submitted", "approved"])
    assert sent.filter(facility__kind="pustu", week__lt=last - 19).exists()
    for review in sent:
        assert review.revisions.filter(number=review.revision).exists(), review
    returned = WeeklyReview.objects.get(status="returned")
    assert (returned.revision, returned.submitted_at) == (2, None)
    assert list(returned.revisions.values_list("number", flat=True)) == [1]


def check_sheet_kept_in_bulk_is_the_one_that_sending_keeps(last: Week) -> None:
    for kind in ("puskesmas", "pustu"):
        review = WeeklyReview.objects.filter(
            facility__kind=kind, week=last - 9, status="approved"
        ).first()
        assert review is not None
        kept = revision_sheet(ReviewRevision.objects.get(review=review))
        assert kept.lines == live_sheet(review).lines


def check_network_changed_by_its_own_actions(last: Week) -> None:
    kinds = Counter(NetworkEvent.objects.values_list("kind", flat=True))
    assert {kind: kinds[kind] for kind in ("close", "rename")} == {"close": 1, "rename": 1}
    assert kinds["move"] >= 2  # a Pustu, and the Posyandu of the closed one
    closed = NetworkEvent.objects.get(kind="close")
    reviews = WeeklyReview.objects.filter(facility=closed.facility)
    assert reviews.filter(week=Week.of(closed.on) - 1).exists()
    assert not reviews.filter(week__gte=Week.of(closed.on)).exists()
    assert "demo" in NetworkEvent.objects.get(kind="rename").facility.name
    moved = NetworkEvent.objects.get(kind="move", facility__kind="pustu")
    own = WeeklyReview.objects.filter(facility=moved.facility, status="approved")
    before = own.filter(week__lt=Week.of(moved.on)).first()
    after = own.filter(week__gte=Week.of(moved.on)).first()
    assert before is not None
    assert after is not None
    assert before.decided_by != after.decided_by
    assert list(rollup_differences()) == []


def check_a_corrected_count_is_a_revision_and_carried(last: Week) -> None:
    twice = ReviewRevision.objects.filter(number=2)
    assert twice
    assert Correction.objects.exists()
    puskesmas = WeeklyReview.objects.filter(facility__kind="puskesmas")
    sheets = [
        revision_sheet(row)
        for row in ReviewRevision.objects.filter(review__in=puskesmas).order_by("-pk")[:16]
    ]
    assert any(sheet.corrections for sheet in sheets)


def check_a_sum_was_replaced_a_death_looked_into_and_people_counted(last: Week) -> None:
    assert SumOverride.objects.get().reason.endswith("(data demo)")
    death = Problem.objects.get(event="death")
    assert death.status == "in_progress"
    assert death.follow_ups.exclude(action="").exists()
    assert death.escalations.exists()
    assert (death.health_event.indicator_code, death.health_event.week) == ("KIA35", death.week)
    assert TargetPopulation.objects.filter(official="counted").exists()
    assert not TargetPopulation.objects.filter(year=last.year, locked_at=None).exists()
    assert ExcusedWeek.objects.exists()


def check_few_decisions_are_asked_for(last: Week) -> None:
    """Newly asked in a week: what the meeting decided, and what waits in one not yet sent."""
    asked = Counter(
        (code, week)
        for code, week in RowDecision.objects.filter(
            review__facility__kind="puskesmas"
        ).values_list("review__facility__code", "review__week")
    )
    for review in WeeklyReview.objects.filter(facility__kind="puskesmas", week=last):
        if review.status == "open":
            sheet = live_sheet(review)
            asked[review.facility.code, last] += len(undecided(sheet.lines, sheet.row_decisions))
    places = Facility.objects.filter(kind="puskesmas").values_list("code", flat=True)
    # The first months of a history judge what nobody reported before it began.
    weeks = list((last - (WEEKS - 6)).until(last))
    for code in places:
        by_week = sorted(asked[code, week] for week in weeks)
        assert by_week[len(by_week) // 2] <= NORMAL, code
        assert by_week[-1] <= BAD, code


@pytest.mark.django_db
def test_a_larger_demo(tmp_path: Path) -> None:
    """Made once: it takes half a minute."""
    with_history(build_town(4, 4, 4, 4), tmp_path, weeks=WEEKS)
    last = clock.this_week() - 1
    check_every_review_that_was_sent_is_kept(last)
    check_sheet_kept_in_bulk_is_the_one_that_sending_keeps(last)
    check_network_changed_by_its_own_actions(last)
    check_a_corrected_count_is_a_revision_and_carried(last)
    check_a_sum_was_replaced_a_death_looked_into_and_people_counted(last)
    check_few_decisions_are_asked_for(last)

"""Everybody does anything to the reviews of two weeks, in any order, with stale or right
versions. What may happen is written out here a second time, by hand; whatever is refused must
leave no trace, whatever happens must leave exactly one, and what was signed never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clusters.models import Achievement
from clusters.rollups import rollup_differences
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.models import ReviewRevision, ReviewStep, WeeklyReview
from reports.review.actions.meeting import save_meeting
from reports.review.actions.steps import (
    approve_review,
    open_weekly_review,
    reopen_review,
    return_review,
    save_count,
    submit_review,
)
from reports.review.queries.sheet import live_sheet
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db

REFUSALS = (PermissionDenied, IllegalTransition, InvalidInput, StaleVersion)
PLACES = ("puskesmas", "pustu", "other_pustu")
ROLES = (
    "admin", "dinkes", "puskesmas_head", "cluster_officer", "pustu_head", "kader", "province",
    "sibling_head", "outsider", "nobody",
)  # fmt: skip
CODES = ("KIA01", "KIA02", "SPM01")
FILLS_IN = {
    "puskesmas": {"puskesmas_head", "cluster_officer"},
    "pustu": {"pustu_head", "puskesmas_head"},
    "other_pustu": {"puskesmas_head"},
}
SENDS = {**FILLS_IN, "puskesmas": {"puskesmas_head"}}
EDITABLE = {"open", "returned", "reopened"}

# Those who have to do with it more often than the others: else hardly any review would get far.
INSIDE = ("dinkes", "puskesmas_head", "pustu_head")
roles = st.sampled_from(INSIDE) | st.sampled_from(INSIDE) | st.sampled_from(ROLES)
places = st.sampled_from(PLACES)
weeks_back = st.sampled_from((0, 1))
# Nearly always right, now and then the version of an earlier look.
staleness = st.sampled_from((0, 0, 0, 0, 0, 0, 1))
reasons = st.sampled_from(("Angka K1 Desa 2 keliru", "Mohon dilengkapi", "Tolong", "  x "))


@dataclass
class Expected:
    """What a review must look like, kept beside the real one."""

    status: str = "open"
    revision: int = 1
    sender: str = ""
    steps: list[tuple[str, str, str]] = field(default_factory=lambda: [("open", "", "open")])
    counts: dict[str, int | None] = field(default_factory=dict)
    signed: dict[int, str] = field(default_factory=dict)  # revision → SHA-256 of its content

    def decides(self, place: str) -> set[str]:
        if place == "puskesmas":
            return {"dinkes"}
        # The head of the Puskesmas decides; whoever stood in for a Pustu does not decide on it.
        return {"dinkes"} if self.sender == "puskesmas_head" else {"puskesmas_head"}


class Meeting(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.expected: dict[tuple[str, int], Expected] = {}
        # The review of the last step; all are compared at the end.
        self.touched: tuple[str, int] | None = None

    @initialize()
    def open_reviews(self) -> None:
        for place in PLACES:
            for back in (0, 1):
                review = open_weekly_review(
                    facility=getattr(self.world, place), week=last_week() - back
                )
                assert review.status == "open"
                self.expected[place, back] = Expected()

    def teardown(self) -> None:
        try:
            for place, back in self.expected:
                self.compare(place, back)
            assert not list(rollup_differences())
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def review(self, place: str, back: int) -> WeeklyReview:
        self.touched = place, back
        return WeeklyReview.objects.get(
            facility=getattr(self.world, place), week=last_week() - back
        )

    def attempt(self, may: bool, action: Callable[[], Any]) -> bool:
        """Do it in a savepoint; it must succeed exactly when it may."""
        done = False
        with suppress(*REFUSALS), transaction.atomic():
            action()
            done = True
        assert done == may
        return done

    @rule(place=places, back=weeks_back, role=roles, code=st.sampled_from(CODES),
          count=st.none() | st.integers(0, 40), stale=staleness)  # fmt: skip
    def save(
        self, place: str, back: int, role: str, code: str, count: int | None, stale: int
    ) -> None:
        review, want = self.review(place, back), self.expected[place, back]
        row = Achievement.objects.filter(
            facility=review.facility, week=review.week, indicator_code=code
        ).first()
        version = row.version if row else 0
        seen = version - stale
        is_same = row is None or row.numerator == count
        may = (
            role in FILLS_IN[place]
            and want.status in EDITABLE
            and (is_same or not stale or version == 0)
        )
        action = lambda: save_count(  # noqa: E731
            review=review, indicator_code=code, numerator=count, denominator=None,
            by=self.world[role], expected_version=seen,
        )  # fmt: skip
        if self.attempt(may, action):
            want.counts[code] = count

    @rule(place=places, back=weeks_back, role=roles, stale=staleness, reason=reasons,
          why=st.sampled_from((UNDECIDED, UNDECIDED, UNDECIDED, "")), data=st.data())  # fmt: skip
    def act(
        self, place: str, back: int, role: str, stale: int, reason: str, why: str,
        data: st.DataObject,
    ) -> None:  # fmt: skip
        """One step; more often one that the status allows, by whom it concerns."""
        want = self.expected[place, back]
        fitting = {"submitted": ["approve", "return", "reopen"], "approved": ["reopen"]}
        likely = fitting.get(want.status, ["send", "conclude"])
        actions = ("send", "conclude", "approve", "return", "reopen")
        action = data.draw(st.sampled_from(likely) | st.sampled_from(actions))
        concerned = want.decides(place) if want.status not in EDITABLE else SENDS[place]
        role = data.draw(st.sampled_from(sorted(concerned)) | st.just(role))
        if action == "send":
            self.send(place, back, role, stale, why)
        elif action == "conclude":
            self.write_conclusion(place, back, role, stale, reason + why)
        elif action == "approve":
            self.approve(place, back, role, stale)
        elif action == "return":
            self.send_back(place, back, role, stale, reason)
        else:
            self.reopen(place, back, role, stale, reason)

    def write_conclusion(self, place: str, back: int, role: str, stale: int, text: str) -> None:
        review, want = self.review(place, back), self.expected[place, back]
        may = (
            role in FILLS_IN[place]
            and want.status in EDITABLE
            and (not stale or text == review.conclusion)
        )
        self.attempt(
            may,
            lambda: save_meeting(
                review=review, by=self.world[role], expected_version=review.version - stale,
                meeting_on=None, meeting_place="", chair_name="", minutes_by="",
                conclusion=text, present_ids=set(),
            ),
        )  # fmt: skip

    def send(self, place: str, back: int, role: str, stale: int, why: str) -> None:
        """Red rows are sent with a reason, for nobody decides on any of them here."""
        review, want = self.review(place, back), self.expected[place, back]
        may = (
            role in SENDS[place]
            and want.status in EDITABLE
            and not stale
            and (bool(why) or not self.has_red(review))
        )
        if self.attempt(
            may,
            lambda: submit_review(
                review=review, by=self.world[role], expected_version=review.version - stale,
                undecided_reason=why,
            **REASONS),
        ):  # fmt: skip
            want.steps.append(("submit", want.status, "submitted"))
            want.status, want.sender = "submitted", role
            want.signed[want.revision] = self.content_hash(review, want.revision)

    def has_red(self, review: WeeklyReview) -> bool:
        figures = [line.figures for line in live_sheet(review).lines]
        return any(each.colour == "red" or each.status == "jelek" for each in figures)

    def approve(self, place: str, back: int, role: str, stale: int) -> None:
        review, want = self.review(place, back), self.expected[place, back]
        may = want.status == "submitted" and role in want.decides(place) and not stale
        if self.attempt(
            may,
            lambda: approve_review(
                review=review, by=self.world[role], expected_version=review.version - stale
            ),
        ):
            want.steps.append(("approve", "submitted", "approved"))
            want.status = "approved"

    def send_back(self, place: str, back: int, role: str, stale: int, reason: str) -> None:
        self.start_again("return", {"submitted"}, place, back, role, stale, reason)

    def reopen(self, place: str, back: int, role: str, stale: int, reason: str) -> None:
        self.start_again("reopen", {"submitted", "approved"}, place, back, role, stale, reason)

    def start_again(
        self,
        name: str,
        allowed: set[str],
        place: str,
        back: int,
        role: str,
        stale: int,
        reason: str,
    ) -> None:
        review, want = self.review(place, back), self.expected[place, back]
        may = (
            want.status in allowed
            and role in want.decides(place)
            and not stale
            and len(reason.strip()) >= 5
        )
        action = return_review if name == "return" else reopen_review
        if self.attempt(
            may,
            lambda: action(
                review=review, by=self.world[role], expected_version=review.version - stale,
                reason=reason,
            ),
        ):  # fmt: skip
            after = "returned" if name == "return" else "reopened"
            want.steps.append((name, want.status, after))
            want.status, want.revision, want.sender = after, want.revision + 1, ""

    @precondition(lambda self: bool(self.expected))
    @rule(place=places, back=weeks_back)
    def open_once_more(self, place: str, back: int) -> None:
        """The clock opens reviews again and again; those that exist stay as they are."""
        open_weekly_review(facility=getattr(self.world, place), week=last_week() - back)

    def content_hash(self, review: WeeklyReview, revision: int) -> str:
        snapshot = ReviewRevision.objects.get(review=review, number=revision).snapshot
        digest = hashlib.sha256(snapshot.content.encode()).hexdigest()
        assert digest == snapshot.sha256
        return digest

    @invariant()
    def what_was_touched_is_as_expected(self) -> None:
        if self.touched:
            self.compare(*self.touched)

    def compare(self, place: str, back: int) -> None:
        review, want = self.review(place, back), self.expected[place, back]
        assert (review.status, review.revision) == (want.status, want.revision)
        assert review.is_editable == (want.status in EDITABLE)
        steps = ReviewStep.objects.filter(review=review)
        assert list(steps.values_list("action", "from_status", "to_status")) == want.steps
        rows = Achievement.objects.filter(facility=review.facility, week=review.week)
        rows = rows.exclude(source="system")  # MAN01 to MAN03: written down by Kirim itself
        assert dict(rows.values_list("indicator_code", "numerator")) == want.counts
        # What was signed stays, to the byte.
        kept = {row.number: row.snapshot_id for row in review.revisions.all()}
        assert kept == want.signed
        for revision, digest in want.signed.items():
            assert self.content_hash(review, revision) == digest


def test_reviews_under_everybody(db: None) -> None:
    Meeting.world = build_world()
    run_state_machine_as_test(
        Meeting,
        settings=settings(
            max_examples=20,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

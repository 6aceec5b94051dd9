"""Every red row of a review gets a decision before it is sent, or a reason why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.actions import record_achievement
from clusters.judgement.due import due
from clusters.models import Indicator
from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.models import Escalation, FollowUp, Problem, RowDecision, WeeklyReview
from reports.printing.pdf.decisions import decision_lines
from reports.problems.actions import finish_problem, raise_problem, reject_problem
from reports.review.actions.row_decisions import decide_row
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.review.queries.row_decisions import decision_rows, undecided
from reports.review.queries.sheet import live_sheet, review_sheet
from tests import clock
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week, make_poor

pytestmark = pytest.mark.django_db
CODE = "KIA01"
RED = 1  # far below the target to date of every small place, late in the year or early
LATER = dt.timedelta(days=10)


@pytest.fixture
def world() -> World:
    return build_world()


def count(world: World, place, code: str = CODE, week: Week | None = None, n: int = RED) -> None:
    week = week or last_week()
    indicator = Indicator.objects.in_week(week).get(code=code)
    record_achievement(
        facility=place, week=week, indicator=indicator, numerator=n, denominator=None,
        by=world["puskesmas_head"], source="page", expected_version=0,
    )  # fmt: skip


@pytest.fixture
def review(world: World) -> WeeklyReview:
    """A Pustu's review with one red row."""
    make_poor(world.pustu, CODE)
    count(world, world.pustu)
    return open_weekly_review(facility=world.pustu, week=last_week())


def waiting(review: WeeklyReview) -> list[str]:
    sheet = live_sheet(review)
    return [line.indicator.code for line in undecided(sheet.lines, sheet.row_decisions)]


def decide(review: WeeklyReview, by, kind: str, *, version: int = 0, **given) -> RowDecision:
    fields: dict[str, dict[str, Any]] = {
        "follow_up": {
            "action": "Kunjungan rumah", "owner_name": "Bidan desa",
            "due_on": clock.today() + LATER,
        },
        "escalate": {"reason": "Mohon tambahan bidan"},
        "monitor": {"reason": "Selisih satu orang"},
    }  # fmt: skip
    return decide_row(
        review=review, indicator_code=CODE, kind=kind, by=by, expected_version=version,
        **{**fields[kind], **given},
    )  # fmt: skip


def send(review: WeeklyReview, by, reason: str = "") -> WeeklyReview:
    review.refresh_from_db()
    return submit_review(
        review=review, by=by, expected_version=review.version, undecided_reason=reason, **REASONS
    )


# --- the rule -----------------------------------------------------------------------------


def test_red_row_without_decision_keeps_the_review(world: World, review: WeeklyReview) -> None:
    assert waiting(review) == [CODE]
    for reason in ("", "   ", "ya"):
        with pytest.raises(InvalidInput) as caught:
            send(review, world["pustu_head"], reason)
        assert set(caught.value.errors) == {"decisions"}
        assert "K1" in str(caught.value) or "Kunjungan" in str(caught.value)
    review.refresh_from_db()
    assert (review.status, review.undecided_reason) == ("open", "")


def test_reason_why_not_is_kept_and_printed(
    world: World, review: WeeklyReview, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks():
        sent = send(review, world["pustu_head"], f"  {UNDECIDED} ")
    assert sent.undecided_reason == UNDECIDED
    sheet = review_sheet(sent)
    assert sheet.undecided_reason == UNDECIDED
    assert [(row.number, row.is_waiting) for row in decision_lines(sheet)] == [(1, True)]


@pytest.mark.parametrize("kind", ["follow_up", "escalate", "monitor"])
def test_each_decision_lets_it_go_and_is_frozen(
    world: World, review: WeeklyReview, kind: str, django_capture_on_commit_callbacks
) -> None:
    decide(review, world["pustu_head"], kind)
    assert waiting(review) == []
    with django_capture_on_commit_callbacks():
        sent = send(review, world["pustu_head"], "tidak dipakai")
    assert sent.undecided_reason == ""
    frozen = review_sheet(sent).row_decisions
    assert [(row.indicator_code, row.kind) for row in frozen] == [(CODE, kind)]
    RowDecision.objects.update(kind="monitor", reason="diubah kemudian")
    assert review_sheet(sent).row_decisions == frozen


def test_follow_up_makes_a_problem_with_the_numbers_of_the_row(
    world: World, review: WeeklyReview
) -> None:
    row = decide(review, world["pustu_head"], "follow_up")
    line = next(one for one in live_sheet(review).lines if one.indicator.code == CODE)
    problem = Problem.objects.get()
    assert row.problem == problem
    assert (problem.indicator_code, problem.origin, problem.status) == (CODE, "row", "planned")
    assert problem.people_count == abs(line.figures.gap or 0)
    assert f"kurang {problem.people_count}" in problem.title
    step = problem.follow_ups.get()
    assert (step.action, step.owner_name) == ("Kunjungan rumah", "Bidan desa")


def test_second_follow_up_joins_the_same_problem(world: World, review: WeeklyReview) -> None:
    by = world["pustu_head"]
    decide(review, by, "follow_up")
    decide(review, by, "follow_up", version=1, action="Sweeping desa")
    assert Problem.objects.count() == 1
    assert FollowUp.objects.count() == 2


@pytest.mark.parametrize(("place", "role", "level"), [
    ("pustu", "pustu_head", "P1"), ("puskesmas", "puskesmas_head", "DINKES-19.06"),
])  # fmt: skip
def test_escalation_asks_the_level_above(world: World, place: str, role: str, level: str) -> None:
    for facility in (world.pustu, world.other_pustu, world.puskesmas):
        make_poor(facility, CODE)
    review = open_weekly_review(facility=getattr(world, place), week=last_week())
    row = decide(review, world[role], "escalate")
    asked = Escalation.objects.get()
    assert (asked.problem, asked.to_facility.code, asked.raised_by) == (
        row.problem, level, world[role],
    )  # fmt: skip
    assert asked.comment == "Mohon tambahan bidan"
    assert Problem.objects.get().status == "escalated"


def test_open_problem_on_the_row_counts_until_it_is_closed(
    world: World, review: WeeklyReview
) -> None:
    problem = raise_problem(
        facility=world.pustu, week=last_week(), by=world["pustu_head"], title="K1 rendah",
        owner_name="Bidan", due_on=clock.today() + LATER, indicator_code=CODE,
    )  # fmt: skip
    (row,) = live_sheet(review).row_decisions
    assert (row.kind, row.problem_id) == ("problem", problem.pk)
    finish_problem(
        problem=problem, by=world["pustu_head"], expected_version=1, evidence="Sudah selesai"
    )
    assert waiting(review) == [CODE]


def test_open_problem_elsewhere_does_not_count(world: World, review: WeeklyReview) -> None:
    raise_problem(
        facility=world.other_pustu, week=last_week(), by=world["puskesmas_head"], title="K1",
        owner_name="Bidan", due_on=clock.today() + LATER, indicator_code=CODE,
    )  # fmt: skip
    assert waiting(review) == [CODE]


def test_decision_whose_problem_was_rejected_is_none(world: World, review: WeeklyReview) -> None:
    problem = decide(review, world["pustu_head"], "follow_up").problem
    assert problem is not None
    Problem.objects.filter(pk=problem.pk).update(status="accepted")
    problem.refresh_from_db()
    reject_problem(
        problem=problem, by=world["puskesmas_head"], expected_version=problem.version,
        reason="Bukan masalah",
    )  # fmt: skip
    assert waiting(review) == [CODE]


def test_decision_stands_until_the_next_period_has_closed(world: World) -> None:
    make_poor(world.pustu, CODE)
    week = last_week()
    reported = open_weekly_review(facility=world.pustu, week=week)
    earlier = _same_period(week)
    if earlier is not None:
        decided = open_weekly_review(facility=world.pustu, week=earlier)
        assert waiting(decided) == [CODE]
        decide(decided, world["pustu_head"], "monitor")
        assert waiting(reported) == []
        (row,) = live_sheet(reported).row_decisions
        assert (row.kind, row.week, row.version) == ("monitor", str(earlier), 0)


def test_decision_of_an_earlier_period_does_not_stand(world: World) -> None:
    make_poor(world.pustu, CODE)
    reported = open_weekly_review(facility=world.pustu, week=last_week())
    before = _closed(last_week())
    week = last_week()
    while _closed(week) == before:
        week -= 1
    RowDecision.objects.create(
        review=open_weekly_review(facility=world.pustu, week=week), indicator_code=CODE,
        kind="monitor", reason="Selisih satu orang", by=world["pustu_head"], at=clock.now(),
    )  # fmt: skip
    assert waiting(reported) == [CODE]


def _closed(week: Week) -> str:
    return str(due("LINEAR_M", week.end + dt.timedelta(days=3)).period)


def _same_period(week: Week) -> Week | None:
    """The week before, where the same month was judged in it."""
    return week - 1 if _closed(week - 1) == _closed(week) else None


# --- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "given", "field"), [
    ("monitor", {"reason": " ya "}, "reason"),
    ("escalate", {"reason": ""}, "reason"),
    ("follow_up", {"action": " "}, "action"),
    ("follow_up", {"owner_name": ""}, "owner_name"),
    ("follow_up", {"due_on": None}, "due_on"),
    ("follow_up", {"due_on": dt.date(2020, 1, 1)}, "due_on"),
])  # fmt: skip
def test_incomplete_decision_is_refused_by_field(
    world: World, review: WeeklyReview, kind: str, given, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        decide(review, world["pustu_head"], kind, **given)
    assert set(caught.value.errors) == {field}
    assert not RowDecision.objects.exists()
    assert not Problem.objects.exists()


def test_row_that_is_not_red_needs_nothing(world: World, review: WeeklyReview) -> None:
    with pytest.raises(InvalidInput):
        decide_row(
            review=review, indicator_code="KIA02", kind="monitor", by=world["pustu_head"],
            expected_version=0, reason="Tidak perlu",
        )  # fmt: skip


def test_faster_colleague_is_not_overwritten(world: World, review: WeeklyReview) -> None:
    decide(review, world["pustu_head"], "monitor")
    with pytest.raises(StaleVersion) as caught:
        decide(review, world["puskesmas_head"], "monitor", reason="Alasan kepala")
    assert caught.value.current.reason == "Selisih satu orang"


@pytest.mark.parametrize("kind", ["follow_up", "escalate", "monitor"])
def test_sent_twice_is_one_decision(world: World, review: WeeklyReview, kind: str) -> None:
    rows = {decide(review, world["pustu_head"], kind).pk for _ in range(2)}
    assert len(rows) == 1
    assert RowDecision.objects.get().version == 1
    assert FollowUp.objects.count() == (kind != "monitor")


@pytest.mark.parametrize("role", ["dinkes", "cluster_officer", "kader", "sibling_head", "outsider"])
def test_only_who_fills_in_decides(world: World, review: WeeklyReview, role: str) -> None:
    with pytest.raises(PermissionDenied):
        decide(review, world[role], "monitor")


def test_sent_review_takes_no_decision(
    world: World, review: WeeklyReview, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks():
        send(review, world["pustu_head"], UNDECIDED)
    with pytest.raises(IllegalTransition):
        decide(review, world["pustu_head"], "monitor")


def test_decisions_cost_the_same_for_one_row_and_for_many(
    world: World, review: WeeklyReview
) -> None:
    def queries() -> int:
        lines = live_sheet(review).lines
        with CaptureQueriesContext(connection) as caught:
            decision_rows(review, lines)
        return len(caught)

    decide(review, world["pustu_head"], "follow_up")
    few = queries()
    for code in ("SPM01", "SPM04", "SPM06", "SPM07", "IMM01"):
        make_poor(world.pustu, code)
    assert len(live_sheet(review).row_decisions) > 2
    assert queries() <= few <= 4


# --- the pages ----------------------------------------------------------------------------


@pytest.fixture
def pustu(client: Client, world: World) -> Client:
    client.force_login(world["pustu_head"])
    return client


def address(name: str, review: WeeklyReview) -> str:
    return reverse(
        f"reports:review-{name}", kwargs={"week": str(review.week), "code": review.facility.code}
    )


def test_check_page_lists_red_rows_with_people_first(pustu: Client, review: WeeklyReview) -> None:
    page = pustu.get(address("check", review)).text
    assert "1 baris merah perlu keputusan" in page
    assert page.index("kurang ") < page.index("dari target")
    for kind in ("follow_up", "escalate", "monitor"):
        assert f'name="{CODE}-kind" value="{kind}"' in page


def test_saving_one_row_keeps_what_was_typed_in_the_others(
    pustu: Client, world: World, review: WeeklyReview
) -> None:
    make_poor(world.pustu, "SPM01")
    data = {
        "page": "check", "only": CODE,
        f"{CODE}-kind": "monitor", f"{CODE}-reason": "Selisih kecil saja", f"{CODE}-version": "0",
        "SPM01-kind": "follow_up", "SPM01-action": "Belum selesai diketik", "SPM01-version": "0",
    }  # fmt: skip
    answer = pustu.post(address("decisions", review), data)
    assert answer.status_code == 200
    assert "Belum selesai diketik" in answer.text
    assert RowDecision.objects.get().indicator_code == CODE
    del data["only"]
    refused = pustu.post(address("decisions", review), data)
    assert refused.status_code == 422
    assert "Belum selesai diketik" in refused.text
    assert RowDecision.objects.get().version == 1
    data |= {"SPM01-owner_name": "Bidan", "SPM01-due_on": str(clock.today() + LATER)}
    assert pustu.post(address("decisions", review), data).status_code == 302
    assert RowDecision.objects.count() == 2
    assert "Semua baris merah sudah ada keputusan" in pustu.get(address("check", review)).text


def test_colleague_was_faster_says_who_and_keeps_the_text(
    pustu: Client, world: World, review: WeeklyReview
) -> None:
    decide(review, world["puskesmas_head"], "monitor", reason="Alasan kepala")
    data = {f"{CODE}-kind": "monitor", f"{CODE}-reason": "Alasan saya", f"{CODE}-version": "0"}
    answer = pustu.post(address("decisions", review), data)
    assert answer.status_code == 409
    for words in ("Alasan kepala", "Alasan saya", "Orang kapus"):
        assert words in answer.text
    assert f'name="{CODE}-version" value="1"' in answer.text


def test_pustu_sends_with_the_ready_reason_only_when_chosen(
    pustu: Client, review: WeeklyReview, django_capture_on_commit_callbacks
) -> None:
    data = {"version": review.version, **REASONS}
    refused = pustu.post(address("submit", review), data)
    assert refused.status_code == 422
    assert "belum ada keputusan" in refused.text
    with django_capture_on_commit_callbacks():
        sent = pustu.post(address("submit", review), data | {"undecided_choice": "puskesmas"})
    assert sent.status_code == 302
    review.refresh_from_db()
    assert review.undecided_reason == "Dibahas dalam evaluasi mingguan Puskesmas"


def test_ready_reason_is_not_for_a_puskesmas(world: World, client: Client) -> None:
    count(world, world.pustu)
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    client.force_login(world["puskesmas_head"])
    assert "undecided_choice" not in client.get(address("check", review)).text
    data = {"version": review.version, "undecided_choice": "puskesmas"}
    assert client.post(address("submit", review), data).status_code == 422


def test_row_shows_the_way_to_decide_and_then_the_decision(
    pustu: Client, world: World, review: WeeklyReview
) -> None:
    page = pustu.get(address("detail", review)).text
    assert f'href="{address("decisions", review)}#dec-{CODE}"' in page
    decide(review, world["pustu_head"], "monitor")
    page = pustu.get(address("detail", review)).text
    assert f"#dec-{CODE}" not in page
    assert "Selisih satu orang" in page

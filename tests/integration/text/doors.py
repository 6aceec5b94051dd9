"""The doors of the pages by which text comes in: who sends it where, and what is then stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement, SumOverride
from facilities.models import LocalHoliday
from reports.models import (
    Attendance,
    Escalation,
    FollowUp,
    MeetingDecision,
    Problem,
    RowDecision,
    WeeklyReview,
)
from reports.problems.actions import raise_problem
from reports.problems.actions.escalations import escalate, levels_above
from reports.review.actions.steps import open_weekly_review, submit_review
from tests import clock
from tests.factories.world import PASSWORD, REASONS, UNDECIDED, World, last_week, make_poor

BACKEND = "django.contrib.auth.backends.ModelBackend"
SOON = str(clock.today() + dt.timedelta(days=7))


def _as(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world[role], BACKEND)
    return client


def _newest(model: type[models.Model], column: str) -> str | None:
    row = model._default_manager.order_by("-pk").first()
    return None if row is None else getattr(row, column)


@dataclass(frozen=True)
class Door:
    """``stored``: column of the newest row. ``shows``: the refusal has what was typed."""

    name: str
    post: Callable[[World, str], Any]
    model: type[models.Model]
    column: str
    has_lines: bool = False
    is_name: bool = False
    shows: bool = True

    def stored(self) -> str | None:
        return _newest(self.model, self.column)

    def __str__(self) -> str:
        return self.name


def _review(world: World, name: str, **more: Any) -> str:
    kwargs = {"week": str(last_week()), "code": world.pustu.code, **more}
    return reverse(f"reports:{name}", kwargs=kwargs)


def _note(world: World, text: str) -> Any:
    data = {"n-KIA01": "5", "v-KIA01": "0", "note-KIA01": text}
    return _as(world, "pustu_head").post(_review(world, "review-count", indicator="KIA01"), data)


def _raise(field: str) -> Callable[[World, str], Any]:
    def post(world: World, text: str) -> Any:
        data = {
            "facility": world.puskesmas.code, "week": str(last_week()), "title": "Kulkas rusak",
            "owner_name": "Bidan Koordinator", "due_on": SOON, "category": "equipment",
            "priority": "medium", field: text,
        }  # fmt: skip
        return _as(world, "puskesmas_head").post(reverse("reports:problem-raise"), data)

    return post


def problem(world: World) -> Problem:
    return raise_problem(
        facility=world.puskesmas, week=last_week(), by=world["cluster_officer"],
        title="Kulkas rusak", owner_name="Bidan", due_on=clock.today(), category="equipment",
    )  # fmt: skip


def _on_problem(name: str, field: str, **more: str) -> Callable[[World, str], Any]:
    def post(world: World, text: str) -> Any:
        row = problem(world)
        row.follow_ups.update(owner_kind="village")  # letters go to others than health
        pk = row.follow_ups.get().pk if name in {"letter-record", "answer-record"} else row.pk
        pk = row.follow_ups.get().pk if name == "follow-up-finish" else pk
        data = {"version": str(row.version), **more, field: text}
        return _as(world, "puskesmas_head").post(reverse(f"reports:{name}", args=[pk]), data)

    return post


def _edit(world: World, text: str) -> Any:
    row = problem(world)
    data = {
        "version": str(row.version), "title": row.title, "category": "equipment",
        "priority": "medium", "cause": text,
    }  # fmt: skip
    return _as(world, "puskesmas_head").post(reverse("reports:problem-edit", args=[row.pk]), data)


def _answer(world: World, text: str) -> Any:
    row = problem(world)
    asked = escalate(
        problem=row, to_facility=levels_above(world.puskesmas)[0], reason="asked", by=None
    )
    url = reverse("reports:escalation-answer", args=[asked.pk])
    return _as(world, "dinkes").post(url, {"answer": text})


def _minutes(name: str, field: str, **more: str) -> Callable[[World, str], Any]:
    def post(world: World, text: str) -> Any:
        open_weekly_review(facility=world.pustu, week=last_week())
        return _as(world, "pustu_head").post(_review(world, name), {**more, field: text})

    return post


def _meeting(field: str) -> Callable[[World, str], Any]:
    """Who led it and what was agreed; only a Puskesmas holds a meeting."""

    def post(world: World, text: str) -> Any:
        review = open_weekly_review(facility=world.puskesmas, week=last_week())
        part = "conclusion" if field == "conclusion" else "head"
        data = {"version": str(review.version), "part": part, field: text}
        where = _review(world, "review-meeting", code=world.puskesmas.code)
        return _as(world, "puskesmas_head").post(where, data)

    return post


def _sent(world: World) -> WeeklyReview:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    return submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version,
        undecided_reason=UNDECIDED,
        **REASONS,
    )  # fmt: skip


def _return(world: World, text: str) -> Any:
    data = {"version": str(_sent(world).version), "reason": text}
    return _as(world, "puskesmas_head").post(_review(world, "review-return"), data)


def _reopen(world: World, text: str) -> Any:
    review = _sent(world)
    WeeklyReview.objects.update(status="approved")
    data = {"version": str(review.version), "reason": text, "password": PASSWORD}
    return _as(world, "puskesmas_head").post(_review(world, "review-reopen"), data)


def _send(world: World, text: str) -> Any:
    _red_row(world)
    review = open_weekly_review(facility=world.pustu, week=last_week())
    data = {
        **REASONS, "version": str(review.version), "undecided_choice": "other",
        "undecided_reason": text,
    }  # fmt: skip
    return _as(world, "pustu_head").post(_review(world, "review-submit"), data)


def _red_row(world: World) -> None:
    make_poor(world.pustu, "KIA01")
    Achievement.objects.create(
        facility=world.pustu, indicator_code="KIA01", week=last_week(), year=last_week().year,
        numerator=0, source="page",
    )  # fmt: skip


def _decide(world: World, text: str) -> Any:
    _red_row(world)
    open_weekly_review(facility=world.pustu, week=last_week())
    data = {"KIA01-kind": "monitor", "KIA01-reason": text, "KIA01-version": "0", "only": "KIA01"}
    return _as(world, "pustu_head").post(_review(world, "review-decisions"), data)


def _sum(world: World, text: str) -> Any:
    _red_row(world)
    kwargs = {"week": str(last_week()), "code": world.puskesmas.code, "indicator": "KIA01"}
    data = {"version": "0", "numerator": "9", "reason": text}
    url = reverse("reports:review-sum", kwargs=kwargs)
    return _as(world, "puskesmas_head").post(url, data)


def _day(world: World, text: str) -> Any:
    url = reverse("reports:settings-day-add")
    return _as(world, "dinkes").post(url, {"day": "2026-12-24", "name": text})


def _comment(world: World, text: str) -> Any:
    row = problem(world)
    data = {"version": str(row.version), "decision": "done", "comment": text}
    url = reverse("reports:problem-decide", args=[row.pk])
    return _as(world, "puskesmas_head").post(url, data)


DOORS = [
    Door("note of a count", _note, Achievement, "note"),
    Door("title of a problem", _raise("title"), Problem, "title"),
    Door("description", _raise("description"), Problem, "description", has_lines=True),
    Door("cause", _raise("cause"), Problem, "cause", has_lines=True),
    Door("cause changed", _edit, Problem, "cause", has_lines=True),
    Door("owner", _raise("owner_name"), FollowUp, "owner_name", is_name=True),
    Door("first follow-up", _raise("action"), FollowUp, "action"),
    Door(
        "follow-up", _on_problem("follow-up-plan", "action", owner_name="Bidan"), FollowUp, "action"
    ),
    Door(
        "evidence of a follow-up", _on_problem("follow-up-finish", "evidence"), FollowUp,
        "evidence", has_lines=True,
    ),
    Door(
        "evidence", _on_problem("problem-step", "note", action="done"), Problem,
        "closing_evidence", has_lines=True,
    ),
    Door("decision in the meeting", _comment, Problem, "closing_evidence", has_lines=True),
    Door(
        "letter number", _on_problem("letter-record", "letter_number", letter_on="2026-11-17"),
        FollowUp, "letter_number", is_name=True,
    ),
    Door(
        "answer to a letter", _on_problem("answer-record", "answer"), FollowUp, "answer",
        has_lines=True,
    ),
    Door("answer of the level above", _answer, Escalation, "answer", has_lines=True),
    Door("minutes", _minutes("minutes-decision-add", "text"), MeetingDecision, "text"),
    Door(
        "attendance", _minutes("minutes-person-add", "name", position="Kader"), Attendance,
        "name", is_name=True,
    ),
    Door("conclusion", _meeting("conclusion"), WeeklyReview, "conclusion", has_lines=True),
    Door("chair", _meeting("chair_name"), WeeklyReview, "chair_name", is_name=True),
    Door("reason of return", _return, WeeklyReview, "reason", has_lines=True),
    Door("reason of reopening", _reopen, WeeklyReview, "reason", has_lines=True),
    Door("reason of sending undecided", _send, WeeklyReview, "undecided_reason"),
    Door("reason of monitoring", _decide, RowDecision, "reason"),
    Door("reason of another sum", _sum, SumOverride, "reason", has_lines=True),
    Door("local day", _day, LocalHoliday, "name", is_name=True),
]  # fmt: skip

from __future__ import annotations

from typing import Any

import pytest

from clusters.weeks import Week
from reports.events.actions.recording import record_event
from reports.models import ProblemSuggestion, Snapshot
from reports.printing.documents import request_document
from reports.problems.actions import raise_problem
from reports.problems.actions.escalations import escalate, levels_above
from reports.problems.attachments import CheckedFile
from reports.review.actions.steps import open_weekly_review
from tests.factories.world import World, build_world, last_week


@pytest.fixture
def world() -> World:
    return build_world(few=True)


@pytest.fixture
def made(world: World, django_capture_on_commit_callbacks) -> dict[str, Any]:
    """A review, a problem, an event and a document at every place that can have them."""
    week: Week = last_week()
    heads = {
        "puskesmas": "puskesmas_head", "pustu": "pustu_head", "other_pustu": "puskesmas_head",
        "sibling": "sibling_head", "foreign": "outsider",
    }  # fmt: skip
    snapshot = Snapshot.objects.create(sha256="a" * 64, kind="review", content="{}")
    result: dict[str, Any] = {}
    with django_capture_on_commit_callbacks():
        for name, head in heads.items():
            place = getattr(world, name)
            result[f"review-{place.code}"] = open_weekly_review(facility=place, week=week)
            result[f"problem-{place.code}"] = raise_problem(
                facility=place, week=week, by=world[head], title="Masalah uji",
                owner_name="Kepala desa", owner_kind="village", due_on=(week + 6).end,
                attachments=[CheckedFile("foto.jpg", "image/jpeg", b"foto")],
            )  # fmt: skip
            escalate(
                problem=result[f"problem-{place.code}"], to_facility=levels_above(place)[0],
                reason="asked", by=world[head],
            )  # fmt: skip
            result[f"event-{place.code}"] = record_event(
                facility=place, week=week, by=world[head], indicator_code="KIA14",
                occurred_on=week.start, village=None, place="hospital", age=25, age_unit="years",
                notified_on=week.start, problem=result[f"problem-{place.code}"],
            )  # fmt: skip
            ProblemSuggestion.objects.create(
                facility=place, indicator_code="KIA01", week=week, figures={"gap": "-3"}
            )
            result[f"document-{place.code}"] = request_document(
                kind="puskesmas_weekly" if place.kind == "puskesmas" else "pustu_weekly",
                facility=place, week=week, snapshot=snapshot, revision=1, is_draft=True,
            )  # fmt: skip
    return result

"""Strings of every kind through the admin, and past every form straight into a model."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement, Service
from facilities.errors import InvalidInput
from facilities.models import Area, Facility, User
from reports.models import WeeklyReview
from reports.review.actions.steps import open_weekly_review, submit_review
from tests.factories.world import (
    REASONS,
    UNDECIDED,
    World,
    build_world,
    give_second_step,
    last_week,
)
from tests.text_cases import TextCase, cases

pytestmark = pytest.mark.django_db
NUMBER = "0000000101900001"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def root(world: World) -> Client:
    user = User.objects.create(username="root-uji", is_staff=True, is_superuser=True)
    give_second_step(user)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def _area(root: Client, **values: str) -> tuple[int, Area]:
    row = Area.objects.get(code="19.06.01.2001")
    data = {
        "code": row.code, "name": row.name, "kind": row.kind, "parent": row.parent_id or "",
        "population": "1000",
    }  # fmt: skip
    answer = root.post(reverse("admin:facilities_area_change", args=[row.pk]), data | values)
    return answer.status_code, Area.objects.get(pk=row.pk)


def test_names(root: Client) -> None:  # T01, T03, T05, T09, T11
    for case in cases("name", door="page"):
        with transaction.atomic():
            status, row = _area(root, name=case.value)
            if status == 200:
                assert case.may_be_refused or len(case.value) > 100, case.id
                assert row.name == "Desa 1"
            else:
                assert (status, row.name) == (302, case.becomes), case.id
            transaction.set_rollback(True)


def test_counts(root: Client) -> None:  # T12
    for case in cases("count", door="page"):
        with transaction.atomic():
            status, row = _area(root, population=case.value)
            if status == 200:
                assert case.may_be_refused, case.id
                assert row.population == 1000
            else:
                assert case.do == "clean", case.id
                assert row.population == (int(case.becomes) if case.becomes else None)
            transaction.set_rollback(True)


def test_texts(root: Client) -> None:  # T01 to T11
    row = Service.objects.earliest("pk")
    url = reverse("admin:clusters_service_change", args=[row.pk])
    for case in cases("text", door="page"):
        if case.id == "text-501":
            continue  # this column has no limit
        data = {
            "code": row.code, "cluster": row.cluster_id, "name_id": row.name_id,
            "name_en": row.name_en, "source": case.value,
        }  # fmt: skip
        with transaction.atomic():
            answer = root.post(url, data)
            stored = Service.objects.get(pk=row.pk).source
            if case.do == "refuse":
                assert answer.status_code == 200, case.id
                assert stored == row.source
            else:
                assert (answer.status_code, stored) == (302, case.becomes), case.id
            transaction.set_rollback(True)


@pytest.mark.parametrize("case", cases("text", door="page"), ids=str)
def test_no_code_saves_past_the_rule(world: World, case: TextCase) -> None:
    if case.id == "text-501":
        return
    row = Facility.objects.get(pk=world.pustu.pk)
    row.note = case.value
    if case.do == "refuse":
        for save in (
            row.save,
            lambda: Facility.objects.filter(pk=row.pk).update(note=case.value),
            lambda: Facility.objects.bulk_update([row], ["note"]),
        ):
            with pytest.raises(InvalidInput) as refused, transaction.atomic():
                save()
            assert list(refused.value.errors) == ["note"]
        assert Facility.objects.get(pk=row.pk).note == ""
        return
    row.save()
    assert row.note == Facility.objects.get(pk=row.pk).note == case.one_line


def test_rows_made_at_once_are_judged_too(world: World) -> None:
    rows = [
        Achievement(
            facility=world.pustu, indicator_code=code, week=last_week(), year=2026, numerator=1,
            source="import", note=f"ibu {NUMBER}",
        )
        for code in ("KIA01", "KIA02")
    ]  # fmt: skip
    with pytest.raises(InvalidInput), transaction.atomic():
        Achievement.objects.bulk_create(rows)
    assert not Achievement.objects.exists()


def test_what_was_there_before_the_rule_stops_nobody(world: World) -> None:
    """A review of last year is returned although its conclusion would be refused today."""
    review = open_weekly_review(facility=world.pustu, week=last_week())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_weeklyreview SET conclusion = %s", [f"ibu {NUMBER}"])
    review.refresh_from_db()
    submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version,
        undecided_reason=UNDECIDED,
        **REASONS,
    )  # fmt: skip
    review = WeeklyReview.objects.get()
    assert (review.status, review.conclusion) == ("submitted", f"ibu {NUMBER}")
    review.conclusion = f"bapak {NUMBER}"
    with pytest.raises(InvalidInput):
        review.save()

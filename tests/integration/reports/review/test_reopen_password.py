"""Reopening what was approved asks for one's own password once more."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from facilities.models import SignInTries
from reports.models import WeeklyReview
from tests.factories.world import PASSWORD, World, build_world, last_week
from tests.integration.reports.review.test_corrections import save, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture(autouse=True)
def _commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        yield


def test_own_password_and_a_reason(client: Client, world: World) -> None:
    review = send(world, save(world, last_week(), 3))
    WeeklyReview.objects.update(status="approved")
    client.force_login(world["puskesmas_head"], "django.contrib.auth.backends.ModelBackend")
    url = reverse("reports:review-reopen", kwargs={"week": str(last_week()), "code": "P1-PT01"})
    data = {"version": str(review.version), "reason": "Laporan menyusul"}

    def status(**more: str) -> tuple[int, str]:
        answer = client.post(url, {**data, **more})
        review.refresh_from_db()
        return answer.status_code, review.status

    assert status() == (422, "approved")
    assert not SignInTries.objects.exists()  # nothing was tried
    assert status(password="salah-sekali-ini") == (422, "approved")
    assert [len(row.times) for row in SignInTries.objects.all()] == [1, 1]  # name and address
    assert status(password=PASSWORD, reason="") == (422, "approved")
    assert status(password=PASSWORD) == (302, "reopened")
    assert client.get(reverse("home")).status_code == 200  # still signed in


def test_wrong_passwords_lock_like_a_sign_in(client: Client, world: World) -> None:
    review = send(world, save(world, last_week(), 3))
    WeeklyReview.objects.update(status="approved")
    client.force_login(world["puskesmas_head"], "django.contrib.auth.backends.ModelBackend")
    url = reverse("reports:review-reopen", kwargs={"week": str(last_week()), "code": "P1-PT01"})
    data = {"version": str(review.version), "reason": "Laporan menyusul"}
    for _again in range(11):
        answer = client.post(url, {**data, "password": "salah-sekali-ini"})
    assert answer.status_code == 429
    answer = client.post(url, {**data, "password": PASSWORD})
    review.refresh_from_db()
    assert (answer.status_code, review.status) == (429, "approved")

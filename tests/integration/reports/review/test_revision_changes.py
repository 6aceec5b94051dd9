"""Two revisions side by side: the page, and the comparison itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from reports.review.actions.steps import open_weekly_review
from reports.review.queries.revision_diff import diff
from reports.review.queries.sheet import revision_sheet
from tests.factories.world import World, build_world, last_week
from tests.integration.reports.review.test_corrections import corrected, reopen, save, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture(autouse=True)
def _commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        yield


def page(client: Client, world: World, number: int, query: str = ""):
    kwargs = {"week": str(last_week()), "code": world.pustu.code, "number": number}
    return client.get(reverse("reports:review-changes", kwargs=kwargs) + query)


def test_page_says_what_changed_who_and_why(client: Client, world: World) -> None:
    corrected(world, last_week())
    client.force_login(world["pustu_head"])
    text = page(client, world, 2).text
    for words in ("1 indikator berubah", "12", "14", "Dua kunjungan tertinggal di buku",
                  "Orang kapustu"):  # fmt: skip
        assert words in text, words
    assert page(client, world, 2, "?with=2").text.count("Tidak ada perbedaan") == 1
    assert "revisi pertama" in page(client, world, 1).text


@pytest.mark.parametrize("query", ["?with=3", "?with=0", "?with=x", "?with=-1", "?with=9999999"])
def test_unknown_revision_is_not_found(client: Client, world: World, query: str) -> None:
    corrected(world, last_week())
    client.force_login(world["pustu_head"])
    assert page(client, world, 2, query).status_code == 404


def test_review_links_to_its_changes(client: Client, world: World) -> None:
    review = corrected(world, last_week())
    client.force_login(world["pustu_head"])
    kwargs = {"week": str(last_week()), "code": world.pustu.code}
    link = reverse("reports:review-changes", kwargs={**kwargs, "number": 2})
    detail = reverse("reports:review-detail", kwargs=kwargs)
    assert link in client.get(detail).text
    reopen(world, review)
    assert link in client.get(detail).text


def test_same_figures_signed_again_differ_in_nothing(world: World) -> None:
    review = send(world, save(world, last_week(), 5))
    reopen(world, review)
    review = send(world, review)
    first, second = (revision_sheet(row) for row in review.revisions.order_by("number"))
    assert diff(first, second).is_empty
    assert open_weekly_review(facility=world.pustu, week=last_week()).revision == 2


def test_texts_of_a_review_are_compared(world: World) -> None:
    sheet = revision_sheet(send(world, save(world, last_week(), 5)).revisions.get())
    other = replace(sheet, conclusion="Pos UKK ditambah", chair_name="")
    changes = {change.name: change for change in diff(sheet, other).head}
    assert changes["conclusion"].after == "Pos UKK ditambah"
    assert changes["conclusion"].before is None

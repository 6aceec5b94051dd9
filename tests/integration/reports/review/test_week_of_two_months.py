"""A week of two months: how much of a count belongs to the first of them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement, AchievementTotal
from clusters.weeks import Week
from reports.models import WeeklyReview
from reports.review.queries.sheet import live_sheet
from tests.factories.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-05-04T09:00+07:00")]
WEEK = Week(2026, 17)  # 26 April to 2 May: a week of April
CODE = "SPM01"


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def client(world):
    client = Client()
    client.force_login(world["pustu_head"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client, world, number, part, version=0, *, htmx=True):
    url = reverse(
        "reports:review-count",
        kwargs={"week": str(WEEK), "code": world.pustu.code, "indicator": CODE},
    )
    data = {f"n-{CODE}": number, f"v-{CODE}": version, f"p-{CODE}": part}
    return client.post(url, data, headers={"HX-Request": "true"} if htmx else {})


def page(client, world, week=WEEK):
    url = reverse("reports:review-detail", kwargs={"week": str(week), "code": world.pustu.code})
    return client.get(url).content.decode()


def test_the_part_is_asked_for_kept_and_counted_in_its_month(world, client):
    assert "dari ini sampai 30 April" in page(client, world)
    assert post(client, world, "9", "5").status_code == 200
    row = Achievement.objects.get()
    assert (row.numerator, row.first_month_numerator) == (9, 5)
    total = AchievementTotal.objects.get(facility=world.pustu)
    assert total.moved_numerator == 4  # of May
    assert f'id="p-{CODE}"' in page(client, world)
    # Saved again as it stands: nothing changes; emptied: nobody says any more.
    assert post(client, world, "9", "5", 1).status_code == 200
    assert Achievement.objects.get().version == 1
    assert post(client, world, "9", "", 1).status_code == 200
    assert Achievement.objects.get().first_month_numerator is None


@pytest.mark.parametrize("part", ["10", "-1", "1,5", "dua"])
def test_no_more_than_the_week_and_whole_numbers(world, client, part):
    answer = post(client, world, "9", part)
    assert answer.status_code == 422
    assert 'data-field="first_month_numerator"' in answer.content.decode()
    assert not Achievement.objects.exists()
    whole = post(client, world, "9", part, htmx=False)
    assert whole.status_code == 422
    assert f'value="{part}"' in whole.content.decode()


def test_whole_form_saves_the_part_too(world, client):
    url = reverse("reports:review-detail", kwargs={"week": str(WEEK), "code": world.pustu.code})
    client.post(url, {f"n-{CODE}": "9", f"v-{CODE}": "0", f"p-{CODE}": "5"})
    assert Achievement.objects.get().first_month_numerator == 5
    client.post(url, {f"n-{CODE}": "9", f"v-{CODE}": "1", f"p-{CODE}": "6"})
    assert Achievement.objects.get().first_month_numerator == 6


def test_week_of_one_month_does_not_ask(world, client):
    week = WEEK - 1
    assert (week.start.month, week.end.month) == (4, 4)
    assert "dari ini sampai" not in page(client, world, week)


def test_the_sheet_says_it(world, client):
    post(client, world, "9", "5")
    review = WeeklyReview.objects.get(facility=world.pustu, week=WEEK)
    line = next(one for one in live_sheet(review).lines if one.indicator.code == CODE)
    assert (line.own_count, line.own_first_month) == (9, 5)
    assert live_sheet(review).week.start == dt.date(2026, 4, 26)

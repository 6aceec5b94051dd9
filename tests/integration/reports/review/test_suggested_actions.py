"""On the page of the meeting each poor row brings its own sentences: taken over or changed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from clusters.models import SuggestedAction
from reports.models import FollowUp
from reports.review.actions.steps import open_weekly_review
from tests.factories.world import World, build_world, last_week, make_poor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    for place in (world.pustu, world.other_pustu):
        make_poor(place, "KIA03")
    open_weekly_review(facility=world.puskesmas, week=last_week())
    return world


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.force_login(world["puskesmas_head"])
    return client


def own() -> list[str]:
    rows = SuggestedAction.objects.filter(indicator_code="KIA03")
    return list(rows.values_list("text_id", flat=True))


def test_the_first_sentence_is_accepted_with_one_button(head: Client, world: World) -> None:
    address = f"/reviews/{last_week()}/{world.puskesmas.code}/"
    card = head.get(address).text.split('id="put-KIA03"')[1].split("</li>")[0]
    first, second = own()
    assert first in card
    assert second in card.split("Saran lain")[1]
    form = card.split("</form>")[0]
    data = dict(re.findall(r'name="([^"]+)"\s+value="([^"]*)"', form))
    data.pop("csrfmiddlewaretoken", None)
    assert head.post(f"{address}decisions/", data).status_code == 302
    assert FollowUp.objects.get().action == first


def test_the_form_offers_them_to_change(head: Client, world: World) -> None:
    page = head.get(f"/reviews/{last_week()}/{world.puskesmas.code}/decisions/").text
    assert 'list="saran-KIA03"' in page
    for text in own():
        assert f'<option value="{text}">' in page


def test_a_reader_of_english_sees_what_the_sentence_means(head: Client, world: World) -> None:
    head.cookies["django_language"] = "en"
    page = head.get(f"/reviews/{last_week()}/{world.puskesmas.code}/").text
    english = SuggestedAction.objects.filter(indicator_code="KIA03").first()
    assert english is not None
    assert english.text_id in page
    assert english.text_en in page

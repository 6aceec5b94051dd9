"""Long lists of pages by the last row seen: what comes in or is read in between pushes none out of
sight, and none is shown twice (Faults of the machine, case X11)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reports.deliveries import views
from reports.models import Delivery
from tests import clock
from tests.factories.world import World, build_world

pytestmark = pytest.mark.django_db
TITLE = re.compile(r"Pesan nomor \d+")


@pytest.fixture
def world() -> World:
    return build_world()


def message(world: World, number: int) -> Delivery:
    return Delivery.objects.create(
        key=f"uji:{number}", channel="inbox", recipient=world["dinkes"], kind="reminder",
        facility=world.dinkes, state="sent", sent_at=clock.now(), url="/",
        subject=f"Pesan nomor {number}",
    )  # fmt: skip


def seen(answer: Any) -> list[str]:
    return TITLE.findall(answer.content.decode())


def test_x11_message_that_comes_in_and_one_that_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    rows = [message(world, number) for number in range(5)]
    client = Client()
    client.force_login(world["dinkes"], "django.contrib.auth.backends.ModelBackend")
    address, found = reverse("reports:inbox-list") + "?show=unread", []
    for page in range(3):
        answer = client.get(address)
        found += list(dict.fromkeys(seen(answer)))
        message(world, 100 + page)  # newer than all of them
        Delivery.objects.filter(pk=rows[4].pk).update(state="opened", opened_at=rows[4].created_at)
        if page < 2:
            after = re.search(r'href="\?([^"]*after=[^"]+)"', answer.content.decode())
            assert after is not None
            address = f"{reverse('reports:inbox-list')}?{after[1].replace('&amp;', '&')}"
    assert found == [f"Pesan nomor {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "W10", "%00x", "🜁"])
def test_address_that_was_cut_begins_at_the_first_row(world: World, cursor: str) -> None:
    message(world, 7)
    client = Client()
    client.force_login(world["dinkes"], "django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("reports:inbox-list"), {"after": cursor})
    assert "Pesan nomor 7" in answer.content.decode()

"""The inbox page: whose, how many, and what opening does."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from reports.deliveries import notify
from reports.models import Delivery
from tests.factories.world import World
from tests.html import tidy
from tests.integration.reports.deliveries.test_outbox import tell

INBOX = reverse("reports:inbox-list")


@pytest.fixture
def mine(client: Client, world: World) -> Client:
    client.force_login(world["pustu_head"])
    return client


def inbox_row(rows: list[Delivery]) -> Delivery:
    return next(row for row in rows if row.channel == "inbox")


def test_own_messages_only(mine: Client, world: World) -> None:
    tell(world, subject="Untuk saya")
    tell(world, "puskesmas_head", key="uji:2", subject="Untuk orang lain")
    page = mine.get(INBOX).text
    assert "Untuk saya" in page
    assert "Untuk orang lain" not in page


def test_unread_count_stands_on_every_page_and_goes(mine: Client, world: World) -> None:
    row = inbox_row(tell(world))
    tell(world, key="uji:2")
    home = tidy(mine.get(reverse("reports:review-list")).text)
    assert '<span class="count">2<span class="vh"> belum dibaca' in home

    answer = mine.get(reverse("reports:inbox-open", args=[row.public_id]))
    assert answer["Location"] == "/reviews/"
    row.refresh_from_db()
    assert row.state == "opened"
    first = row.opened_at
    mine.get(reverse("reports:inbox-open", args=[row.public_id]))
    row.refresh_from_db()
    assert row.opened_at == first
    assert '<span class="count">1<span class="vh"> belum dibaca' in tidy(mine.get(INBOX).text)

    mine.post(reverse("reports:inbox-read"))
    assert '<span class="count">' not in mine.get(INBOX).text


def test_opened_from_the_mail_counts_for_both(mine: Client, world: World) -> None:
    rows = tell(world)
    Delivery.objects.filter(channel="mail").update(state="sent", sent_at=rows[0].created_at)
    mail = next(row for row in rows if row.channel == "mail")

    mine.get(reverse("reports:inbox-open", args=[mail.public_id]))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"opened"}


def test_mail_still_waiting_goes_out_though_the_inbox_was_read(mine: Client, world: World) -> None:
    rows = tell(world)
    mine.get(reverse("reports:inbox-open", args=[inbox_row(rows).public_id]))
    assert Delivery.objects.get(channel="mail").state == "queued"


def test_message_of_somebody_else_does_not_exist(mine: Client, world: World) -> None:
    row = inbox_row(tell(world, "puskesmas_head"))
    answer = mine.get(reverse("reports:inbox-open", args=[row.public_id]))
    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.state == "sent"


def test_text_of_people_is_shown_as_text(mine: Client, world: World) -> None:
    tell(world, subject="<b>Tebal</b>", body="<script>alert(1)</script>")
    page = mine.get(INBOX).text
    assert "&lt;b&gt;Tebal" in page
    assert "<script>alert" not in page


def test_pages_are_cut_by_the_database(
    mine: Client, world: World, django_assert_max_num_queries
) -> None:
    for number in range(70):
        notify(
            key=f"uji:{number}", kind="reminder", recipients=[world["pustu_head"]],
            facility=world.pustu, subject=f"Pesan {number}", body="Isi", url="/",
            channels=("inbox",),
        )  # fmt: skip
    with django_assert_max_num_queries(14):
        page = mine.get(INBOX).text
    assert page.count("<details") <= 32
    assert "Dari awal" not in page
    for _turn in range(2):
        further = re.search(r'href="\?after=([\w-]+)"', page)
        assert further is not None
        page = mine.get(f"{INBOX}?after={further[1]}").text
    assert "Pesan 5<" in page
    assert "Dari awal" in page
    assert 'href="?after=' not in page  # the last one


def test_filters_live_in_the_address(mine: Client, world: World) -> None:
    tell(world, kind="reminder", subject="Pengingat satu")
    tell(world, key="uji:2", kind="digest", subject="Ringkasan dua")
    page = mine.get(f"{INBOX}?kind=digest").text
    assert "Ringkasan dua" in page
    assert "Pengingat satu" not in page
    mine.post(reverse("reports:inbox-read"))
    assert "Ringkasan dua" not in mine.get(f"{INBOX}?show=unread").text

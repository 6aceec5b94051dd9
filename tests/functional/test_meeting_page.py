"""The page of a meeting as the eye finds it: what is asked first, and what never moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reports.models import RowDecision
from reports.review.actions.steps import open_weekly_review, save_count
from tests.factories.world import World, last_week, make_poor
from tests.functional.conftest import OpenPage
from tests.functional.entry import unfold
from tests.functional.test_review_journeys import review_path

pytestmark = pytest.mark.django_db(transaction=True)


def test_first_number_of_a_pustu_is_in_the_first_screen_of_a_phone(
    open_page: OpenPage, world: World
) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), width=360)
    field = page.locator("#achievements input.field.n").first.bounding_box()
    bar = page.locator(".submit-m").bounding_box()
    assert field is not None
    assert bar is not None
    assert field["y"] + field["height"] < min(640, bar["y"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_state_of_saving_does_not_move_the_button(open_page: OpenPage, world: World) -> None:
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    button = page.locator(".open-bar .btn.primary")
    unfold(page)
    page.locator("#n-SPM01").fill("1")
    before = button.bounding_box()
    page.locator("#n-SPM01").blur()
    expect(page.locator("#save-state")).to_contain_text("Tersimpan")
    assert button.bounding_box() == before
    page.evaluate(
        "document.getElementById('save-state').textContent ="
        " 'Tidak ada sinyal, 12 isian disimpan di perangkat ini sampai ada sinyal lagi'"
    )
    assert button.bounding_box() == before


def test_names_lead_to_what_is_counted(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    page.locator("#name-KIA01").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("K1")
    expect(page.locator("main")).to_contain_text("Pembilang")
    expect(page.locator("main")).to_contain_text("Penyebut")


def test_refusal_leads_to_the_reason_without_script(open_page: OpenPage, world: World) -> None:
    path = f"{review_path(world.puskesmas.code)}check/"
    page = open_page(world["puskesmas_head"], path, java_script_enabled=False)
    page.locator("#id_empty_reason").fill("Register belum dibawa")
    page.get_by_role("button", name="Kirim", exact=True).click()
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("Belum dikirim")
    expect(page.locator("#id_empty_reason")).to_have_value("Register belum dibawa")
    summary.get_by_role("link").first.click()
    assert page.url.endswith("#id_no_meeting_reason")


def test_enter_accepts_and_leads_to_the_next_decision(open_page: OpenPage, world: World) -> None:
    for place in (world.pustu, world.other_pustu, world.puskesmas):
        make_poor(place, "SPM01", "SPM02")
    for code in ("SPM01", "SPM02"):
        save_count(
            review=open_weekly_review(facility=world.puskesmas, week=last_week()),
            indicator_code=code, numerator=1, denominator=None, by=world["puskesmas_head"],
            expected_version=0,
        )  # fmt: skip
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    buttons = page.locator("#putusan .terima")
    waiting = buttons.count()
    assert waiting >= 2
    buttons.first.press("Enter")
    expect(page.locator("#putusan .terima")).to_have_count(waiting - 1)
    expect(page.locator("#putusan .terima").first).to_be_focused()
    assert RowDecision.objects.get().kind == "follow_up"

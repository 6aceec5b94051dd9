"""Sent once, whatever is pressed: back button, double click, two tabs."""

from __future__ import annotations

from playwright.sync_api import expect

from clusters.models import Achievement
from reports.models import ReviewRevision, WeeklyReview
from tests.factories.world import World
from tests.functional.conftest import OpenPage
from tests.functional.entry import codes, enter, nothing_waits, stored, wait_all_saved
from tests.functional.test_review_journeys import review_path


def test_a_double_click_and_the_back_button_send_once(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    enter(page, "KIA01", "1")
    wait_all_saved(page)
    page.get_by_role("link", name="Kirim evaluasi").first.click()
    for reason in page.locator(".ask input.field").all():  # empty rows
        reason.fill("Dibahas di lokakarya mini bulan ini.")
    page.get_by_role("button", name="Kirim", exact=True).dblclick()
    expect(page.locator("main")).to_contain_text("Terkirim")
    assert ReviewRevision.objects.count() == 1
    page.go_back()
    # What the server says now, not what this tab remembers: there is nothing to send any more.
    expect(page.get_by_role("button", name="Kirim", exact=True)).to_have_count(0)
    page.goto(review_path(world.pustu.code))
    expect(page.locator("#n-KIA01")).to_have_count(0)
    assert WeeklyReview.objects.get(facility=world.pustu).status == "submitted"
    assert ReviewRevision.objects.count() == 1


def test_two_tabs_send_one_queue_once(open_page: OpenPage, world: World) -> None:
    one = open_page(world["pustu_head"], review_path(world.pustu.code))
    two = one.context.new_page()
    two.goto(review_path(world.pustu.code))
    names = codes(one)[:4]
    one.context.set_offline(True)
    for number, code in enumerate(names, 1):
        enter(one if number % 2 else two, code, str(number))
    expect(one.locator("#save-state")).to_contain_text("4 isian")
    one.context.set_offline(False)
    nothing_waits(one)
    assert {code: count for code, (count, _none) in stored().items()} == {
        code: number for number, code in enumerate(names, 1)
    }
    assert set(Achievement.objects.values_list("version", flat=True)) == {1}

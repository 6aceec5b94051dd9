"""The whole weekly meeting by keyboard alone; a saved answer never takes the focus away."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Locator, Page, expect

from clusters.models import Achievement
from reports.models import Problem, ProblemStep, WeeklyReview
from reports.problems.actions import raise_problem
from tests.factories.world import World, last_week
from tests.functional.conftest import OpenPage
from tests.functional.test_review_journeys import review_path

MOST_TABS = 120


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(MOST_TABS):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached with Tab")


def enter(page: Page, number: str) -> None:
    page.keyboard.type(number)
    page.keyboard.press("Enter")


def test_the_whole_meeting_by_keyboard(open_page: OpenPage, world: World) -> None:
    earlier = raise_problem(
        facility=world.puskesmas,
        week=last_week() - 1,
        by=world["puskesmas_head"],
        title="Kulkas vaksin rusak",
        owner_name="Bidan koordinator",
        due_on=dt.date(2031, 1, 6),
    )
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))

    # Last week's problems: the arrow keys choose, the button records.
    carried = page.locator(f"#problem-{earlier.pk}")
    tab_to(page, carried.get_by_label("Selesai", exact=True))
    page.keyboard.press("ArrowDown")
    expect(carried.get_by_label("Berlanjut", exact=True)).to_be_checked()
    record = carried.get_by_role("button")
    tab_to(page, record)
    page.keyboard.press("Enter")
    expect(carried.locator(f"#decided-{earlier.pk}")).to_contain_text("berlanjut")
    expect(record).to_be_focused()

    # The rest of the indicators stand folded below the priorities: unfolded by keyboard too.
    tab_to(page, page.locator("#rest > summary"))
    page.keyboard.press("Enter")
    groups = page.locator("#rest details.group > summary")
    assert groups.count() > 0
    for group in groups.all():
        tab_to(page, group)
        page.keyboard.press("Enter")
    expect(page.locator("#rest details.group:not([open])")).to_have_count(0)
    page.locator("#prioritas input.field.n").first.focus()

    # The numbers: Enter through all of them, a note on the second with F2 and Esc.
    numbers = page.locator("#achievements input.field.n")
    ids = numbers.evaluate_all("all => all.filter(one => one.offsetParent).map(one => one.id)")
    tab_to(page, page.locator(f"#{ids[0]}"))
    enter(page, "1")
    expect(page.locator(f"#{ids[1]}")).to_be_focused()
    page.keyboard.press("F2")
    page.keyboard.type("Menunggu data RS")
    page.keyboard.press("Escape")
    expect(page.locator(f"#{ids[1]}")).to_be_focused()
    enter(page, "1")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(f"#{ids[1]}")).to_be_focused()
    page.keyboard.press("ArrowDown")
    for name in ids[2:]:
        expect(page.locator(f"#{name}")).to_be_focused()
        enter(page, "1")

    # After the last number the form for new problems; submitted, it is free for the next one.
    title = page.locator("#id_title")
    expect(title).to_be_focused()
    page.keyboard.type("Vaksin PCV kosong")
    page.keyboard.press("Tab")
    page.keyboard.type("Bidan koordinator")
    page.keyboard.press("Tab")
    page.keyboard.type("06062031")
    page.keyboard.press("Enter")
    expect(title).to_be_focused()
    expect(title).to_have_value("")
    page.keyboard.type("Belum jadi masalah")
    expect(page.locator("#problems-new")).to_contain_text("Vaksin PCV kosong")
    expect(title).to_be_focused()
    expect(title).to_have_value("Belum jadi masalah")
    for _ in "Belum jadi masalah":
        page.keyboard.press("Backspace")

    # Conclusion, button and «Periksa dan kirim» straight after another: nothing sent twice.
    tab_to(page, page.locator("#id_conclusion"))
    page.keyboard.type("Sweeping di tiga dusun.")
    save = page.get_by_role("button", name="Simpan simpulan")
    tab_to(page, save)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Periksa dan kirim"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa dan kirim")
    assert WeeklyReview.objects.get().version == 2

    for reason in page.locator(".ask input.field").all():
        tab_to(page, reason)
        page.keyboard.type("Dibahas di lokakarya mini bulan ini")
    tab_to(page, page.get_by_role("button", name="Kirim", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("#draft[data-sent]")).to_be_attached()
    expect(page.locator("main")).to_contain_text("Terkirim")

    review = WeeklyReview.objects.get(facility=world.puskesmas)
    assert (review.status, review.conclusion) == ("submitted", "Sweeping di tiga dusun.")
    # Not what the system counts itself (MAN01 to MAN03).
    rows = Achievement.objects.filter(facility=world.puskesmas).exclude(source="system")
    assert set(rows.values_list("numerator", flat=True)) == {1}
    assert rows.get(note="Menunggu data RS")
    assert ProblemStep.objects.filter(problem=earlier, action="continue").count() == 1
    assert Problem.objects.filter(title="Vaksin PCV kosong").count() == 1
    keys = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('pantau:draft:'))")
    assert keys == []


@pytest.mark.at("2026-11-30T09:00+07:00")
def test_note_leads_back_to_the_number_it_was_written_for(
    open_page: OpenPage, world: World
) -> None:
    """In the week with a month's last Saturday rows with two numbers are asked for."""
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    second = page.locator("#achievements input[id^='d-']").first
    code = (second.get_attribute("id") or "").removeprefix("d-")
    first, note = page.locator(f"#n-{code}"), page.locator(f"#note-{code}")
    for number in (first, second):
        number.focus()
        page.keyboard.press("F2")
        expect(note).to_be_focused()
        page.keyboard.press("Escape")
        expect(number).to_be_focused()
    # Enter in the note goes on from there: to the next row, not to the same one again.
    page.keyboard.press("F2")
    page.keyboard.press("Enter")
    expect(second).not_to_be_focused()
    expect(note).not_to_be_focused()
    expect(first).not_to_be_focused()

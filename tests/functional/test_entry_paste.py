"""Several cells never become one number: cases E1, E2 and E3 of tests/cases/entry."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from clusters.actions import record_achievement
from clusters.models import Achievement, Indicator
from tests.factories.world import World, last_week
from tests.functional.conftest import OpenPage
from tests.functional.entry import (
    by_machine,
    codes,
    entries_in_history,
    nothing_waits,
    paste,
    quoted,
    stored,
    unfold,
    values,
    wait_all_saved,
)
from tests.functional.test_review_journeys import check_page, review_path, wait_saved

COLUMN = "paste-three-cells-column"
BLOCK = "paste-block-two-by-three"


def with_both(page: Page) -> list[list[str]]:
    """Runs of three rows below each other that ask for a count and a denominator."""
    names = codes(page)
    has_both = [page.locator(f"#d-{code}").count() == 1 for code in names]
    return [names[at : at + 3] for at in range(len(names) - 2) if all(has_both[at : at + 3])]


def test_e1_three_cells_fill_three_fields(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    names = codes(page)
    start = names.index("KR01") if "KR01" in names[:-3] else 0
    three = names[start : start + 3]
    for code, number in zip(three, (5, 6, 7), strict=True):
        record_achievement(
            facility=world.pustu, week=last_week(), numerator=number, denominator=None,
            indicator=Indicator.objects.in_week(last_week()).get(code=code),
            by=world["pustu_head"], source="manual", expected_version=0,
        )  # fmt: skip
    page.reload()
    paste(page, f"#n-{three[0]}", by_machine(COLUMN))
    for code, cell, before in zip(three, ("12", "13", "14"), ("5", "6", "7"), strict=True):
        expect(page.locator(f"#n-{code}")).to_have_value(cell)
        expect(page.locator(f"#r-{code} [data-was]")).to_have_text(f"ditempel, semula: {before}")
    page.keyboard.press("Tab")
    wait_all_saved(page)
    assert [stored()[code][0] for code in three] == [12, 13, 14]
    assert len(stored()) == 3
    assert all(entries_in_history(code) <= 2 for code in three)
    page.reload()
    assert [values(page)[f"n-{code}"] for code in three] == ["12", "13", "14"]


def test_e1_one_step_takes_all_of_it_back(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    three = codes(page)[:3]
    page.locator(f"#n-{three[1]}").fill("6")
    page.locator(f"#n-{three[1]}").press("Enter")
    wait_saved(page, three[1])
    for step in ("button", "Control+Z"):
        paste(page, f"#n-{three[0]}", by_machine(COLUMN))
        wait_all_saved(page)
        assert stored()[three[1]][0] == 13
        if step == "button":
            page.get_by_role("button", name="Batalkan semua").click()
        else:
            page.keyboard.press(step)
        assert [values(page)[f"n-{code}"] for code in three] == ["", "6", ""]
        wait_all_saved(page)
        expect(page.locator("[data-was]")).to_have_count(0)
        assert [stored()[code][0] for code in three] == [None, 6, None]
        expect(page.locator("#announce")).to_have_text("Tempelan dibatalkan.")


def test_e1_on_every_field_the_same(open_page: OpenPage, world: World) -> None:
    """Into any number field of the page: three fields or none, never more digits than pasted."""
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    page.context.set_offline(True)  # nothing is saved on the way
    for name in list(values(page)):
        before = values(page)
        paste(page, f"#{name}", by_machine(COLUMN))
        after = values(page)
        changed = [field for field in after if after[field] != before[field]]
        if page.locator(f"#cells-{name}").count():
            assert changed == [], name
        else:
            same_kind = [field for field in after if field[0] == name[0]]
            assert [after[field] for field in changed] == ["12", "13", "14"], name
            assert changed[0] == name
            assert set(changed) <= set(same_kind)
            page.get_by_role("button", name="Batalkan semua").click()
        assert max(len(value) for value in values(page).values()) <= 2


def test_e2_a_block_fills_both_columns(open_page: OpenPage, world: World) -> None:
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    runs = with_both(page)
    rows = runs[0] if runs else []
    assert rows, "the catalogue has three such rows below each other"
    paste(page, f"#n-{rows[0]}", by_machine(BLOCK))
    expected = [line.split(" ") for line in quoted(BLOCK)[:3]]
    for code, (count, whole) in zip(rows, expected, strict=True):
        expect(page.locator(f"#n-{code}")).to_have_value(count)
        expect(page.locator(f"#d-{code}")).to_have_value(whole)
    page.keyboard.press("Tab")
    wait_all_saved(page)
    assert [stored()[code] for code in rows] == [(8, 10), (7, 9), (5, 6)]
    assert set(Achievement.objects.values_list("version", flat=True)) == {1}
    page.reload()
    assert values(page)[f"d-{rows[2]}"] == "6"

    paste(page, f"#n-{rows[0]}", "8\t10\r\n7\t6")
    expect(page.locator(f"#cells-n-{rows[0]}")).to_contain_text(
        "7 lebih besar daripada penyebutnya 6"
    )
    page.keyboard.press("Tab")
    nothing_waits(page)
    assert [stored()[code] for code in rows] == [(8, 10), (7, 9), (5, 6)]


@pytest.mark.parametrize("place", ["a count only", "the last row", "a denominator"])
def test_e2_a_block_that_does_not_fit_is_refused_whole(
    open_page: OpenPage, world: World, place: str
) -> None:
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    unfold(page)
    names = codes(page)
    alone = next(code for code in names if not page.locator(f"#d-{code}").count())
    both = with_both(page)[0][0]
    field = {"a count only": f"n-{alone}", "the last row": f"n-{names[-1]}"}.get(place, f"d-{both}")
    page.locator(f"#{field}").fill("5")
    page.keyboard.press("Tab")
    wait_all_saved(page)
    before = (values(page), stored())
    paste(page, f"#{field}", by_machine(BLOCK))
    expect(page.locator(f"#cells-{field}")).to_have_text(
        "Tempelan 3 × 2 sel tidak muat di sini. Tidak ada yang diambil."
    )
    page.keyboard.press("Tab")
    nothing_waits(page)
    assert (values(page), stored()) == before
    page.reload()
    assert (values(page), stored()) == before


@pytest.mark.parametrize(
    "cells", ["12\r\ndua\r\n14", "12\n1,5\n3", "12\n13 14\n15", "12\n-1", "1\n99999999"]
)
def test_a_block_with_something_else_than_counts_is_refused_whole(
    open_page: OpenPage, world: World, cells: str
) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    first = codes(page)[0]
    paste(page, f"#n-{first}", cells)
    expect(page.locator(f"#cells-n-{first}")).to_contain_text("bukan angka bulat")
    assert set(values(page).values()) == {""}
    page.keyboard.press("Tab")
    nothing_waits(page)
    assert stored() == {}


def test_empty_cells_and_one_cell_with_a_line_break(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    one, two, three = codes(page)[:3]
    page.locator(f"#n-{two}").fill("6")
    page.locator(f"#n-{two}").press("Enter")
    paste(page, f"#n-{one}", "1.234\r\n\r\n14\r\n")
    expect(page.locator(".pasted-bar")).to_contain_text("Sel kosong tidak mengubah kotaknya.")
    wait_all_saved(page)
    assert [stored()[code][0] for code in (one, two, three)] == [1234, 6, 14]
    paste(page, f"#n-{one}", "9\r\n")
    page.keyboard.press("Tab")
    wait_all_saved(page)
    assert stored()[one][0] == 9


def test_a_block_elsewhere_is_refused_at_its_field(open_page: OpenPage, world: World) -> None:
    """Number fields outside of the review take one number."""
    page = open_page(world["pustu_head"], "/problems/new/")
    paste(page, "#id_people_count", by_machine(COLUMN))
    expect(page.locator("#cells-id_people_count")).to_have_text(
        "3 sel ditempel di tempat satu angka. Tidak ada yang diambil."
    )
    expect(page.locator("#id_people_count")).to_have_value("")
    page.locator("#id_people_count").press_sequentially("7")
    expect(page.locator("#cells-id_people_count")).to_have_count(0)


@pytest.mark.parametrize("typed", ["12 13", "12\u00a013", "12,13", "12/13"])
def test_e3_two_numbers_are_refused_at_the_field(
    open_page: OpenPage, world: World, typed: str
) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    code = codes(page)[0]
    page.locator(f"#n-{code}").fill("5")
    page.locator(f"#n-{code}").press("Tab")
    wait_saved(page, code)
    progress = page.locator("#progress").text_content()
    paste(page, f"#n-{code}", typed)
    page.keyboard.press("Tab")
    expect(page.locator(f"#err-{code} .err")).to_contain_text("Anda mengisi ‘12")
    expect(page.locator(f"#n-{code}")).to_have_value(typed)
    expect(page.locator(f"#n-{code}")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#save-state")).to_contain_text("Tidak tersimpan")
    expect(page.locator("#progress")).to_have_text(progress or "")
    assert stored() == {code: (5, None)}


def test_e3_one_number_written_with_a_point_or_blanks(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    one, two = codes(page)[:2]
    for code, text in ((one, "1.234"), (two, " 12 ")):
        page.locator(f"#n-{code}").fill(text)
        page.locator(f"#n-{code}").press("Tab")
        wait_saved(page, code)
    assert (stored()[one][0], stored()[two][0]) == (1234, 12)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_what_a_block_leaves_has_no_accessibility_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    page = open_page(
        world["pustu_head"], review_path(world.pustu.code), width=width, color_scheme=scheme,
        bypass_csp=True,  # axe is put into the page as text
    )  # fmt: skip
    paste(page, f"#n-{codes(page)[0]}", by_machine(COLUMN))
    paste(page, f"#n-{codes(page)[-1]}", by_machine(COLUMN))
    expect(page.locator(".pasted-bar")).to_have_count(1)
    wait_all_saved(page)
    check_page(page)

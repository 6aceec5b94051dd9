"""A server that fails for one row holds up nothing else: case E5 of tests/cases/entry."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page, expect

from clusters.models import Achievement
from tests.factories.world import World
from tests.functional.conftest import OpenPage
from tests.functional.entry import (
    codes,
    enter,
    fail_for,
    stored,
    unfold,
    wait_all_saved,
)
from tests.functional.test_review_journeys import check_page, review_path

FAULTS = {"500": 500, "502": 502, "503": 503, "hangs": 0}


def is_saved(page: Page, wanted: list[str]) -> None:
    for code in wanted:
        expect(page.locator(f"#ver-{code} input")).to_have_value("1")


@pytest.mark.parametrize("fault", FAULTS)
def test_e5_the_others_go_past_the_row_that_fails(
    open_page: OpenPage, world: World, fault: str
) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), service_workers="block")
    five = codes(page)[:5]
    bad = five[1]
    page.context.set_offline(True)
    for number, code in enumerate(five, 1):
        enter(page, code, str(number))
    expect(page.locator("#save-state")).to_have_text(
        "Tidak ada sinyal, 5 isian disimpan di perangkat ini"
    )
    tries = fail_for(page, bad, FAULTS[fault])
    page.context.set_offline(False)
    is_saved(page, [code for code in five if code != bad])

    state = page.locator("#save-state")
    expect(state).to_have_text("1 isian menunggu")
    row = page.locator(f"#r-{bad}")
    expect(row).to_contain_text("Server belum dapat menerima isian ini.")
    expect(row.get_by_role("button", name="Coba lagi")).to_be_visible()
    assert bad not in stored()
    assert 1 <= len(tries) <= 2

    # Another field of the same row is changed meanwhile; new rows are saved past it.
    other = codes(page)[5]
    enter(page, other, "6")
    is_saved(page, [other])
    row.locator("[data-note]").click()
    page.locator(f"#note-{bad}").fill("diperiksa lagi")
    page.locator(f"#note-{bad}").press("Tab")
    expect(state).to_have_text("1 isian menunggu")

    page.reload()
    expect(state).to_have_text("1 isian menunggu")
    expect(page.locator(f"#n-{bad}")).to_have_value("2")

    page.unroute_all(behavior="ignoreErrors")
    row.get_by_role("button", name="Coba lagi").click()
    wait_all_saved(page)
    expect(row.get_by_text("Server belum dapat menerima")).to_have_count(0)
    assert stored()[bad] == (2, None)
    row_now = Achievement.objects.get(indicator_code=bad)
    assert (row_now.note, row_now.version) == ("diperiksa lagi", 2)  # each saved once
    page.reload()
    expect(page.locator(f"#n-{bad}")).to_have_value("2")
    expect(page.locator(f"#note-{bad}")).to_have_value("diperiksa lagi")


# A try goes on in real time, however fast the page's own time runs: from the lock on.
COUNT_SENDERS = """
  window.senders = 0;
  const request = navigator.locks.request;
  navigator.locks.request = async (...given) => {
    window.senders += 1;
    try {
      return await request.apply(navigator.locks, given);
    } finally {
      window.senders -= 1;
    }
  };
"""


def test_e5_tries_become_rarer(open_page: OpenPage, world: World) -> None:
    """Each pause is at least twice the one before, up to five minutes; afterwards the entry is
    saved by itself, once. The page's time is run forward, second by second."""
    page = open_page(world["pustu_head"], review_path(world.pustu.code), service_workers="block")
    page.clock.install()
    page.add_init_script(COUNT_SENDERS)
    page.reload()
    code = codes(page)[0]
    tries = fail_for(page, code, 500)
    enter(page, code, "4")
    state = page.locator("#save-state")
    expect(state).to_have_text("1 isian menunggu")
    moments, second = [0], 0
    while len(moments) < 8:
        page.clock.run_for(1000)
        second += 1
        while page.evaluate("() => window.senders"):
            pass  # the page's time stands still until the answer is there
        assert second < 1500
        if len(tries) > len(moments):
            moments.append(second)
            expect(state).to_have_text("1 isian menunggu")
    pauses = [later - earlier for earlier, later in itertools.pairwise(moments)]
    for before, after in itertools.pairwise(pauses):
        assert after >= min(2 * before, 299), pauses
    assert max(pauses) <= 310, pauses

    page.unroute_all(behavior="wait")
    page.clock.run_for(310_000)
    expect(state).to_contain_text("Tersimpan")
    assert stored() == {code: (4, None)}
    assert Achievement.objects.get().version == 1


def test_a_page_drawn_before_the_save_is_asked_for_again(open_page: OpenPage, world: World) -> None:
    """Left and opened while the number was on its way: what comes is older than what was saved."""
    path = review_path(world.pustu.code)
    page = open_page(world["pustu_head"], path, service_workers="block")
    code = codes(page)[0]
    old = page.request.get(path).text()
    enter(page, code, "4")
    wait_all_saved(page)
    page.route(
        f"**{path}", lambda route: route.fulfill(body=old, content_type="text/html"), times=1
    )
    page.goto(path)
    expect(page.locator(f"#ver-{code} input")).to_have_value("1")
    expect(page.locator(f"#n-{code}")).to_have_value("4")


def test_an_answer_of_somebody_else_is_no_success(open_page: OpenPage, world: World) -> None:
    """The sign-in page of a hotel answers everything with 200."""
    page = open_page(world["pustu_head"], review_path(world.pustu.code), service_workers="block")
    code = codes(page)[0]
    page.route(f"**/counts/{code}/", lambda route: route.fulfill(status=200, body="<h1>Hotel</h1>"))
    enter(page, code, "4")
    expect(page.locator("#save-state")).to_have_text("1 isian menunggu")
    page.unroute_all(behavior="wait")
    page.get_by_role("button", name="Coba lagi").click()
    wait_all_saved(page)
    assert stored() == {code: (4, None)}


def test_back_to_the_stored_number_while_the_server_fails(
    open_page: OpenPage, world: World
) -> None:
    """What was typed last counts, also when it is what the server has already."""
    page = open_page(world["pustu_head"], review_path(world.pustu.code), service_workers="block")
    code = codes(page)[0]
    enter(page, code, "3")
    wait_all_saved(page)
    fail_for(page, code, 503)
    enter(page, code, "5")
    expect(page.locator("#save-state")).to_have_text("1 isian menunggu")
    enter(page, code, "3")
    page.unroute_all(behavior="wait")
    page.get_by_role("button", name="Coba lagi").click()
    wait_all_saved(page)
    assert stored() == {code: (3, None)}


def test_a_second_field_entered_and_emptied_keeps_the_first(
    open_page: OpenPage, world: World
) -> None:
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    unfold(page)
    code = next(code for code in codes(page) if page.locator(f"#d-{code}").count())
    page.context.set_offline(True)
    enter(page, code, "5")
    page.locator(f"#d-{code}").press_sequentially("7")
    page.locator(f"#d-{code}").press("Backspace")
    page.locator(f"#d-{code}").press("Tab")
    expect(page.locator("#save-state")).to_contain_text("1 isian disimpan di perangkat ini")
    page.context.set_offline(False)
    wait_all_saved(page)
    assert stored() == {code: (5, None)}


def test_what_waits_in_a_folded_row_is_shown(open_page: OpenPage, world: World) -> None:
    page = open_page(
        world["puskesmas_head"], review_path(world.puskesmas.code), service_workers="block"
    )
    expect(page.locator("#n-SPM01")).not_to_be_visible()
    unfold(page)
    fail_for(page, "SPM01", 503)
    enter(page, "SPM01", "5")
    expect(page.locator("#save-state")).to_have_text("1 isian menunggu")
    page.reload()
    expect(page.locator("#n-SPM01")).to_be_visible()
    expect(page.locator("#n-SPM01")).to_have_value("5")


def test_leaving_stays_where_something_waits(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), service_workers="block")
    code = codes(page)[0]
    fail_for(page, code, 500)
    enter(page, code, "4")
    expect(page.locator("#save-state")).to_have_text("1 isian menunggu")
    page.get_by_role("link", name="Kirim evaluasi").first.click()
    expect(page.get_by_role("button", name="Coba lagi")).to_be_focused()
    expect(page.locator(f"#n-{code}")).to_have_value("4")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_row_set_aside_has_no_accessibility_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    page = open_page(
        world["pustu_head"], review_path(world.pustu.code), width=width, color_scheme=scheme,
        service_workers="block", bypass_csp=True,  # axe is put into the page as text
    )  # fmt: skip
    fail_for(page, codes(page)[0], 500)
    enter(page, codes(page)[0], "4")
    expect(page.get_by_role("button", name="Coba lagi")).to_be_visible()
    check_page(page)

"""Entries of a phone with a wrong clock: case E4 of tests/cases/entry."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clusters.models import Achievement
from tests import clock
from tests.factories.world import World
from tests.functional.conftest import OpenPage
from tests.functional.entry import enter, nothing_waits, sign_out, stored
from tests.functional.test_offline_journeys import PHONE, wait_kept
from tests.functional.test_review_journeys import review_path

SERVICE_WORKERS = "allow"  # they keep pages for the time without a signal

# The device's clock, before every page: one that can be put right while the page is open.
DEVICE = """(() => {
  const real = Date;
  const away = () => {
    const kept = localStorage.getItem('test:away');
    return kept === null ? AWAY : Number(kept);
  };
  class Device extends real {
    constructor(...given) {
      if (given.length) super(...given);
      else super(real.now() + away());
    }
    static now() { return real.now() + away(); }
  }
  window.Date = Device;
})()"""
YEAR = 365 * 24 * 3600 * 1000
CLOCKS = {"2020": "Number(new real('2020-01-01')) - real.now()", "a year ahead": str(YEAR)}


def wrong_clock(page: Page, away: str) -> None:
    page.context.add_init_script(DEVICE.replace("AWAY", away))
    page.evaluate(DEVICE.replace("AWAY", away))


def right_clock(page: Page) -> None:
    page.evaluate("localStorage.setItem('test:away', '0')")


@pytest.mark.parametrize("put_right", ["while offline", "with the signal", "never"])
@pytest.mark.parametrize("device", CLOCKS)
def test_e4_both_numbers_arrive_once(
    open_page: OpenPage, world: World, device: str, put_right: str
) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), **PHONE)
    wait_kept(page)
    wrong_clock(page, CLOCKS[device])
    before = clock.now()
    page.context.set_offline(True)
    enter(page, "KIA01", "4")
    enter(page, "KIA02", "3")
    state = page.locator("#save-state")
    expect(state).to_have_text("Tidak ada sinyal, 2 isian disimpan di perangkat ini")
    if put_right == "while offline":
        right_clock(page)
    page.reload()  # read from the device, with whatever clock it has
    expect(page.get_by_text("Halaman ini disimpan di perangkat pada 18 November")).to_be_visible()
    expect(state).to_have_text("Tidak ada sinyal, 2 isian disimpan di perangkat ini")
    expect(page.locator("#n-KIA01")).to_have_value("4")
    if put_right == "with the signal":
        right_clock(page)
    page.context.set_offline(False)
    page.goto(review_path(world.pustu.code))
    expect(page.locator("#ver-KIA02 input")).to_have_value("1")
    nothing_waits(page)
    assert stored() == {"KIA01": (4, None), "KIA02": (3, None)}
    for row in Achievement.objects.all():
        assert row.version == 1
        assert before <= row.entered_at <= clock.now()
    page.reload()
    expect(page.locator("#n-KIA01")).to_have_value("4")
    expect(page.locator("[data-lost]")).to_have_count(1)  # the dialog's, empty: nothing was lost


def test_an_entry_of_long_ago_is_shown_and_can_be_copied(
    open_page: OpenPage, world: World, browser: Any
) -> None:
    """Written down by an earlier version, for another week: said on every page, until it is sent,
    copied or put aside."""
    page = open_page(world["pustu_head"], "/reviews/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    key = f"pantau:draft:{world['pustu_head'].pk}:{world.pustu.code}:2026-W30"
    old = {
        "id": "1", "at": 1, "kind": "count", "ref": "KIA01", "url": "/", "state": "waiting",
        "fields": [["n-KIA01", "4"], ["v-KIA01", "0"], ["note-KIA01", "dua pindah"]],
    }  # fmt: skip
    page.evaluate("([key, old]) => localStorage.setItem(key, JSON.stringify([old]))", [key, old])
    page.reload()
    notice = page.locator("section.notice", has_text="belum terkirim")
    expect(notice).to_contain_text(f"1 isian minggu 2026-W30 dari {world.pustu.code}")
    expect(notice).to_contain_text("KIA01: 4 · dua pindah")
    expect(notice.get_by_role("link", name="Buka evaluasi")).to_have_attribute(
        "href", f"/reviews/2026-W30/{world.pustu.code}/"
    )
    notice.get_by_role("button", name="Salin").click()
    expect(page.locator("#announce")).to_have_text("Sudah disalin.")
    assert page.evaluate("navigator.clipboard.readText()") == "KIA01: 4 · dua pindah"
    page.reload()
    notice.get_by_role("button", name="Hapus dari perangkat ini").click()
    page.reload()
    expect(notice).to_have_count(0)
    assert page.evaluate("key => localStorage.getItem(key)", key) is None


def test_what_signing_out_deletes_is_listed_and_can_be_copied(
    open_page: OpenPage, world: World
) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.context.set_offline(True)
    enter(page, "KIA01", "4")
    expect(page.locator("#save-state")).to_contain_text("1 isian")
    sign_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_text("K1 murni (kontak pertama <=12 minggu): 4")
    dialog.get_by_role("button", name="Salin").click()
    assert page.evaluate("navigator.clipboard.readText()").endswith(": 4")
    dialog.get_by_role("button", name="Tetap masuk").click()

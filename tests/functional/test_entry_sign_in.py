"""The sign-in page says only what is so: case E6 of tests/cases/entry."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect

from clusters.models import Achievement
from tests.factories.world import World
from tests.functional.conftest import OpenPage
from tests.functional.entry import enter, nothing_waits, sign_out, stored
from tests.functional.test_offline_journeys import PHONE, sign_in, wait_kept
from tests.functional.test_review_journeys import review_path

SERVICE_WORKERS = "allow"  # they keep pages for the time without a signal

WORDS = "isian di perangkat ini"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_e6_nothing_waits_nothing_is_said(
    browser: Browser, live_server: object, world: World, width: int, scheme: str, *, script: bool
) -> None:
    context = browser.new_context(
        base_url=str(live_server), viewport={"width": width, "height": 800},
        color_scheme=scheme, java_script_enabled=script,  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    page.goto("/login/")
    expect(page.locator("#id_username")).to_be_visible()
    expect(page.locator("[data-drafts-waiting]")).to_be_hidden()
    assert WORDS not in page.locator("main").inner_text()
    sign_in(page, "kapustu")
    sign_out(page)
    expect(page.locator("#id_username")).to_be_visible()
    assert WORDS not in page.locator("main").inner_text()
    context.close()


def test_e6_the_notice_names_the_number_and_the_same_person_sends(
    open_page: OpenPage, world: World
) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), **PHONE)
    wait_kept(page)
    page.context.set_offline(True)
    enter(page, "KIA01", "4")
    expect(page.locator("#save-state")).to_contain_text("1 isian")
    Session.objects.all().delete()
    page.context.set_offline(False)
    page.reload()
    notice = page.locator("[data-drafts-waiting]")
    expect(notice).to_contain_text("Ada isian di perangkat ini yang belum terkirim: 1.")
    sign_in(page, "kapus")
    expect(page.locator("#n-KIA01")).to_have_value("")
    sign_out(page)
    expect(notice).to_contain_text("belum terkirim: 1.")
    assert Achievement.objects.count() == 0
    page.goto(review_path(world.pustu.code))
    sign_in(page, "kapustu")
    expect(page.locator("#ver-KIA01 input")).to_have_value("1")
    nothing_waits(page)
    assert stored() == {"KIA01": (4, None)}
    assert Achievement.objects.get().entered_by == world["pustu_head"]


def test_whatever_is_hidden_is_not_shown(open_page: OpenPage, world: World) -> None:
    """On no page does a class say otherwise."""
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    for address in (review_path(world.puskesmas.code), "/", "/problems/", "/problems/new/"):
        page.goto(address)
        shown = page.evaluate(
            "[...document.querySelectorAll('[hidden]')].filter(one => one.offsetParent).length"
        )
        assert shown == 0, address
    page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('[class]')].map(one => one.className);
          for (const name of new Set(all))
            document.body.append(Object.assign(document.createElement('div'), {
              className: String(name), hidden: true, textContent: 'tersembunyi' }));
        }"""
    )
    assert "tersembunyi" not in page.locator("body").inner_text()

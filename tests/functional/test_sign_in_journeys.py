"""Signing in with a passkey, and the pages of accounts on the smallest phone and on a desk."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from ilp.signin.links import make_link
from tests.factories.world import PASSWORD, World, give_second_step
from tests.functional.conftest import OpenPage
from tests.functional.test_offline_journeys import sign_in
from tests.functional.test_review_journeys import check_page

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def give_authenticator(page: Page) -> None:
    """Chromium's own virtual device: it answers as a fingerprint reader would."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def test_a_passkey_is_made_and_opens_the_account(open_page: OpenPage, world: World) -> None:
    user = world["puskesmas_head"]
    page = open_page(user, reverse("factors"))
    give_authenticator(page)
    page.get_by_role("link", name="Kunci sandi").click()
    page.locator("#id_name").fill("Laptop loket")
    page.locator("#id_old").fill("bukan kata sandinya")
    page.get_by_role("button", name="Buat kunci sandi").click()
    expect(page.locator("#id_old_error")).to_be_visible()
    page.locator("#id_old").fill(PASSWORD)
    page.get_by_role("button", name="Buat kunci sandi").click()
    expect(page.locator("code")).to_have_count(10)  # recovery codes, this once
    page.get_by_role("link", name="Sudah saya simpan").click()
    expect(page.locator(".list").first).to_contain_text("Laptop loket")

    page.get_by_role("button", name="Keluar").locator("visible=true").first.click()
    sign_in(page, user.username)
    page.get_by_role("button", name="Pakai kunci sandi").click()
    expect(page).to_have_url(re.compile(r"/(facilities/.*)?$"))
    expect(page.locator(".appbar, .side").first).to_be_attached()
    factor = user.second_factors.get()
    assert factor.last_used_at is not None
    assert factor.sign_count > 0


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_account_pages_have_no_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    options = {"width": width, "color_scheme": scheme, "bypass_csp": True}  # axe comes as text
    page = open_page(world["dinkes"], reverse("account"), **options)
    person = world["pustu_head"]
    give_second_step(person)
    for address in (
        reverse("account"),
        reverse("factors"),
        reverse("factor-app"),
        reverse("factor-passkey"),
        reverse("factor-codes"),
        reverse("tokens"),
        reverse("people"),
        reverse("person", args=[person.pk]),
        reverse("person-factor-reset", args=[person.pk]),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        check_page(page)
    page.goto(reverse("person", args=[person.pk]))
    page.get_by_role("button", name="Buat tautan kata sandi baru").click()
    expect(page.locator("#link")).to_be_visible()
    check_page(page)
    page.context.clear_cookies()
    link = make_link(person=person, by=None)
    for address in (
        "/login/", reverse("password-forgot"), link[link.index("/login/") :],
        reverse("password-choose", args=["x"]),
    ):  # fmt: skip
        page.goto(address)
        check_page(page)
    page.goto("/login/")
    sign_in(page, person.username)
    expect(page.locator("#id_code")).to_be_visible()
    check_page(page)
    page.locator("#id_code").fill("000")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.locator(".notice.bad")).to_be_visible()
    check_page(page)

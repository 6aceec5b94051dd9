"""Letterhead and network: every page on the smallest phone and on a desk, light and dark."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from facilities.actions.events import close_facility, rename_facility
from tests.factories.world import World
from tests.functional.conftest import OpenPage
from tests.functional.test_review_journeys import check_page

LETTERHEAD = "reports:letterhead"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_letterhead_and_network_have_no_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    dinkes = world["dinkes"]
    rename_facility(
        facility=world.pustu, name="Pustu dengan nama yang jauh lebih panjang daripada dahulu",
        on=dt.date(2026, 5, 3), by=dinkes, decree="440/017/V/2026",
    )  # fmt: skip
    close_facility(facility=world.other_pustu, on=dt.date(2026, 8, 2), by=dinkes)
    options = {"width": width, "color_scheme": scheme, "bypass_csp": True}  # axe comes as text
    own = reverse(LETTERHEAD, args=[world.puskesmas.code])
    check_page(open_page(world["puskesmas_head"], own, **options))
    page = open_page(dinkes, reverse("reports:letterhead-list"), **options)
    check_page(page)
    code = world.pustu.code
    for address in (
        reverse(LETTERHEAD, args=[world.dinkes.code]),
        reverse("reports:network"),
        reverse("reports:network-facility", args=[code]),
        reverse("reports:network-facility", args=[world.other_pustu.code]),
        *(
            reverse("reports:network-event", args=[code, event])
            for event in ("close", "move", "merge", "split", "rename", "village")
        ),
    ):
        page.goto(address)
        check_page(page)
    # Nothing filled in: the refusal is a page of its own, too.
    page.get_by_role("button", name="Tampilkan yang berubah").click()
    page.locator(".notice.bad").wait_for()
    check_page(page)

"""Settings, events and the own account: every page on the smallest phone and on a desk."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from reports.events.actions.recording import record_event
from tests import clock
from tests.factories.world import World, last_week
from tests.functional.conftest import OpenPage
from tests.functional.test_review_journeys import check_page

CODE = "KIA01"


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (320, "light"), (1280, "light")])
def test_settings_have_no_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    options = {"width": width, "color_scheme": scheme, "bypass_csp": True}  # axe comes as text
    page = open_page(world["dinkes"], reverse("account"), **options)
    check_page(page)
    office = world.dinkes.code
    for name, *arguments in (
        ("settings-deadlines",), ("settings-priorities",), ("settings-priority", office),
        ("settings-shares",), ("settings-share", "LINEAR_M"), ("settings-targets",),
        ("settings-target", office, CODE),
    ):  # fmt: skip
        page.goto(reverse(f"reports:{name}", args=arguments))
        check_page(page)
    head = open_page(
        world["puskesmas_head"],
        reverse("reports:settings-priority", args=[world.puskesmas.code]), **options,
    )  # fmt: skip
    check_page(head)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_events_have_no_faults(open_page: OpenPage, world: World, width: int, scheme: str) -> None:
    day = clock.today() - dt.timedelta(days=6)
    event = record_event(
        facility=world.pustu, week=last_week(), by=world["pustu_head"], indicator_code="KIA14",
        occurred_on=day, village=world.pustu.village, place="home", notified_on=day, age=31,
        age_unit="years", owner_name="Bidan koordinator",
    )  # fmt: skip
    options = {"width": width, "color_scheme": scheme, "bypass_csp": True}
    page = open_page(world["puskesmas_head"], reverse("reports:event-list"), **options)
    check_page(page)
    new = reverse("reports:event-record")
    page.goto(f"{new}?facility={world.pustu.code}&week={last_week()}&indicator=KIA14")
    check_page(page)
    for name in ("detail", "edit"):
        page.goto(reverse(f"reports:event-{name}", args=[event.public_id]))
        check_page(page)
    page.goto(reverse("home"))
    check_page(page)

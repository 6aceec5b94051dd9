"""Decisions on red rows by keyboard and without script; answers on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from clusters.actions import record_achievement
from clusters.models import Indicator
from reports.models import Escalation, ProblemSuggestion, RowDecision, WeeklyReview
from reports.problems.actions.escalations import escalate
from reports.review.actions.row_decisions import decide_row
from reports.review.actions.steps import open_weekly_review
from tests.factories.world import World, last_week, make_poor
from tests.functional.conftest import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
CODES = ("KIA01", "SPM01")


def red_review(world: World) -> WeeklyReview:
    """A Pustu's review with two red rows."""
    make_poor(world.pustu, *CODES)
    for code in CODES:
        record_achievement(
            facility=world.pustu, week=last_week(),
            indicator=Indicator.objects.in_week(last_week()).get(code=code),
            numerator=0, denominator=None, by=world["pustu_head"], source="page",
            expected_version=0,
        )  # fmt: skip
    return open_weekly_review(facility=world.pustu, week=last_week())


def path(name: str, review: WeeklyReview) -> str:
    where = {"week": str(review.week), "code": review.facility.code}
    return reverse(f"reports:review-{name}", kwargs=where)


def no_faults(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, page.url
    result = Axe().run(page)
    assert result.violations_count == 0, f"{page.url}\n{result.generate_report()}"


@pytest.mark.parametrize("script", [True, False])
def test_two_rows_decided_by_keyboard_and_sent(
    open_page: OpenPage, world: World, script: bool
) -> None:
    review = red_review(world)
    page = open_page(
        world["pustu_head"], path("check", review), width=360, java_script_enabled=script
    )
    first, second = (page.locator(f"#dec-{code}") for code in CODES)
    expect(first.locator("[name$=-reason]")).to_be_hidden()
    first.get_by_label("Dipantau").focus()
    page.keyboard.press("Space")
    expect(first.get_by_label("Dipantau")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Selisih kecil saja")
    second.get_by_label("RTL", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Kunjungan rumah")
    page.keyboard.press("Enter")  # saves all; the second lacks its person in charge
    expect(page.locator("#decision-errors")).to_contain_text("1 keputusan belum dapat disimpan")
    expect(second.locator("[name$=-action]")).to_have_value("Kunjungan rumah")
    second.locator("[name$=-owner_name]").focus()
    page.keyboard.type("Bidan desa")
    page.keyboard.press("Enter")
    expect(page.locator("#decisions")).to_contain_text("Semua baris merah sudah ada keputusan")
    assert set(RowDecision.objects.values_list("kind", flat=True)) == {"monitor", "follow_up"}
    for reason in page.locator(".ask input.field").all():  # what else is open
        reason.fill("Register belum dibawa")
    page.get_by_role("button", name="Kirim", exact=True).press("Enter")
    expect(page.locator("main")).to_contain_text("Terkirim")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_pages_of_decisions_have_no_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    review = red_review(world)
    row = decide_row(
        review=review, indicator_code=CODES[0], kind="follow_up", by=world["pustu_head"],
        expected_version=0, action="Kunjungan", owner_name="Bidan", due_on=last_week().end.replace(
            year=2031
        ),
    )  # fmt: skip
    assert row.problem is not None
    escalate(problem=row.problem, to_facility=world.puskesmas, reason="asked", comment="Tolong")
    ProblemSuggestion.objects.create(
        facility=world.puskesmas, indicator_code=CODES[1], week=last_week(), figures={"gap": "-62"}
    )
    page = open_page(
        world["puskesmas_head"], "/", width=width, color_scheme=scheme, bypass_csp=True
    )
    expect(page.locator("#to-answer")).to_be_visible()
    expect(page.locator("#suggestions")).to_contain_text("kurang 62")
    no_faults(page)
    for address in (
        path("check", review),
        path("decisions", review),
        reverse("reports:asked-list"),
        reverse("reports:problem-detail", args=[row.problem.pk]),
    ):
        page.goto(address)
        no_faults(page)
    page.get_by_label("Jawaban Anda").fill("Vaksin dikirim besok")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.locator("#escalations")).to_contain_text("Vaksin dikirim besok")
    assert Escalation.objects.get().answered_by == world["puskesmas_head"]

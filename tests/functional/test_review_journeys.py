"""The weekly review as people use it."""

from __future__ import annotations

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from clusters.models import Achievement
from reports.models import Problem, ReportDocument, WeeklyReview
from reports.problems.actions import raise_problem
from reports.review.actions.steps import open_weekly_review, submit_review
from tests.factories.world import REASONS, World, last_week
from tests.functional.conftest import OpenPage
from tests.functional.entry import unfold

CODES = ["SPM01", "SPM02", "SPM03"]


def review_path(code: str) -> str:
    kwargs = {"week": str(last_week()), "code": code}
    return reverse("reports:review-detail", kwargs=kwargs)


def wait_saved(page: Page, code: str, version: int = 1) -> None:
    expect(page.locator(f"#ver-{code} input")).to_have_value(str(version))
    expect(page.locator("#save-state")).to_contain_text("Tersimpan")


def test_puskesmas_head_fills_in_and_sends(open_page: OpenPage, world: World) -> None:
    page = open_page(world["puskesmas_head"], review_path(world.puskesmas.code))
    unfold(page)
    page.locator(f"#n-{CODES[0]}").focus()
    for number in ("10", "0", "1,5"):
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    wait_saved_all = page.locator(f"#ver-{CODES[1]} input")
    expect(wait_saved_all).to_have_value("1")
    expect(page.locator(f"#err-{CODES[2]}")).to_contain_text("Anda mengisi ‘1,5’")
    wrong = page.locator(f"#n-{CODES[2]}")
    expect(wrong).to_have_value("1,5")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    wrong.fill("7")
    wrong.press("Tab")
    wait_saved(page, CODES[2])

    page.get_by_label("Masalah", exact=True).fill("Vaksin PCV kosong")
    page.get_by_label("Penanggung jawab", exact=True).fill("Bidan koordinator")
    page.get_by_label("Tenggat", exact=True).fill("2031-01-06")
    page.get_by_role("button", name="Tambah", exact=True).click()
    expect(page.locator("#new-problems").get_by_role("link")).to_have_text("Vaksin PCV kosong")

    page.get_by_label("Simpulan dan kesepakatan").fill("Sweeping di tiga dusun.")
    page.get_by_role("button", name="Simpan simpulan").click()
    expect(page.locator("#meeting-version input")).not_to_have_value("1")

    page.get_by_role("link", name="Kirim evaluasi").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa dan kirim")
    expect(page.locator("main")).to_contain_text("indikator belum diisi")
    for reason in page.locator(".ask input.field").all():  # no meeting, empty rows
        reason.fill("Dibahas di lokakarya mini bulan ini.")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator("main")).to_contain_text("Terkirim")
    expect(page.locator("#n-SPM01")).to_have_count(0)

    assert WeeklyReview.objects.get(facility=world.puskesmas).status == "submitted"
    typed = Achievement.objects.filter(facility=world.puskesmas).exclude(source="system")
    numbers = typed.order_by("indicator_code")
    assert list(numbers.values_list("numerator", flat=True)) == [10, 0, 7]
    assert Problem.objects.get().title == "Vaksin PCV kosong"


def test_two_people_on_one_row_lose_nothing(open_page: OpenPage, world: World) -> None:
    path = review_path(world.pustu.code)
    one = open_page(world["pustu_head"], path)
    two = open_page(world["puskesmas_head"], path)
    one.locator("#n-SPM01").fill("4")
    one.locator("#n-SPM01").press("Tab")
    wait_saved(one, "SPM01")
    two.locator("#n-SPM01").fill("6")
    two.locator("#n-SPM01").press("Tab")
    panel = two.locator("#conflict-SPM01 .conflict")
    expect(panel).to_contain_text("Orang kapustu")
    expect(panel).to_be_focused()
    expect(two.locator("#n-SPM01")).to_have_value("6")
    assert Achievement.objects.get().numerator == 4
    panel.get_by_role("button", name="Pakai angka saya").click()
    wait_saved(two, "SPM01", 2)
    expect(two.locator("#n-SPM01")).to_be_focused()
    assert Achievement.objects.get().numerator == 6
    one.locator("#n-SPM01").fill("9")
    one.locator("#n-SPM01").press("Tab")
    one.get_by_role("button", name="Pakai angka ini").click()
    expect(one.locator("#n-SPM01")).to_have_value("6")
    assert Achievement.objects.get().numerator == 6


def test_form_works_without_script(open_page: OpenPage, world: World) -> None:
    path = review_path(world.pustu.code)
    page = open_page(world["pustu_head"], path, java_script_enabled=False)
    page.locator("#n-SPM01").fill("3")
    page.locator("#n-SPM02").fill("dua")
    page.get_by_role("button", name="Simpan semua").click()
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("Anda mengisi ‘dua’")
    expect(page.locator("#n-SPM02")).to_have_value("dua")
    assert Achievement.objects.get().numerator == 3
    page.locator("#n-SPM02").fill("2")
    page.get_by_role("button", name="Simpan semua").click()
    expect(page.locator("#error-summary")).to_have_count(0)
    assert Achievement.objects.count() == 2


def check_page(page: Page) -> None:
    """No sideways scrolling, no accessibility faults."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, page.url
    result = Axe().run(page)
    assert result.violations_count == 0, f"{page.url}\n{result.generate_report()}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_have_no_accessibility_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    submit_review(review=review, by=world["pustu_head"], expected_version=review.version, **REASONS)
    problem = raise_problem(
        facility=world.pustu,
        week=last_week() - 1,
        by=world["pustu_head"],
        title="Vaksin PCV kosong",
        owner_name="Bidan koordinator",
        due_on=dt.date(2031, 1, 6),
    )
    document = ReportDocument.objects.get()
    path = review_path(world.puskesmas.code)
    page = open_page(
        world["puskesmas_head"],
        path,
        width=width,
        color_scheme=scheme,
        bypass_csp=True,  # axe is put into the page as text
    )
    check_page(page)
    for address in (
        f"{path}check/",
        review_path(world.pustu.code),
        reverse("reports:review-list"),
        reverse("reports:problem-list"),
        reverse("reports:problem-raise"),
        reverse("reports:problem-detail", args=[problem.pk]),
        reverse("reports:document-list"),
        reverse("reports:verify", args=[document.snapshot_id]),
        reverse("reports:verify", args=["tidak-dikenal"]),
    ):
        page.goto(address)
        check_page(page)

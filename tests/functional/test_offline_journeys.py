"""The weekly review on a phone whose signal comes and goes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from clusters.models import Achievement
from reports.models import Problem, ProblemStep, WeeklyReview
from reports.problems.actions import raise_problem
from reports.review.actions.steps import open_weekly_review, submit_review
from tests import clock
from tests.factories.world import PASSWORD, REASONS, World, last_week
from tests.functional.conftest import CHROMIUM, OpenPage
from tests.functional.entry import sign_out
from tests.functional.test_review_journeys import check_page, review_path, wait_saved

SERVICE_WORKERS = "allow"  # they keep pages for the time without a signal

PHONE: dict[str, Any] = {"width": 360, "is_mobile": True, "has_touch": True}
DRAFTS = "Object.entries(localStorage).filter(([key]) => key.startsWith('pantau:draft:'))"
# Whether the worker holds the page and may show it without a signal.
KEPT = """async () => {
  if (!navigator.serviceWorker.controller) return '';
  for (const name of (await caches.keys()).filter((name) => name.startsWith('pages-'))) {
    const page = await (await caches.open(name)).match(location.href.split('#')[0]);
    if (page) return await page.text();
  }
  return '';
}"""


def wait_kept(page: Page, text: str = "") -> None:
    """Until the page kept on the device holds ``text``."""
    page.evaluate(
        """async (text) => {
          const end = performance.now() + 15000;
          const kept = KEPT;
          for (;;) {
            const html = await kept();
            if (html && html.includes(text)) return;
            if (performance.now() > end) throw new Error('the page is not kept');
            await new Promise(requestAnimationFrame);
          }
        }""".replace("KEPT", KEPT),
        text,
    )


def codes_of(page: Page, number: int) -> list[str]:
    ids = page.locator("#achievements input[id^='n-']").evaluate_all(
        "all => all.map(one => one.id)"
    )
    return [name.removeprefix("n-") for name in ids[:number]]


def drafts(page: Page) -> list[Any]:
    return list(page.evaluate(DRAFTS))


def add_problem(page: Page, title: str) -> None:
    page.locator("#id_title").fill(title)
    page.locator("#id_owner_name").fill("Bidan koordinator")
    page.locator("#id_due_on").fill("2031-01-06")
    page.locator("#raise-button").click()


def sign_in(page: Page, username: str) -> None:
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def test_ten_values_and_a_problem_without_signal(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), **PHONE)
    wait_kept(page)
    page.context.set_offline(True)
    codes = codes_of(page, 10)
    for number, code in enumerate(codes, 1):
        page.locator(f"#n-{code}").fill(str(number))
        page.locator(f"#n-{code}").press("Enter")
    state = page.locator("#save-state")
    expect(state).to_have_text("Tidak ada sinyal, 10 isian disimpan di perangkat ini")
    add_problem(page, "Vaksin PCV kosong")
    expect(state).to_have_text("Tidak ada sinyal, 11 isian disimpan di perangkat ini")
    expect(page.locator("#problems-waiting")).to_contain_text("Vaksin PCV kosong")
    expect(page.locator("#id_title")).to_be_focused()
    page.locator("#id_conclusion").fill("Sweeping di tiga dusun.")
    page.locator("#id_conclusion").blur()

    page.reload()
    expect(page.get_by_text("Halaman ini disimpan di perangkat pada")).to_be_visible()
    for number, code in enumerate(codes, 1):
        expect(page.locator(f"#n-{code}")).to_have_value(str(number))
    expect(page.locator("#problems-waiting")).to_contain_text("Vaksin PCV kosong")
    expect(page.locator("#id_conclusion")).to_have_value("Sweeping di tiga dusun.")
    expect(state).to_have_text("Tidak ada sinyal, 12 isian disimpan di perangkat ini")
    assert Achievement.objects.count() == Problem.objects.count() == 0

    page.goto("/problems/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tidak ada sinyal")
    page.locator("#kept-pages a").click()
    expect(page.locator(f"#n-{codes[0]}")).to_have_value("1")

    page.context.set_offline(False)
    expect(state).to_contain_text("Tersimpan")
    expect(page.locator("#problems-new")).to_contain_text("Vaksin PCV kosong")
    expect(page.locator("#problems-waiting li")).to_have_count(0)
    assert drafts(page) == []
    page.reload()
    expect(page.get_by_text("Halaman ini disimpan di perangkat pada")).to_have_count(0)
    rows = dict(Achievement.objects.values_list("indicator_code", "numerator"))
    assert rows == {code: number for number, code in enumerate(codes, 1)}
    assert set(Achievement.objects.values_list("version", flat=True)) == {1}
    assert [row.title for row in Problem.objects.all()] == ["Vaksin PCV kosong"]
    assert WeeklyReview.objects.get().conclusion == "Sweeping di tiga dusun."


def test_saved_values_are_on_the_kept_page(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), **PHONE)
    wait_kept(page)
    page.locator("#n-SPM01").fill("4")
    page.locator("#n-SPM01").press("Enter")
    wait_saved(page, "SPM01")
    wait_kept(page, 'value="4"')
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#n-SPM01")).to_have_value("4")
    expect(page.locator("#ver-SPM01 input")).to_have_value("1")
    page.locator("#n-SPM01").fill("5")
    page.locator("#n-SPM01").press("Enter")
    page.context.set_offline(False)
    wait_saved(page, "SPM01", 2)
    assert Achievement.objects.get().numerator == 5


def test_browser_ended_and_started_again(
    browser: Browser, live_server: Any, world: World, tmp_path: Path
) -> None:
    path = f"{live_server.url}{review_path(world.pustu.code)}"
    client = Client()
    client.force_login(world["pustu_head"])

    def start() -> Any:
        return browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--headless", "--disable-gpu"],
            reduced_motion="reduce",
        )

    context = start()
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
                "expires": clock.real_seconds()
                + 3600,  # the browser forgets cookies by the real time
            }
        ]
    )
    page = context.new_page()
    page.goto(path)
    wait_kept(page)
    context.set_offline(True)
    page.locator("#n-SPM01").fill("3")
    page.locator("#n-SPM01").press("Enter")
    add_problem(page, "Vaksin PCV kosong")
    expect(page.locator("#save-state")).to_contain_text("2 isian")
    context.close()

    context = start()
    context.set_offline(True)
    page = context.new_page()
    page.goto(path)
    expect(page.locator("#n-SPM01")).to_have_value("3")
    expect(page.locator("#problems-waiting")).to_contain_text("Vaksin PCV kosong")
    context.set_offline(False)
    expect(page.locator("#save-state")).to_contain_text("Tersimpan")
    context.close()
    assert Achievement.objects.get().numerator == 3
    assert Problem.objects.count() == 1


def test_two_browsers_one_of_them_offline(open_page: OpenPage, world: World) -> None:
    path = review_path(world.pustu.code)
    away = open_page(world["pustu_head"], path, **PHONE)
    near = open_page(world["puskesmas_head"], path)
    wait_kept(away)
    away.context.set_offline(True)
    away.locator("#n-SPM01").fill("6")
    away.locator("#n-SPM01").press("Enter")
    away.locator("#id_conclusion").fill("Simpulan dari Pustu.")
    away.locator("#id_conclusion").blur()
    expect(away.locator("#save-state")).to_contain_text("2 isian")
    near.locator("#n-SPM01").fill("4")
    near.locator("#n-SPM01").press("Enter")
    wait_saved(near, "SPM01")
    near.locator("#id_conclusion").fill("Simpulan dari Puskesmas.")
    near.locator("#id_conclusion").blur()
    expect(near.locator("#meeting-version input")).to_have_value("2")

    away.reload()
    away.context.set_offline(False)
    panel = away.locator("#conflict-SPM01 .conflict")
    expect(panel).to_contain_text("Orang kapus")
    expect(panel.locator(".fig").first).to_have_text("6")
    expect(panel.locator(".fig").last).to_have_text("4")
    words = away.locator("#meeting-conflict .conflict")
    expect(words).to_contain_text("Simpulan dari Pustu.")
    expect(words).to_contain_text("Simpulan dari Puskesmas.")
    expect(words).to_contain_text("Orang kapus")
    expect(away.locator("#save-state")).to_have_text("Diubah orang lain")
    assert Achievement.objects.get().numerator == 4
    assert len(drafts(away)) == 1

    away.reload()  # not chosen yet: both are asked again
    panel.get_by_role("button", name="Pakai angka saya").click()
    wait = away.locator("#ver-SPM01 input")
    expect(wait).to_have_value("2")
    words.get_by_role("button", name="Pakai tulisan ini").click()
    expect(away.locator("#id_conclusion")).to_have_value("Simpulan dari Puskesmas.")
    expect(away.locator("#save-state")).to_contain_text("Tersimpan")
    assert drafts(away) == []
    assert Achievement.objects.get().numerator == 6
    assert WeeklyReview.objects.get().conclusion == "Simpulan dari Puskesmas."


def test_session_ended_in_the_middle(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), **PHONE)
    wait_kept(page)
    Session.objects.all().delete()
    page.locator("#n-SPM01").fill("8")
    page.locator("#n-SPM01").press("Enter")
    page.locator("#n-SPM02").blur()
    state = page.locator("#save-state-m")
    expect(state).to_have_text("Sesi berakhir. Isian Anda aman di perangkat ini.")
    state.get_by_role("link").click()
    expect(page.get_by_text("Ada isian di perangkat ini")).to_be_visible()

    sign_in(page, "kapus")  # somebody else: sees nothing of it, sends nothing of it
    expect(page.locator("#n-SPM01")).to_have_value("")
    wait_kept(page)
    assert page.evaluate("caches.keys()").count("files-1") == 1
    names = [name for name in page.evaluate("caches.keys()") if name.startswith("pages-")]
    assert names == [f"pages-{world['puskesmas_head'].pk}"]
    page.locator(".page-foot").get_by_role("button", name="Keluar").click()
    expect(page.locator("#id_username")).to_be_visible()
    assert Achievement.objects.count() == 0

    page.goto(review_path(world.pustu.code))
    sign_in(page, "kapustu")
    wait_saved(page, "SPM01")
    assert Achievement.objects.get().entered_by == world["pustu_head"]
    assert drafts(page) == []


def test_signing_out_with_entries_waiting(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), **PHONE)
    wait_kept(page)
    page.context.set_offline(True)
    page.locator("#n-SPM01").fill("8")
    page.locator("#n-SPM01").press("Enter")
    page.locator("#n-SPM02").blur()
    leave = page.locator(".page-foot").get_by_role("button", name="Keluar")
    leave.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 isian hanya ada di perangkat ini")
    dialog.get_by_role("button", name="Tetap masuk").click()
    expect(dialog).to_be_hidden()
    assert len(drafts(page)) == 1
    leave.click()
    # The signal is back for the sign-out, but what waited is not sent any more.
    page.route("**/counts/**", lambda route: route.abort())
    page.context.set_offline(False)
    dialog.get_by_role("button", name="Keluar dan hapus").click()
    expect(page.locator("#id_username")).to_be_visible()
    page.wait_for_function(f"() => {DRAFTS}.length === 0")
    assert [n for n in page.evaluate("caches.keys()") if n.startswith("pages-")] == []
    assert Achievement.objects.count() == 0


def test_no_nik_is_kept_or_sent(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    page.locator("#n-SPM01").focus()
    page.keyboard.press("F2")
    note = page.locator("#note-SPM01")
    note.fill("Ibu 3301 2345 6789 0123")
    note.press("Tab")
    expect(page.locator("#nik-note-SPM01")).to_contain_text("Jangan tulis nama atau NIK")
    expect(note).to_have_attribute("aria-invalid", "true")
    assert "6789" not in str(drafts(page))
    page.locator("#id_title").fill("Ibu 3301234567890123 tidak datang")
    page.locator("#id_owner_name").fill("Bidan")
    page.locator("#id_due_on").fill("2031-01-06")
    page.locator("#raise-button").click()
    expect(page.locator("#id_title")).to_be_focused()
    assert "6789" not in str(drafts(page))
    note.fill("Ibu hamil pindah")
    note.press("Tab")
    wait_saved(page, "SPM01")
    expect(page.locator("#nik-note-SPM01")).to_have_count(0)
    assert Achievement.objects.get().note == "Ibu hamil pindah"
    assert Problem.objects.count() == 0


def lose_answers(page: Page) -> None:
    """The server gets what is sent, the browser never hears of it."""

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/*", lose)


def test_lost_answers_double_nothing(open_page: OpenPage, world: World) -> None:
    earlier = raise_problem(
        facility=world.pustu,
        week=last_week() - 1,
        by=world["pustu_head"],
        title="Kulkas vaksin rusak",
        owner_name="Bidan koordinator",
        due_on=dt.date(2031, 1, 6),
    )
    # The worker's own requests cannot be intercepted here.
    page = open_page(world["pustu_head"], review_path(world.pustu.code), service_workers="block")
    again = "window.dispatchEvent(new Event('online'))"
    state = page.locator("#save-state")
    lose_answers(page)
    carried = page.locator(f"#problem-{earlier.pk}")
    carried.get_by_label("Berlanjut", exact=True).check()
    carried.get_by_role("button").click()
    expect(state).to_have_text("Tidak ada sinyal, 1 isian disimpan di perangkat ini")
    page.unroute_all(behavior="wait")
    page.evaluate(again)
    expect(carried.locator(f"#decided-{earlier.pk}")).to_contain_text("berlanjut")

    lose_answers(page)
    page.locator("#n-SPM01").fill("4")
    page.locator("#n-SPM01").press("Enter")
    expect(state).to_have_text("Tidak ada sinyal, 1 isian disimpan di perangkat ini")
    page.locator("#n-SPM01").fill("5")  # changed while the first number's fate is unknown
    page.locator("#n-SPM01").press("Enter")
    page.unroute_all(behavior="wait")
    page.evaluate(again)
    wait_saved(page, "SPM01", 2)
    expect(page.locator(".conflict")).to_have_count(0)

    lose_answers(page)
    add_problem(page, "Vaksin PCV kosong")
    expect(state).to_have_text("Tidak ada sinyal, 1 isian disimpan di perangkat ini")
    page.unroute_all(behavior="wait")
    page.evaluate(again)
    expect(page.locator("#problems-new")).to_contain_text("Vaksin PCV kosong")

    page.route("**/meeting/", lambda route: route.fulfill(status=500, body=""))
    page.locator("#id_conclusion").fill("Sweeping di tiga dusun.")
    page.locator("#id_conclusion").blur()
    expect(state).to_have_text("1 isian menunggu")
    page.unroute_all(behavior="wait")
    page.evaluate(again)
    expect(state).to_contain_text("Tersimpan")
    assert drafts(page) == []

    row = Achievement.objects.get()
    assert (row.numerator, row.version) == (5, 2)
    assert Problem.objects.filter(title="Vaksin PCV kosong").count() == 1
    assert ProblemStep.objects.filter(problem=earlier, action="continue").count() == 1
    assert WeeklyReview.objects.get().conclusion == "Sweeping di tiga dusun."


def test_entries_that_came_too_late_are_shown(open_page: OpenPage, world: World) -> None:
    page = open_page(world["pustu_head"], review_path(world.pustu.code), **PHONE)
    wait_kept(page)
    page.context.set_offline(True)
    page.locator("#n-SPM01").fill("8")
    page.locator("#n-SPM01").press("Enter")
    page.locator("#n-SPM02").blur()
    expect(page.locator("#save-state")).to_contain_text("1 isian")
    review = open_weekly_review(facility=world.pustu, week=last_week())
    submit_review(
        review=review,
        by=world["puskesmas_head"],
        expected_version=review.version,
        undecided_reason="Dibahas di Puskesmas.",
        **REASONS,
    )
    page.context.set_offline(False)
    expect(page.locator("#save-state-m")).to_contain_text("evaluasi sudah dikirim")
    page.reload()
    notice = page.locator("[data-local]", has_text="Evaluasi ini sudah dikirim")
    expect(notice).to_contain_text("Pelayanan kesehatan ibu hamil: 8")
    page.reload()
    notice.get_by_role("button", name="Hapus dari perangkat ini").click()
    expect(notice).to_have_count(0)
    assert drafts(page) == []


def test_the_answer_to_kirim_is_waited_for(
    open_page: OpenPage, world: World, settings: Any
) -> None:
    """On a slow line the page kept on the device is shown, never as the answer to what was sent."""
    settings.OFFLINE_PATIENCE_MS = 0  # every line is too slow
    path = review_path(world.pustu.code)
    page = open_page(world["pustu_head"], path, **PHONE)
    wait_kept(page)
    page.reload()
    kept = page.get_by_text("Halaman ini disimpan di perangkat pada")
    expect(kept).to_be_visible()
    page.goto(f"{path}check/")
    for reason in page.locator(".ask input.field").all():
        reason.fill("Dibahas dalam evaluasi mingguan Puskesmas")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator("#draft[data-sent]")).to_be_attached()
    expect(kept).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_without_signal_have_no_accessibility_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    page = open_page(
        world["pustu_head"],
        review_path(world.pustu.code),
        width=width,
        color_scheme=scheme,
        bypass_csp=True,  # axe is put into the page as text
    )
    wait_kept(page)
    page.context.set_offline(True)
    page.locator("#n-SPM01").fill("8")
    add_problem(page, "Vaksin PCV kosong")
    page.reload()
    expect(page.locator("#problems-waiting li")).to_have_count(1)
    check_page(page)
    sign_out(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    check_page(page)
    page.goto("/problems/")
    expect(page.locator("#kept-pages a")).to_have_count(1)
    check_page(page)

"""A photo stays when something else in its form is refused: case E7 of tests/cases/entry."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from reports.models import Problem
from tests.factories.world import World
from tests.functional.conftest import OpenPage
from tests.functional.entry import FILES
from tests.functional.test_review_journeys import check_page, review_path

PHOTO = FILES / "photo.jpg"
REFUSED = FILES / "names-javascript.pdf"
SAYS_WHY = "names-javascript.pdf: PDF ini"


def begin(page: Page, *files: object) -> None:
    page.locator("#id_title").fill("Kulkas vaksin rusak")
    page.locator("#id_description").fill("Suhu naik sejak Senin.")
    page.locator("#id_attachments").set_input_files([str(file) for file in files])


def send(page: Page) -> None:
    page.locator("#raise-button").click()


def kept(page: Page) -> list[str]:
    return page.locator("[data-kept-files] li > span").evaluate_all(
        "all => all.map(one => one.firstChild.textContent)"
    )


@pytest.mark.parametrize("script", [True, False])
def test_e7_the_photo_is_listed_and_saved_once(
    open_page: OpenPage, world: World, *, script: bool
) -> None:
    page = open_page(world["pustu_head"], "/problems/new/", java_script_enabled=script)
    begin(page, PHOTO)
    send(page)
    expect(page.locator("#id_owner_name_error")).to_be_visible()
    assert kept(page) == ["photo.jpg"]
    expect(page.get_by_role("button", name="Hapus photo.jpg")).to_be_visible()
    assert Problem.objects.count() == 0
    page.locator("#id_owner_name").fill("Bidan koordinator")
    page.locator("#id_owner_name").press("Enter")  # never the button that removes the photo
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kulkas vaksin rusak")
    problem = Problem.objects.get()
    assert [file.file_name for file in problem.attachments.all()] == ["photo.jpg"]
    page.goto("/problems/new/")
    assert kept(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_e7_of_two_the_good_one_stays(open_page: OpenPage, world: World, *, script: bool) -> None:
    page = open_page(world["pustu_head"], "/problems/new/", java_script_enabled=script)
    begin(page, PHOTO, REFUSED)
    page.locator("#id_owner_name").fill("Bidan koordinator")
    send(page)
    expect(page.locator("#id_attachments_error")).to_contain_text(SAYS_WHY)
    assert kept(page) == ["photo.jpg"]
    page.go_back()  # a form anew: the photo is there all the same
    expect(page.locator("#error-summary")).to_have_count(0)
    page.reload()
    assert kept(page) == ["photo.jpg"]
    begin(page)
    page.locator("#id_owner_name").fill("Bidan koordinator")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kulkas vaksin rusak")
    assert [file.file_name for file in Problem.objects.get().attachments.all()] == ["photo.jpg"]


@pytest.mark.parametrize("script", [True, False])
def test_e7_a_photo_taken_away_is_gone(open_page: OpenPage, world: World, *, script: bool) -> None:
    page = open_page(world["pustu_head"], "/problems/new/", java_script_enabled=script)
    begin(page, PHOTO)
    send(page)
    page.get_by_role("button", name="Hapus photo.jpg").click()
    expect(page.locator("[data-kept-files]")).to_have_count(0)
    expect(page.locator("#id_title")).to_have_value("Kulkas vaksin rusak")
    expect(page.locator(".err")).to_have_count(0)
    page.locator("#id_owner_name").fill("Bidan koordinator")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kulkas vaksin rusak")
    assert Problem.objects.get().attachments.count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_e7_pressing_send_twice_makes_one_problem(
    open_page: OpenPage, world: World, *, script: bool
) -> None:
    page = open_page(world["pustu_head"], "/problems/new/", java_script_enabled=script)
    begin(page, PHOTO)
    send(page)
    expect(page.locator("#id_owner_name_error")).to_be_visible()
    page.locator("#id_owner_name").fill("Bidan koordinator")
    page.locator("#raise-button").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kulkas vaksin rusak")
    assert Problem.objects.get().attachments.count() == 1
    assert Problem.objects.count() == 1
    assert Problem.objects.get().attachments.count() == 1


def test_e7_in_the_review_the_good_photo_stays(open_page: OpenPage, world: World) -> None:
    """There the form is sent in the background; the server refuses one photo of two."""
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    page.locator("#raise-form details.extra > summary").click()
    begin(page, PHOTO, REFUSED)
    send(page)  # nobody is named: the page itself says so, both files are still chosen
    expect(page.locator("#id_owner_name_missing")).to_be_visible()
    chosen = page.locator("#id_attachments").evaluate("one => [...one.files].map(f => f.name)")
    assert chosen == ["photo.jpg", "names-javascript.pdf"]
    page.locator("#id_owner_name").fill("Bidan koordinator")
    page.locator("#id_due_on").fill("2031-01-06")
    send(page)
    expect(page.locator("#id_attachments_missing")).to_contain_text(SAYS_WHY)
    assert kept(page) == ["photo.jpg"]
    expect(page.locator("#id_title")).to_have_value("Kulkas vaksin rusak")
    send(page)
    expect(page.locator("#problems-new")).to_contain_text("Kulkas vaksin rusak")
    expect(page.locator("#problems-waiting li")).to_have_count(0)
    assert [file.file_name for file in Problem.objects.get().attachments.all()] == ["photo.jpg"]
    assert kept(page) == []


def test_photos_that_are_no_longer_on_the_device_are_asked_for_again(
    open_page: OpenPage, world: World
) -> None:
    """A problem never goes without its photos: they were on a page that is gone."""
    page = open_page(world["pustu_head"], review_path(world.pustu.code))
    page.locator("#raise-form details.extra > summary").click()
    page.context.set_offline(True)
    begin(page, PHOTO)
    page.locator("#id_owner_name").fill("Bidan koordinator")
    page.locator("#id_due_on").fill("2031-01-06")
    send(page)
    expect(page.locator("#problems-waiting")).to_contain_text("Kulkas vaksin rusak")
    expect(page.locator("#save-state")).to_contain_text("Tidak ada sinyal")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(review_path(world.pustu.code))
    line = page.locator("#problems-waiting li")
    expect(line).to_contain_text("Foto sudah tidak ada di perangkat ini")
    assert Problem.objects.count() == 0
    line.get_by_role("button", name="Perbaiki").click()
    page.locator("#raise-form details.extra > summary").click()
    page.locator("#id_attachments").set_input_files(str(PHOTO))
    send(page)
    expect(page.locator("#problems-new")).to_contain_text("Kulkas vaksin rusak")
    assert Problem.objects.get().attachments.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_kept_photos_have_no_accessibility_faults(
    open_page: OpenPage, world: World, width: int, scheme: str
) -> None:
    page = open_page(
        world["pustu_head"], "/problems/new/", width=width, color_scheme=scheme,
        bypass_csp=True,  # axe is put into the page as text
    )  # fmt: skip
    begin(page, PHOTO, REFUSED)
    send(page)
    expect(page.get_by_role("button", name="Hapus photo.jpg")).to_be_visible()
    check_page(page)

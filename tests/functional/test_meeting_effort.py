"""A whole meeting of a Puskesmas like Manggar, on the demo's data: how many clicks and keys.

Counted is every click and every key except what a number is made of: its digits, and the Enter
that ends it. Nothing is typed beside the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from clusters.models import Achievement
from facilities.models import User
from ilp.demo.levels import EVERYBODY
from reports.models import Attendance, ProblemStep, ReviewRevision, RowDecision, WeeklyReview
from reports.models.document import DocumentKind
from reports.printing.pdf.render import render
from reports.review.queries.sheet import revision_sheet
from tests import clock
from tests.factories.town import build_town, with_history
from tests.functional.conftest import PATIENCE_MS

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 60


@dataclass
class Hand:
    """Clicks and types, and counts."""

    page: Page
    count: int = 0

    def click(self, place: Locator) -> None:
        place.click()
        self.count += 1

    def number(self, text: str) -> None:
        """Into the field that has the focus."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


def signed_in(browser: Browser, site: str, user: User, width: int) -> Page:
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 800}, locale="id-ID",
        reduced_motion="reduce",
        # A busy machine is as slow as no signal: the page kept for that would be shown.
        service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context.new_page()


def last_counts(place: str) -> dict[str, tuple[int | None, int | None]]:
    """What the Puskesmas wrote last, by indicator: about what it counts this week."""
    rows = Achievement.objects.filter(facility__code=place).order_by("week")
    return {row.indicator_code: (row.numerator, row.denominator) for row in rows}


def hold_the_meeting(hand: Hand) -> None:
    """From who is there to the first page's end: carried problems, decisions, numbers."""
    page = hand.page
    hand.click(page.locator("#meeting-proposed button"))
    expect(page.locator("#open-meeting a")).to_have_count(0)

    forms = page.locator("#carried form")
    assert 3 <= forms.count() <= 12  # as many as Manggar has
    for form in forms.all():
        hand.click(form.get_by_text("Berlanjut", exact=True))
        hand.click(form.get_by_role("button"))
    expect(page.locator("#carried li .tag").get_by_text("Diputuskan")).to_have_count(forms.count())
    decide(hand)


def decide(hand: Hand) -> None:
    """What is suggested is accepted, one after the other."""
    waiting = hand.page.locator("#putusan .terima")
    while left := waiting.count():
        hand.click(waiting.first)
        expect(waiting).to_have_count(left - 1)


def fill_in(hand: Hand, place: str) -> int:
    """Every number of the week; how many there were."""
    page, known = hand.page, last_counts(place)
    hand.click(page.locator("#rest > summary"))
    for group in page.locator("#rest details.group > summary").all():
        hand.click(group)
    fields = page.locator("#achievements input.field.n")
    ids: list[str] = fields.evaluate_all(
        "all => all.filter(one => one.offsetParent && !one.value).map(one => one.id)"
    )
    hand.click(page.locator(f"#{ids[0]}"))
    for name in ids:
        expect(page.locator(f"#{name}")).to_be_focused()
        kind, _dash, code = name.partition("-")
        numerator, denominator = known.get(code, (0, 0))
        number = (denominator if kind == "d" else numerator) or 0
        # One more of those that the care of others is measured by.
        hand.number(str(number + (code in EVERYBODY)))
    expect(page.locator("#save-state")).to_contain_text("Tersimpan")
    return len(ids)


def send(hand: Hand) -> None:
    page = hand.page
    asked = page.locator("#open-rows a", has_text="keputusan")
    if asked.is_visible():  # the numbers of this week asked for one more
        hand.click(asked)
        expect(page.locator("#putusan .terima").first).to_be_visible()
        decide(hand)
    hand.click(page.get_by_role("button", name="Tulis dari yang diputuskan"))
    expect(page.locator("#id_conclusion")).not_to_have_value("")
    hand.click(page.locator("a.btn.primary:visible", has_text="Kirim evaluasi"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa dan kirim")
    expect(page.locator("#questions")).to_contain_text("Tidak ada yang terbuka")
    hand.click(page.get_by_role("button", name="Kirim", exact=True))
    expect(page.locator("main")).to_contain_text("Terkirim")


def pages_of(revision: ReviewRevision) -> int:
    return render(
        revision_sheet(revision),
        kind=DocumentKind.PUSKESMAS_WEEKLY,
        revision=1,
        is_draft=False,
        snapshot_sha256=revision.snapshot_id,
        verify_url="https://example.org/verify/",
    ).pages


def test_a_meeting_takes_few_clicks_and_gives_two_pages(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    """Two Puskesmas with eight Pustu each, of which one is in real trouble: the one meets at a
    desk, the other around a telephone."""
    with_history(build_town(8, 8), tmp_path, weeks=10)
    week = clock.this_week() - 1
    for code, width in (("P1", 1280), ("P2", 360)):
        head = User.objects.get(username=f"kapus-{code.lower()}")
        hand = Hand(signed_in(browser, live_server.url, head, width))
        path = reverse("reports:review-detail", kwargs={"week": str(week), "code": code})
        hand.page.goto(path)
        hold_the_meeting(hand)
        numbers = fill_in(hand, code)
        assert numbers >= 20
        send(hand)
        hand.page.context.close()

        review = WeeklyReview.objects.get(facility__code=code, week=week)
        assert review.status == "submitted"
        assert review.meeting_on
        assert review.conclusion
        assert Attendance.objects.filter(review=review, is_present=True).count() >= 8
        assert RowDecision.objects.filter(review=review, kind="follow_up").count() <= 10
        assert hand.count <= MOST, f"{code}: {hand.count} clicks and keys for {numbers} numbers"
        assert pages_of(ReviewRevision.objects.get(review=review)) == 2
    assert ProblemStep.objects.filter(week=week, action="continue").exists()

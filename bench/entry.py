"""The review form in a real browser: key strokes for 40 indicators, bytes and requests.

Needs the site running on the same data, with collected static files:

PANTAU_DATA=var .venv/bin/python -m bench.entry http://127.0.0.1:8000
"""

from __future__ import annotations

import gzip
import os
import sys
from typing import Any

from bench.common import setup

setup()

import brotli  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from clusters.models import Achievement  # noqa: E402
from facilities.models import Facility, Posting, User  # noqa: E402
from reports.models import WeeklyReview  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ROWS = 40
MOST_KEYS = 220
FIRST_BYTES, NEXT_BYTES, MOST_REQUESTS = 60 * 1024, 20 * 1024, 10
BIGGER, WAIT_MS = "input.field.n", 60_000


def line(name: str, measured: float, budget: float, unit: str) -> None:
    print(
        f"{name:<46} {measured:9.0f} {unit:<9} budget {budget:7.0f} ratio {measured / budget:5.2f}"
    )


def signed_in(browser: Browser, site: str, user: User, **options: Any) -> BrowserContext:
    """A fresh browser that holds a session of ``user``."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(base_url=site, locale="id-ID", **options)
    context.set_default_timeout(WAIT_MS)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context


class Wire:
    """Bytes and requests of a page as the network saw them, headers included. The worker is
    off: what it does comes after the page and is listed on its own."""

    def __init__(self, page: Page) -> None:
        self.sizes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.requestWillBeSent", self._sent)
        self.urls: dict[str, str] = {}

    def _sent(self, event: dict[str, Any]) -> None:
        self.urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        url = self.urls.get(event["requestId"], "")
        if not url.startswith("data:") and event["encodedDataLength"]:
            self.sizes[url] = self.sizes.get(url, 0) + int(event["encodedDataLength"])

    def take(self) -> dict[str, int]:
        sizes, self.sizes = self.sizes, {}
        return sizes


def bytes_of_the_form(browser: Browser, site: str, user: User, path: str) -> None:
    context = signed_in(browser, site, user, service_workers="block")
    page = context.new_page()
    wire = Wire(page)
    page.goto(path, wait_until="networkidle")
    first = wire.take()
    page.goto(f"{path}check/", wait_until="networkidle")
    check = wire.take()
    page.goto(path, wait_until="networkidle")
    again = wire.take()
    html = page.request.get(path).body()
    packed, brotlied = len(gzip.compress(html, 6)), len(brotli.compress(html, quality=5))
    print(f"HTML of the form: {len(html)} bytes, gzip {packed}, brotli {brotlied} (sent: brotli)")
    line("first page, everything", sum(first.values()), FIRST_BYTES, "bytes")
    line("first page, requests", len(first), MOST_REQUESTS, "requests")
    line("next page: check and send", sum(check.values()), NEXT_BYTES, "bytes")
    line("next page: the form again", sum(again.values()), NEXT_BYTES, "bytes")
    for url, size in sorted(first.items(), key=lambda item: -item[1]):
        print(f"    {size:7d}  {url.removeprefix(site)}")
    worker = page.request.get("/sw.js")
    print(f"    {len(gzip.compress(worker.body(), 6)):7d}  /sw.js (gzip; in the background, later)")
    context.close()


def usual_numbers(facility: Facility) -> dict[str, Achievement]:
    """What the facility last wrote, by indicator: typing that is typical of it."""
    rows = Achievement.objects.filter(facility=facility, numerator__isnull=False)
    return {row.indicator_code: row for row in rows.order_by("week")}


def keystrokes(browser: Browser, site: str, user: User, path: str, facility: Facility) -> None:
    """Types the usual numbers into the first 40 indicators; nothing is sent to the site."""
    context = signed_in(browser, site, user, service_workers="block")
    context.route("**/counts/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{path}?later=1")
    fields = page.locator(f"#achievements {BIGGER}").evaluate_all("all => all.map(one => one.id)")
    codes = list(dict.fromkeys(name.split("-", 1)[1] for name in fields))[:ROWS]
    usual = usual_numbers(facility)
    page.locator(f"#{fields[0]}").focus()
    keys = 0
    for name in fields:
        kind, code = name.split("-", 1)
        if code not in codes:
            break
        row = usual.get(code)
        number = (row.denominator if kind == "d" else row.numerator) if row else 0
        text = str(number or 0)
        page.keyboard.press("Control+a")  # a field that was filled in before is typed over
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        keys += len(text) + 1
        value = page.locator(f"#{name}").input_value()
        if value != text:
            raise SystemExit(f"{name}: {value!r} instead of {text!r}: the focus went astray")
    line(f"key strokes for {len(codes)} indicators", keys, MOST_KEYS, "keys")
    kept = page.evaluate("Object.values(localStorage).map(text => JSON.parse(text).length)")
    print(f"    entries waiting on the device meanwhile: {sum(kept)}")
    context.close()


def main() -> None:
    site = (sys.argv[1:] or ["http://127.0.0.1:8000"])[0].rstrip("/")
    heads = Posting.objects.filter(role__in=["puskesmas_head", "pustu_head"])
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # its loop runs in this thread
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless", "--disable-gpu"]
        )
        for role in ("puskesmas_head", "pustu_head"):
            head = heads.filter(role=role).select_related("user", "facility").first()
            open_one = (
                head
                and WeeklyReview.objects.filter(facility=head.facility, status="open")
                .order_by("-week")
                .first()
            )
            if head is None or open_one is None:
                raise SystemExit("There is no open review here: load the demo first.")
            facility = head.facility
            path = f"/reviews/{open_one.week}/{facility.code}/"
            print(f"{facility.name}, {open_one.week}")
            bytes_of_the_form(browser, site, head.user, path)
            keystrokes(browser, site, head.user, path, facility)
        browser.close()


if __name__ == "__main__":
    main()

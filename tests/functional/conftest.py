"""A real browser (Debian's Chromium) against the live test server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from facilities.models import User
from tests.factories.world import World, build_world

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# How long a page may take on a slow machine beside busy neighbours. Reached by a fault alone: what
# is there sooner is seen sooner.
PATIENCE_MS = 180_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> Iterator[None]:
    """Playwright's loop runs in this thread; the ORM is used between its calls, never in them."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def world(transactional_db: None) -> World:
    return build_world()


@pytest.fixture(autouse=True)
def _no_line_is_too_slow(settings: Any) -> None:
    """A busy machine is no bad line: the page kept on the device stands for a lost signal only."""
    settings.OFFLINE_PATIENCE_MS = PATIENCE_MS


type OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, browser: Browser, live_server: Any, world: World
) -> Iterator[OpenPage]:
    """``open_page(user, path, width=…, java_script_enabled=…)``: signed in, page errors fail."""
    contexts = []
    errors: list[str] = []

    def open_page(user: User, path: str, *, width: int = 1280, **options: Any) -> Page:
        # Only tests about the signal have a worker between page and site: on a starved machine
        # Chromium may leave a navigation with its worker for minutes.
        options.setdefault("service_workers", getattr(request.module, "SERVICE_WORKERS", "block"))
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            locale="id-ID",
            # Page transitions end in unhandled browser errors when a page is left quickly.
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []

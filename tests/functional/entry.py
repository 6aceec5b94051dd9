"""What the tests of tests/cases/entry share: the case's own words, fields, the network's faults."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, expect

from clusters.models import Achievement

CASES = Path(__file__).parents[1] / "cases" / "entry"
FILES = Path(__file__).parents[1] / "cases" / "files"


def by_machine(name: str) -> str:
    r"""The clipboard of a case: the string behind «By machine», with its \r, \n and \t."""
    text = (CASES / f"{name}.md").read_text()
    found = re.search(r"By machine:[^`]*`([^`]+)`", text)
    assert found, name
    return found[1].encode().decode("unicode_escape")


def quoted(name: str) -> list[str]:
    """Everything a case has between backticks, in its order."""
    return re.findall(r"`([^`]+)`", (CASES / f"{name}.md").read_text())


def paste(page: Page, field: str, text: str, *, clears: bool = True) -> None:
    """From the real clipboard, by keyboard, into a field that was emptied first."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.locator(field).click()
    if clears:
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
    page.keyboard.press("Control+V")


def unfold(page: Page) -> None:
    """A Puskesmas finds what is no priority folded, cluster by cluster."""
    page.locator("#rest > summary").click()
    for group in page.locator("#rest details.group > summary").all():
        group.click()
    expect(page.locator("#rest details.group:not([open])")).to_have_count(0)


def codes(page: Page) -> list[str]:
    """The indicators with a field, as they stand on the page."""
    ids = page.locator("#achievements input[id^='n-']").evaluate_all(
        "all => all.map(one => one.id)"
    )
    return [name.removeprefix("n-") for name in ids]


def values(page: Page) -> dict[str, str]:
    """Every number field of the review with what it shows."""
    pairs: list[list[str]] = page.locator("#achievements input.field.n").evaluate_all(
        "all => all.map(one => [one.id, one.value])"
    )
    return {str(name): str(value) for name, value in pairs}


def stored() -> dict[str, tuple[int | None, int | None]]:
    rows = Achievement.objects.values_list("indicator_code", "numerator", "denominator")
    return {code: (numerator, denominator) for code, numerator, denominator in rows}


def entries_in_history(code: str) -> int:
    events: Any = Achievement.events.rel.related_model  # type: ignore[attr-defined] # by pghistory
    return events.objects.filter(indicator_code=code).count()


def enter(page: Page, code: str, number: str) -> None:
    page.locator(f"#n-{code}").fill(number)
    page.locator(f"#n-{code}").press("Enter")


def nothing_waits(page: Page) -> None:
    """Until nothing waits on the device any more."""
    page.wait_for_function(
        "() => !Object.keys(localStorage).some((key) => key.startsWith('pantau:draft:'))"
    )


def wait_all_saved(page: Page) -> None:
    """Until all is sent and the page says so."""
    nothing_waits(page)
    expect(page.locator("#save-state")).to_contain_text("Tersimpan")


def sign_out(page: Page) -> None:
    """By the button this width shows: without the stylesheet, every one of them counts as seen."""
    page.wait_for_load_state("load")
    page.locator("[data-signout] button:visible").first.click()


def fail_for(page: Page, code: str, status: int) -> list[str]:
    """The network's fault for one row: a status, or 0 for a connection that hangs. Each try is
    noted in the list that comes back."""
    tries: list[str] = []

    def answer(route: Route) -> None:
        tries.append(route.request.post_data or "")
        if status:
            route.fulfill(status=status, body="")
        # else: never answered

    page.route(f"**/counts/{code}/", answer)
    return tries

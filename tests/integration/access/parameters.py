"""Every page with every parameter of an address: which there are, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.factories.world import World
from tests.integration.access.test_pages import TABLE

ROOT = Path(__file__).parents[3]
# What the views read, with a value that is right.
PARAMETERS = {
    "after": "", "category": "personnel", "cluster": "K1", "district": "19.06",
    "facility": "P1-PT01", "indicator": "KIA01", "kind": "pustu", "next": "/", "note": "KIA01",
    "open": "P1", "overdue": "1", "place": "P1", "q": "uji", "show": "all", "shown": "50",
    "span": "12", "state": "ready", "status": "open", "until": "2026-W24", "week": "2026-W24",
    "with": "1", "year": "2026",
}  # fmt: skip
HOSTILE = [
    "", " ", "%", "%25", "_", "\\", "'", '"', "' OR 1=1 --", "\ufffd", "a" * 5000, "-1", "0",
    "9" * 30, "1e9", "NaN", "true", "null", "2026-W99", "0000-W01", "2026-W24'", "../..",
    "<script>", "é’ʼ", "[]", "{}", "\u202e", "🜁", "٣", "½", "²", "W10", "bnVsbA", "2026-02-30",
    "99.99", "P1-PT01;", "_x0000_", "P1,P2,P9", "\r\nSet-Cookie: a=b",
]  # fmt: skip
# What signs out, and what says 503 for it looks at parts that no test runs.
NOT_TRIED = {"logout", "language", "readyz"}
_READ = re.compile(r"GET(?:\.get(?:list)?\(|\[)\s*\"(\w+)\"")
_SEVERAL = re.compile(r"for name in \(([^)]*)\)\}?\s*$|names = \(([^)]*)\)", re.MULTILINE)


def read_by_views() -> set[str]:
    """The names that the code of the pages takes from an address."""
    found = set()
    for path in [*ROOT.glob("reports/**/*.py"), *ROOT.glob("ilp/*.py")]:
        text = path.read_text()
        found |= set(_READ.findall(text))
        if "GET.get(name" in text:
            for groups in _SEVERAL.findall(text):
                found |= set(re.findall(r'"(\w+)"', "".join(groups)))
    return found


def pages(world: World, made: dict[str, Any], place: str = "pustu") -> Iterator[str]:
    """Every address that answers a GET, about a place where it has one."""
    for name, row in TABLE.items():
        if row.method == "get" and name not in NOT_TRIED:
            at = place if place in row.places or not row.places else row.places[0]
            yield reverse(name, kwargs=row.path(world, getattr(world, at), made))


def check(client: Client, path: str, query: dict[str, str]) -> int:
    """The status; AssertionError for a failure of the site and for an echo of what is no text."""
    answer = client.get(path, query)
    assert answer.status_code < 500, (path, query, answer.status_code)
    content = b"" if answer.streaming else answer.content
    assert b"<script>&" not in content, (path, query)
    assert b'"<script>' not in content, (path, query)
    assert b"><script><" not in content, (path, query)
    return int(answer.status_code)

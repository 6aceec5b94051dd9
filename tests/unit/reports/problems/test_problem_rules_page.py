"""docs/problems.md says what the code does."""

from __future__ import annotations

import re

from django.conf import settings

from reports.states import PROBLEM_TRANSITIONS, UNFINISHED

RULES = settings.BASE_DIR / "docs" / "problems.md"


def test_steps_of_the_page_are_those_of_the_table() -> None:
    found = {}
    for line in RULES.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] not in {"Step", "---"}:
            for name in cells[0].split(", "):
                found[re.sub(r" \(.*", "", name)] = (cells[1], cells[2])
    assert set(found) == set(PROBLEM_TRANSITIONS)
    for action, (starts, target) in PROBLEM_TRANSITIONS.items():
        words = set(found[action][0].split(", "))
        statuses = words - {"any open"} | (UNFINISHED if "any open" in words else set())
        assert statuses == starts, action
        assert found[action][1] == (target or "stays"), action

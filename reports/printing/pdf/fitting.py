"""How closely a paper is set, and what gives way when it must not have more than two pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

ALL = 10_000
MOST_TRIED = 24  # problems that one page could hold if each had a line or two


@dataclass(frozen=True, slots=True)
class Fit:
    """How a paper of two pages is set."""

    density: int = 0  # 0 to 3: ever closer rows
    most_problems: int = 6  # problems listed; the others are counted
    most_exceptions: int = 5  # largest gaps repeated above the tables; of a Pustu
    is_split: bool = False  # a short report: problems and signature on the second page
    # Of a meeting's paper only.
    is_compact: bool = False  # who was there as sentences
    is_brief: bool = False  # who was there, conclusion and long lists stand in annex C
    most_decisions: int = ALL

    def problems(self, count: int) -> int:
        return min(count, self.most_problems)

    def decisions(self, count: int) -> int:
        return min(count, self.most_decisions)


ROOMY = Fit(0, ALL, is_split=True)
CLOSER = Fit(1, ALL, is_split=True)
CLOSE = Fit(2, ALL, is_compact=True)
BRIEF = replace(CLOSE, is_brief=True, most_decisions=8)
BARE = replace(BRIEF, most_problems=0, most_decisions=0)


def meeting_fit[Made](
    problems: int, make: Callable[[Fit], tuple[Made, int]], *, pages: int = 2, skips: int = 0
) -> tuple[Fit, Made]:
    """The widest setting with which ``make`` (bytes, pages) stays within ``pages``; ``skips``
    settings are known not to fit. The same sheet always gives the same."""
    for fit in (ROOMY, CLOSER, CLOSE)[skips:]:
        made, found = make(fit)
        if found <= pages:
            return fit, made
    for fit in (CLOSE, BRIEF):
        best = _most(fit, problems, make, pages)
        if best is not None:
            return best
    made, _found = make(BARE)
    return BARE, made


def _most[Made](
    fit: Fit, problems: int, make: Callable[[Fit], tuple[Made, int]], pages: int
) -> tuple[Fit, Made] | None:
    """With as many problems as fit, None when not even none does."""
    made, found = make(replace(fit, most_problems=0))
    if found > pages:
        return None
    best, low, high = (replace(fit, most_problems=0), made), 0, min(problems, MOST_TRIED)
    while low < high:
        middle = (low + high + 1) // 2
        tried = replace(fit, most_problems=middle)
        made, found = make(tried)
        if found > pages:
            high = middle - 1
        else:
            best, low = (tried, made), middle
    return best

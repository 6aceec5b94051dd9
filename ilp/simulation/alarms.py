"""Where a year that is on schedule is called poor all the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from clusters.weeks import Week
from ilp.simulation.site import Site
from reports.review.queries.row_decisions import is_red


@dataclass
class Outcome:
    """One indicator over the year: how often each word was said, and every false alarm."""

    code: str
    words: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    alarms: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = ", ".join(f"{word} {count}" for word, count in sorted(self.words.items()))
        return f"{self.code:8} {said}; false alarms: {len(self.alarms)}"


def watch(site: Site, year: int, say: Callable[[str], None] = lambda _line: None) -> list[Outcome]:
    """Every week of the year, every facility, every indicator."""
    outcomes = {one.code: Outcome(one.code) for one in site.indicators}
    for week in Week(year, 1).until(Week(year + 1, 1) - 1):
        say(str(week))
        for pk, lines in site.lines(week).items():
            for line in lines:
                outcome = outcomes[line.indicator.code]
                status = line.figures.status
                outcome.words[status or "-"] += 1
                if (
                    status in ("jelek", "incomplete", "check")
                    or line.figures.colour == "red"
                    or is_red(line)
                    or line.figures.signal in ("behind", "far_behind")
                ):
                    outcome.alarms.append(f"{week} {pk} {status} {line.figures.signal}")
    return list(outcomes.values())

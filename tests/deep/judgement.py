"""The judgement of indicators on 100,000 random lines, computed twice.

``scripts/test --deep=judgement [LINES [SEED]]``: both computations of
tests/unit/clusters/judgement/twice.py must say the same. Prints what came up, and the smallest
lines on which they differ.
"""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")
django.setup()

from tests.unit.clusters.judgement import twice  # noqa: E402  settings first

AT_ONCE = 10_000
SHOWN = 10


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def main(arguments: list[str]) -> int:
    lines, seed = [*map(int, arguments), *(100_000, 1)[len(arguments) :]]
    whole = twice.Found()
    for number, begin in enumerate(range(0, lines, AT_ONCE)):
        found = twice.compare(seed + number, min(AT_ONCE, lines - begin))
        whole.add(found)
        say(f"seed {seed + number}: {sum(found.statuses.values())} lines, "
            f"{len(found.differences)} differ")  # fmt: skip
    for what in ("statuses", "profiles", "kept_out"):
        say(f"{what}: {dict(getattr(whole, what).most_common())}")
    for told in sorted(whole.differences, key=len)[:SHOWN]:
        say(told)
    is_whole = set(whole.statuses) == twice.STATUSES and set(whole.profiles) == twice.ALL_PROFILES
    return 0 if is_whole and not whole.differences else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What the benchmarks share. Run them against an installation with demo data:

PANTAU_DATA=var .venv/bin/python -m bench.rollup
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import django


def setup() -> None:
    """Django, as ``manage.py`` would start it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")
    django.setup()


def median_ms(work: Callable[[], object], rounds: int = 15, warm_up: int = 2) -> float:
    """Median wall time of one call in milliseconds, after a few unmeasured calls."""
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def report(name: str, measured: float, baseline: float, baseline_name: str) -> None:
    """One line: what was measured, what it is compared with, and the ratio."""
    print(
        f"{name:<44} {measured:9.2f} ms   {baseline_name:<32} {baseline:9.2f} ms   "
        f"ratio {measured / baseline:6.2f}"
    )

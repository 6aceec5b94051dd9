"""Draws that depend only on the seed and a name, not on the order they are made in."""

from __future__ import annotations

import math
import random


def dice(seed: int, *names: object) -> random.Random:
    """A generator of its own for every thing that is drawn for."""
    return random.Random(f"{seed}/" + "/".join(map(str, names)))  # noqa: S311 - a demo, no secret


def events(rng: random.Random, expected: float) -> int:
    """How often something happened that happens ``expected`` times on average (Poisson)."""
    if expected <= 0:
        return 0
    if expected > 40:
        return max(0, round(rng.gauss(expected, math.sqrt(expected))))
    limit, count, product = math.exp(-expected), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count

"""Whole people: rounded half up, and split so that the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

_HALF = Fraction(1, 2)


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    return floor(value + _HALF) if value >= 0 else -floor(-value + _HALF)


def one_decimal(value: Fraction | None) -> Decimal | None:
    """Rounded half up to one decimal; exact until then."""
    if value is None:
        return None
    tenths = half_up(value * 10)
    return Decimal(tenths).scaleb(-1) if tenths else Decimal("0.0")


class Share(NamedTuple):
    """One part's exact share of a whole; ``population`` and ``code`` decide between equals."""

    exact: Fraction
    population: int
    code: str


def split(whole: int, shares: Sequence[Share], at_least: Sequence[int] = ()) -> list[int]:
    """The whole cut into one whole number a share, by the largest remainders (Hamilton).

    Equal remainders: the larger population first, then the code. No part falls below its
    ``at_least`` (its figure of the month before); what that costs is taken from the parts with
    the smallest remainders that still can give. The sum is always ``whole``.
    """
    if not shares:
        return []
    parts = [floor(share.exact) for share in shares]
    lowest = list(at_least) or [0] * len(shares)
    order = sorted(
        range(len(shares)),
        key=lambda at: (parts[at] - shares[at].exact, -shares[at].population, shares[at].code),
    )
    parts = [max(part, low) for part, low in zip(parts, lowest, strict=True)]
    missing = whole - sum(parts)
    while missing > 0:
        for at in order[:missing]:
            parts[at] += 1
        missing = whole - sum(parts)
    while missing < 0:
        givers = [at for at in reversed(order) if parts[at] > lowest[at]][:-missing]
        if not givers:
            break  # the whole itself has fallen below the month before
        for at in givers:
            parts[at] -= 1
        missing = whole - sum(parts)
    return parts

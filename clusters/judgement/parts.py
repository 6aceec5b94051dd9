"""What the units below have reported, and what that says about the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Amount:
    """A count with its denominator, where the report carries one. None: not reported."""

    numerator: int | None = None
    denominator: int | None = None

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            _plus(self.numerator, other.numerator), _plus(self.denominator, other.denominator)
        )


NOTHING = Amount()


def _plus(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def added(amounts: Iterable[Amount]) -> Amount:
    """None only where nobody has a figure."""
    whole = NOTHING
    for amount in amounts:
        whole += amount
    return whole


@dataclass(frozen=True, slots=True)
class Member:
    """One unit. ``population`` S on the last day of the closed period, None unknown;
    ``by_period`` the same for each period of the year, where it changed within it."""

    code: str
    population: int | None
    by_period: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Units that reported the same periods, taken together.

    ``reported``: of each period of the year up to the closed one the part that was reported,
    0 to 1; None: not expected then (closed, not yet open). ``total``: since New Year to the end
    of the closed period. ``last``, ``before``: in the closed period and in the one before it
    (of a state: the state then). ``reported_before``: of the one before, also over New Year.
    """

    members: tuple[Member, ...]
    reported: tuple[Fraction | None, ...]
    total: Amount = NOTHING
    last: Amount = NOTHING
    before: Amount = NOTHING
    reported_before: Fraction | None = None

    @property
    def last_reported(self) -> Fraction | None:
        return self.reported[-1] if self.reported else None

    @property
    def is_expected(self) -> bool:
        """In the closed period."""
        return self.last_reported is not None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what was expected is there. ``share`` None: nothing was expected."""

    reported: int  # whole units, unit-months …
    expected: int
    share: Fraction | None
    # (unit, place of the period in the year counted from 0) that is missing, wholly or in part
    missing: tuple[tuple[str, int], ...] = field(default=())


def of_periods(blocks: Sequence[Block], due: Sequence[bool]) -> Completeness:
    """Completeness of a sum: unit-months of all periods in which something was due."""
    reported = expected = 0
    exact = Fraction(0)
    missing: list[tuple[str, int]] = []
    for block in blocks:
        for place, part in enumerate(block.reported):
            if part is None or not due[place]:
                continue
            expected += len(block.members)
            exact += part * len(block.members)
            if part == 1:
                reported += len(block.members)
            else:
                missing += [(member.code, place) for member in block.members]
    share = exact / expected if expected else None
    return Completeness(reported, expected, share, tuple(sorted(missing, key=_by_period)))


def _by_period(one: tuple[str, int]) -> tuple[int, str]:
    return one[1], one[0]


def of_last_period(blocks: Sequence[Block]) -> Completeness:
    """Completeness of a rate: by people; by units where a unit's people are unknown."""
    expected = [block for block in blocks if block.is_expected]
    members = [member for block in expected for member in block.members]
    there = [block for block in expected if block.last_reported]
    place = len(expected[0].reported) - 1 if expected else 0
    missing = [
        (member.code, place)
        for block in expected
        if block.last_reported != 1
        for member in block.members
    ]
    by_people = bool(members) and all(member.population is not None for member in members)
    weights = [_weight(block, by_people) for block in expected]
    whole = sum(weights)
    if not whole:
        weights = [len(block.members) for block in expected]
        whole = sum(weights)
    exact = sum(
        (Fraction(block.last_reported or 0) * weight)
        for block, weight in zip(expected, weights, strict=True)
    )
    return Completeness(
        reported=sum(len(block.members) for block in there),
        expected=len(members),
        share=Fraction(exact) / whole if whole else None,
        missing=tuple(sorted(missing)),
    )


def _weight(block: Block, by_people: bool) -> int:
    if not by_people:
        return len(block.members)
    return sum(member.population or 0 for member in block.members)


def people(blocks: Iterable[Block]) -> int | None:
    """S of some units; unknown when that of one of them is."""
    whole = 0
    for block in blocks:
        for member in block.members:
            if member.population is None:
                return None
            whole += member.population
    return whole

"""How much processor time a process and everything below it has used, read from ``/proc``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# Running or waiting for a processor (also when a quota holds it back), or for the disk.
_AT_WORK = {"R", "D"}


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds of a family since its start, those of its dead included; whether one of it
    wants the processor or the disk at this moment; the pids."""

    seconds: float = 0.0
    is_at_work: bool = False
    pids: frozenset[int] = frozenset()


def usage(pid: int) -> Usage:
    """Of a process with all its descendants; PostgreSQL's are in groups of their own."""
    stats = {int(path.name): fields(int(path.name)) for path in _numbered()}
    below: dict[int, list[int]] = {}
    for member, found in stats.items():
        if found:
            below.setdefault(int(found[1]), []).append(member)
    family, open_ends = set[int](), [pid]
    while open_ends:
        member = open_ends.pop()
        family.add(member)
        open_ends += [child for child in below.get(member, []) if child not in family]
    living = [stats[member] for member in family if stats.get(member)]
    ticks = sum(int(number) for found in living for number in found[11:15])
    return Usage(
        seconds=ticks / _TICKS,
        is_at_work=any(found[0] in _AT_WORK for found in living),
        pids=frozenset(member for member in family if stats.get(member)),
    )


def fields(pid: int) -> list[str]:
    """Fields of ``/proc/PID/stat`` after the command name; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _numbered() -> list[Path]:
    return [path for path in Path("/proc").iterdir() if path.name.isdigit()]

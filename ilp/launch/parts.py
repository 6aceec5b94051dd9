"""What each part is doing, for those who ask the site: one small file a part, below the data
directory. The launcher writes, ``/readyz`` reads; the database may be away for both."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

_FRESH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Part:
    """``state`` as in :class:`ilp.launch.signs.State`; ``since`` when this process started, and
    ``written`` when this was noted (seconds since the epoch)."""

    state: str
    since: float
    restarts: int
    step: str
    written: float

    @property
    def seconds(self) -> int:
        return max(0, round(time.time() - self.since))


def note(data: Path, name: str, part: Part) -> None:
    """Whole or not at all; a full disk loses only the note."""
    with contextlib.suppress(OSError):
        write_whole(data / "parts" / f"{name}.json", json.dumps(asdict(part)))


def noted(data: Path) -> dict[str, Part]:
    """The parts whose launcher wrote within the last minute."""
    found = {}
    with contextlib.suppress(OSError):
        for file in (data / "parts").glob("*.json"):
            with contextlib.suppress(OSError, ValueError, TypeError):
                part = Part(**json.loads(file.read_text()))
                if time.time() - part.written < _FRESH_SECONDS:
                    found[file.stem] = part
    return found


def write_whole(target: Path, text: str) -> None:
    """A new file, then a rename: a full disk leaves the old one as it was."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        draft.write_text(text)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise

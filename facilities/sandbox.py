"""The one way in which a file from outside is opened: by a child process of its own, with bounded
memory and time and nothing of this site's surroundings. What a hostile file does to it stays there.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

_CHILD = Path(__file__).with_name("sandbox_child.py")
_AT_ONCE: Final = 2  # so that several large files cannot take the memory of the machine together
_SLOTS = threading.BoundedSemaphore(_AT_ONCE)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """``memory`` in bytes, ``processor`` in seconds of computing, ``clock`` in seconds."""

    memory: int
    processor: int
    clock: float


class UnreadableError(Exception):
    """The program could make nothing of the file."""


class GaveUpError(Exception):
    """The file asks for more memory or time than there is for it."""


def run_limited(
    program: Path, *, bounds: Bounds, content: bytes = b"", arguments: Sequence[str] = ()
) -> bytes:
    """What ``program`` writes of the bytes on its standard input. It imports no module of ours."""
    command = [sys.executable, "-I", str(_CHILD), json.dumps(asdict(bounds)), str(program)]
    with _SLOTS:
        try:
            found = subprocess.run(  # noqa: S603 - our own programs
                [*command, *arguments],
                input=content,
                capture_output=True,
                timeout=bounds.clock,
                check=False,
                env={"LC_ALL": "C.UTF-8"},  # no addresses, no keys
            )
        except subprocess.TimeoutExpired as error:
            raise GaveUpError from error
    if found.returncode == 2:
        _logger.info("%s: not readable: %s", program.stem, found.stderr[:200])
        raise UnreadableError
    if found.returncode != 0:  # 3, or ended by a limit of the system
        raise GaveUpError
    return found.stdout

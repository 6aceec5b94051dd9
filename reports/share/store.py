"""Pictures on disk, named by what they were drawn from. A cache: losing it costs a second."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from django.conf import settings

KEPT_SECONDS = 30 * 24 * 3600
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"IEND\xaeB`\x82"


def path_of(key: str) -> Path:
    return folder() / f"{key}.png"


def folder() -> Path:
    return Path(settings.REPORTS_DIR) / "pictures"


def read(key: str) -> bytes | None:
    """The bytes, or None when there are none or the file is not whole."""
    try:
        content = path_of(key).read_bytes()
    except OSError:
        return None
    is_whole = content.startswith(_SIGNATURE) and content.endswith(_END)
    return content if is_whole else None


def keep(key: str, content: bytes) -> None:
    """Whole or not at all. A full disk is no reason to show no picture."""
    with contextlib.suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True)
        target = path_of(key)
        if target.exists() and target.read_bytes() == content:
            return
        descriptor, draft = tempfile.mkstemp(dir=folder(), prefix="draft-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(draft).replace(target)
        _forget_old()


def _forget_old() -> None:
    """Each saved number of an open review makes another picture: old ones go."""
    limit = time.time() - KEPT_SECONDS
    for file in folder().iterdir():
        with contextlib.suppress(OSError):
            if file.stat().st_mtime < limit:
                file.unlink()

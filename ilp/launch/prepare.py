"""Makes what Django needs before it starts: compiled translations."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ilp import env


def compile_translations(locale: Path | None = None) -> list[Path]:
    """Compile each ``.po`` that is newer than its ``.mo``; the files written.

    With Babel, because ``msgfmt`` is not on a fresh machine. A reader never sees half
    a file: two installations may start at once from one checkout.
    """
    written = []
    for source in sorted((locale or env.BASE_DIR / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        draft = target.with_suffix(f".mo.{os.getpid()}")
        with draft.open("wb") as output:
            write_mo(output, catalogue)
        draft.chmod(0o644)  # the checkout may serve more users than the one who starts first
        draft.replace(target)
        written.append(target)
    return written

"""Names as they may stand in a chat: no formatting signs, cut between words."""

from __future__ import annotations

import re

# WhatsApp reads these as bold, italics, struck out and code.
_MARKUP = re.compile(r"[*_~`\s]+")


def plain(text: str, longest: int) -> str:
    """Whole words only, at most ``longest`` characters with the «…» of what was left out."""
    whole = _MARKUP.sub(" ", text).strip()
    if len(whole) <= longest:
        return whole
    kept = ""
    for word in whole.split(" "):
        longer = f"{kept} {word}".lstrip()
        if len(longer) > longest - 2:
            break
        kept = longer
    return f"{kept} …".lstrip()

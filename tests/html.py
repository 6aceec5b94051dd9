"""Answers as a browser takes them."""

from __future__ import annotations

import re


def tidy(text: str) -> str:
    """One blank where there are several, none before the end of a tag or between two tags: how
    a template is laid out does not matter to whoever reads the answer."""
    return re.sub(r">\s+<", "><", re.sub(r"\s+(?=/?>)", "", re.sub(r"\s+", " ", text)))

from __future__ import annotations


class UnfitText(ValueError):
    """Cannot be taken; ``str(error)`` says why to whoever wrote it."""

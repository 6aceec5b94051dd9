"""How a sheet of an older schema becomes one of the next: named steps on the plain JSON.

A step is a function ``v1_to_v2(raw)`` with a sentence saying what changed and why; it may change
``raw`` and returns it. The steps of a kind stand in its module in order, and their count is its
schema number: a sheet that went through no step is schema 1. A step stays as it was written: it
reads papers that people have signed, and knows nothing of today's types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Raw = dict[str, Any]
Step = Callable[[Raw], Raw]

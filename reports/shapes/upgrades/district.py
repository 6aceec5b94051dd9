"""Steps of district sheets."""

from __future__ import annotations

from reports.shapes.upgrades import Step

STEPS: tuple[Step, ...] = ()

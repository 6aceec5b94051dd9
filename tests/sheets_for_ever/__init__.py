"""Signed sheets as they were stored, one and more for each schema number, kept for ever.

``examples/review-1.puskesmas.json.gz`` is a review sheet of schema 1 exactly as
``Snapshot.content`` holds it. Nobody writes it again: every later program must read, print and
serve it. ``shapes/`` says what a sheet of a number is made of, so that a change of it shows.
See docs/adr/0011-sheets-outlive-the-code.md.

    python -m tests.sheets_for_ever store     what is missing of the present numbers, and record
    python -m tests.sheets_for_ever record    only the shape: a new field with a default
"""

from __future__ import annotations

from pathlib import Path

COMMAND = "python -m tests.sheets_for_ever"
HERE = Path(__file__).parent
EXAMPLES = HERE / "examples"
SHAPES = HERE / "shapes"

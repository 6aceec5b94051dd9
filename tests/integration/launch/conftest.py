from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Not below pytest's own folder: the next pytest run closes that to PostgreSQL's user again."""
    with tempfile.TemporaryDirectory(prefix="pantau-test-") as folder:
        yield Path(folder)

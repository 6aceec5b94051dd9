"""Functions and triggers of our own, in ``.sql`` files beside the modules that use them."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


def run_sql(module: str, name: str) -> migrations.RunSQL:
    """``name.sql`` in the folder of ``module`` (a ``__file__``); ``name_drop.sql`` undoes it."""
    folder = Path(module).parent
    return migrations.RunSQL(
        (folder / f"{name}.sql").read_text(encoding="utf-8"),
        (folder / f"{name}_drop.sql").read_text(encoding="utf-8"),
    )

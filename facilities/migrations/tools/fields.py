"""What every table begins with."""

from __future__ import annotations

from django.db import models

ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)

"""Django's own command, which first makes sure that it can go all the way."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from ilp.upgrade import check_can_upgrade


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        check_can_upgrade(connections[options["database"]])
        return super().handle(*args, **options)

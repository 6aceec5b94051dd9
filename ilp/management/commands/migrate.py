"""Django's own command, as the owner of the tables. It first makes sure that it can go all the
way, and afterwards says who may do what with each table."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from ilp.keeping.roles import as_owner
from ilp.keeping.walls import raise_walls
from ilp.upgrade import check_can_upgrade


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        with as_owner():
            check_can_upgrade(connection)
            done = super().handle(*args, **options)
            raise_walls(connection)
        return done

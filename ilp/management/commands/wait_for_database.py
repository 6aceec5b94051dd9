"""``manage.py wait_for_database``: end when PostgreSQL answers, with 1 when it does not."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from ilp import env
from ilp.launch.postgres import answers
from ilp.launch.process import wait_for


class Command(BaseCommand):
    help = "Wait until the database answers."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        url = env.database_url()
        if not wait_for(lambda: answers(url), seconds=options["seconds"]):
            raise CommandError(
                _("The database does not answer within {seconds:.0f} s").format(**options)
            )

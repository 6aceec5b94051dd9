from __future__ import annotations

import itertools
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from clusters.rollups import rebuild_rollups, rollup_differences
from facilities.models import District

_SHOWN = 50


class Command(BaseCommand):
    help = "Compare stored totals with a recomputation from the facts; exit code 1 if they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", help="only this district, such as 19.06")
        parser.add_argument("--repair", action="store_true", help="write differing totals anew")

    def handle(self, *args: Any, district: str | None, repair: bool, **options: Any) -> None:
        district_id = None
        if district is not None:
            district_id = (
                District.objects.filter(area_id=district).values_list("pk", flat=True).first()
            )
            if district_id is None:
                raise CommandError(_("There is no district {code} here.").format(code=district))
        with connection.cursor() as cursor:
            # The whole history is added up again: longer than any page may take.
            cursor.execute("SET statement_timeout = 0")
        try:
            count = self.compare(district_id)
            if count and repair:
                rebuild_rollups(district_id)
                self.stdout.write(_("Totals written anew."))
                count = self.compare(district_id)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
        if count:
            raise CommandError(
                _("{count} totals differ from the facts. Repair them with --repair.").format(
                    count=count
                ),
                returncode=1,
            )
        self.stdout.write(_("All totals equal the facts."))

    def compare(self, district_id: int | None) -> int:
        differences = rollup_differences(district_id)
        shown = list(itertools.islice(differences, _SHOWN))
        for difference in shown:
            self.stderr.write(str(difference))
        return len(shown) + sum(1 for _difference in differences)

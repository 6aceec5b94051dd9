from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from facilities.actions.districts import UnknownDistrictError, create_district
from facilities.models import Area


class Command(BaseCommand):
    help = "Create a district with all its subdistricts and villages; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of a regency or city, such as 19.06")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        try:
            district, is_new = create_district(code=code)
        except UnknownDistrictError as error:
            message = _("No regency or city has the code “{code}”. Write it like 19.06.")
            raise CommandError(message.format(code=code)) from error
        villages = Area.objects.filter(kind="village", code__startswith=f"{code}.").count()
        line = (
            _("{district}: created with {villages} villages ({zone}).")
            if is_new
            else _("{district}: was there already, with {villages} villages ({zone}).")
        )
        self.stdout.write(
            line.format(district=district, villages=villages, zone=district.zone_name)
        )

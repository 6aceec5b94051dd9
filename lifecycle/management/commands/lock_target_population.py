from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from facilities.models import District, User
from lifecycle.actions.lock import lock_target_population


class Command(BaseCommand):
    help = "Fix a district's target population of a year: it cannot be changed afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of a district, such as 19.06")
        parser.add_argument("year", type=int)
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who fixes it")

    def handle(self, *args: Any, code: str, year: int, by: str, **options: Any) -> None:
        district = District.objects.filter(area_id=code).select_related("area").first()
        if district is None:
            raise CommandError(_("There is no district {code} here.").format(code=code))
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user “{name}”.").format(name=by))
        count = lock_target_population(district=district, year=year, by=user)
        self.stdout.write(
            _("{district} {year}: {count} figures locked.").format(
                district=district, year=year, count=count
            )
        )

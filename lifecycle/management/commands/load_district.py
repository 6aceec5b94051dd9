from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.actions.districts import UnknownDistrictError, create_district
from facilities.actions.network import load_area_figures, load_network, load_service_areas
from lifecycle.actions.target_population import load_target_population


def epidemiological_year(day: dt.date) -> int:
    """The year most days of the Sunday-to-Saturday week belong to: that of its Wednesday."""
    sunday = day - dt.timedelta(days=(day.weekday() + 1) % 7)
    return (sunday + dt.timedelta(days=3)).year


class Command(BaseCommand):
    help = "Create a district and load the data that come with the project; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of a regency or city, such as 19.06")
        for part in ("facilities", "service-areas", "population", "target-population"):
            parser.add_argument(f"--no-{part}", action="store_true", help=f"without {part}")
        parser.add_argument(
            "--years",
            type=int,
            nargs="+",
            help="years of the target population (this year and the one before)",
        )

    @transaction.atomic
    def handle(self, *args: Any, code: str, years: list[int] | None, **options: Any) -> None:
        try:
            district, _is_new = create_district(code=code)
        except UnknownDistrictError as error:
            message = _("No regency or city has the code “{code}”. Write it like 19.06.")
            raise CommandError(message.format(code=code)) from error
        self.is_quiet = options["verbosity"] == 0
        if not self.is_quiet:
            self.stdout.write(str(district))
        if not options["no_population"]:
            self.report(_("areas with population"), load_area_figures(district))
        if not options["no_facilities"]:
            for kind, count in load_network(district).items():
                self.report(kind.capitalize(), count)
        if not options["no_service_areas"]:
            self.report(_("service areas"), load_service_areas(district))
        if not options["no_target_population"]:
            today = timezone.localdate(timezone=district.zone)
            years = years or [epidemiological_year(today) - 1, epidemiological_year(today)]
            count = load_target_population(district, years=years, on=today)
            self.report(_("target population figures"), count)

    def report(self, what: str, count: int) -> None:
        if not self.is_quiet:
            self.stdout.write(_("  {count} new: {what}").format(count=count, what=what))

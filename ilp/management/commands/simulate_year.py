"""manage.py simulate_year: a year exactly on schedule must give no alarm."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clusters.models import Indicator
from ilp.simulation.alarms import watch
from ilp.simulation.site import simulated


class Command(BaseCommand):
    help = "Simulate a year in which everything is reported exactly on schedule; keeps nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--year", type=int, default=timezone.localdate().year - 1, help="default: last year"
        )

    def handle(self, *_args: Any, year: int, **_options: Any) -> None:
        if not Indicator.objects.exists():
            raise CommandError("no catalogue yet: run manage.py load_catalogues")
        with simulated(year) as site:
            outcomes = watch(site, year, self._progress)
        for outcome in outcomes:
            self.stdout.write(str(outcome))
            for alarm in outcome.alarms[:3]:
                self.stdout.write(f"    {alarm}")
        alarms = sum(len(outcome.alarms) for outcome in outcomes)
        self.stdout.write(f"false alarms: {alarms}")
        if alarms:
            raise CommandError(f"{alarms} false alarms in {year}")

    def _progress(self, week: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"{week}\r", ending="")

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from clusters.catalogue import (
    DATA,
    load_clusters,
    load_indicators,
    load_plausibility,
    load_suggested_actions,
)
from facilities.tabular.shipped import Tally
from lifecycle.catalogue import GROUPS, load_groups


class Command(BaseCommand):
    help = "Load life-cycle groups, clusters, indicators, rules and suggestions; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--groups", type=Path, default=GROUPS, help="CSV file")
        parser.add_argument("--clusters", type=Path, default=DATA / "clusters.csv", help="CSV file")
        parser.add_argument(
            "--indicators", type=Path, default=DATA / "indicators.csv", help="CSV file"
        )
        parser.add_argument(
            "--plausibility", type=Path, default=DATA / "plausibility.csv", help="CSV file"
        )
        parser.add_argument(
            "--suggested", type=Path, default=DATA / "suggested_actions.csv", help="CSV file"
        )
        parser.add_argument(
            "--valid-from",
            type=dt.date.fromisoformat,
            help="changed definitions become a new version from this date (YYYY-MM-DD)",
        )

    @transaction.atomic
    def handle(
        self,
        *args: Any,
        groups: Path,
        clusters: Path,
        indicators: Path,
        plausibility: Path,
        suggested: Path,
        valid_from: dt.date | None,
        **options: Any,
    ) -> None:
        self.is_quiet = options["verbosity"] == 0
        self.report(_("Life-cycle groups"), load_groups(groups, valid_from=valid_from))
        self.report(_("Clusters and services"), load_clusters(clusters))
        self.report(_("Indicators"), load_indicators(indicators, valid_from=valid_from))
        self.report(_("Plausibility rules"), load_plausibility(plausibility))
        self.report(_("Suggested actions"), load_suggested_actions(suggested))

    def report(self, what: str, tally: Tally) -> None:
        if self.is_quiet:
            return
        line = _("{what}: {created} created, {changed} changed, {unchanged} unchanged")
        self.stdout.write(line.format(what=what, **vars(tally)))

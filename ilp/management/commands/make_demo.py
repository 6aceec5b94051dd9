from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.errors import ActionRefused
from facilities.models import District
from ilp.demo.generate import make_demo
from ilp.keeping.roles import as_owner


class Command(BaseCommand):
    help = "Fill a district with made-up accounts, history and problems, marked as demo data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of a loaded district, such as 19.06")
        parser.add_argument("--weeks", type=int, default=60, help="weeks of history (60)")
        parser.add_argument("--seed", type=int, default=1906, help="same seed, same figures")
        parser.add_argument(
            "--processes", type=int, default=min(os.cpu_count() or 1, 4), help="of signing (cores)"
        )
        parser.add_argument(
            "--accounts-file", type=Path, default=settings.DATA_DIR / "demo-accounts.csv"
        )

    def handle(
        self,
        *args: Any,
        code: str,
        weeks: int,
        seed: int,
        processes: int,
        accounts_file: Path,
        **options: Any,
    ) -> None:
        district = District.objects.filter(area_id=code).select_related("area").first()
        if district is None:
            message = _("District {code} is not loaded. First run: manage.py load_district {code}")
            raise CommandError(message.format(code=code))
        if weeks < 3:
            raise CommandError(_("A history needs at least 3 weeks."))
        # Rows come by COPY, which row-level security refuses to the application.
        with as_owner():
            self._make(district, weeks, seed, processes, accounts_file, options["verbosity"])

    def _make(
        self,
        district: District,
        weeks: int,
        seed: int,
        processes: int,
        accounts_file: Path,
        verbosity: int,
    ) -> None:
        with connection.cursor() as cursor:
            # One batch adds up a district's year: longer than any page may take.
            cursor.execute("SET statement_timeout = 0")
        try:
            made = make_demo(
                district=district,
                weeks=weeks,
                seed=seed,
                now=timezone.now(),
                accounts_file=accounts_file,
                say=self.stdout.write,
                show_progress=verbosity > 0,
                processes=max(1, processes),
            )
        except ActionRefused as error:
            raise CommandError(str(error)) from error
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
        line = _("{counts} counts, {reviews} reviews, {problems} problems, {accounts} accounts")
        self.stdout.write(line.format(**vars(made)))
        self.stdout.write(str(accounts_file))

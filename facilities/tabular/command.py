"""What the three import commands share: file, dry run, all errors, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from tqdm import tqdm

from facilities.errors import ActionRefused
from facilities.models import User
from facilities.tabular.errors import FileRefused
from facilities.tabular.reading import Column, Table, read_table
from facilities.tabular.shipped import Tally

_MOST_READINGS = 50


class ImportCommand(BaseCommand):
    """``load_… FILE [--sheet NAME] [--by USERNAME] [--dry-run]``."""

    sheet: ClassVar[str]
    columns: ClassVar[Sequence[Column]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV (UTF-8) or XLSX file")
        parser.add_argument("--sheet", default=self.sheet, help=f"XLSX sheet ({self.sheet})")
        parser.add_argument("--by", metavar="USERNAME", help="whose import this is")
        parser.add_argument("--dry-run", action="store_true", help="check only, save nothing")

    def handle(
        self,
        *args: Any,
        file: Path,
        sheet: str,
        by: str | None,
        dry_run: bool,
        **options: Any,
    ) -> None:
        user = None
        if by is not None:
            user = User.objects.filter(username=by, is_active=True).first()
            if user is None:
                raise CommandError(_("There is no active user “{name}”.").format(name=by))
        try:
            with transaction.atomic():
                table = read_table(file, self.columns, sheet=sheet)
                table.wrap = partial(
                    tqdm, desc=file.name, disable=None if options["verbosity"] else True
                )
                tally = self.load(table, user)
                self._say_readings(table)
                if dry_run:
                    transaction.set_rollback(True)
        except FileRefused as error:
            for one in error.errors:
                self.stderr.write(str(one))
            line = _("{count} errors. Nothing was saved.")
            raise CommandError(line.format(count=len(error.errors))) from error
        except ActionRefused as error:
            raise CommandError(str(error)) from error
        line = _("{created} created, {changed} changed, {unchanged} unchanged")
        self.stdout.write(line.format(**vars(tally)))
        if dry_run:
            self.stdout.write(_("Checked only: nothing was saved."))

    def _say_readings(self, table: Table) -> None:
        for one in table.readings[:_MOST_READINGS]:
            self.stdout.write(str(one))
        more = len(table.readings) - _MOST_READINGS
        if more > 0:
            self.stdout.write(_("… and {count} more.").format(count=more))

    def load(self, table: Table, by: User | None) -> Tally:
        """Check every row, raise FileRefused with all errors, or save; inside a transaction."""
        raise NotImplementedError

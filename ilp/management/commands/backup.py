"""``manage.py backup``: a backup now, written and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from ilp.keeping.backup import PASSPHRASE, BackupError
from ilp.keeping.routine import back_up


class Command(BaseCommand):
    help = "Back up database, PDFs, uploads and keys into one file, and read it back."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="folder; without it PANTAU_BACKUP_DIR")

    def handle(self, *args: Any, to: Path | None, **options: Any) -> None:
        try:
            made = back_up(to and to.resolve())
        except BackupError as error:
            raise CommandError(_("No backup was made: {reason}").format(reason=error)) from error
        line = _("{path}: {size} MiB, {tables} tables, {files} files, read back, {seconds:.1f} s")
        self.stdout.write(
            line.format(
                path=made.path,
                size=round(made.size / 2**20, 1),
                tables=len(made.manifest.tables),
                files=sum(name.startswith("files/") for name in made.manifest.entries),
                seconds=made.seconds,
            )
        )
        if not made.is_encrypted:
            self.stderr.write(_("Not encrypted: set {name} to encrypt.").format(name=PASSPHRASE))

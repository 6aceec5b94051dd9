"""Brings database and files to the state the running version needs; quick when nothing changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.core.management.base import CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from clusters.catalogue import load_plausibility
from clusters.models import Indicator, PlausibilityRule
from facilities.models import District
from ilp import env
from ilp.keeping.backup import BackupError, Made, folder, make_backup
from ilp.keeping.roles import as_owner, ensure_roles_of_environment
from ilp.keeping.routine import record
from ilp.keeping.walls import raise_walls
from ilp.models import SetupStep
from ilp.upgrade import check_can_upgrade

_LOCK = 0x494C50  # "ILP": one preparation at a time, however many start
_NO_DEMO = "no demo"


class Command(BaseCommand):
    requires_system_checks = []  # scripts/check runs them; a start must be quick
    help = "Migrate, collect static files and, on an empty database, load catalogues and district."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", default="19.06", help="Kemendagri code of the regency")
        parser.add_argument("--no-demo", action="store_true", help="No demo history or accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_roles_of_environment()
        with as_owner():
            self._prepare(options)

    def _prepare(self, options: dict[str, Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            self._migrate()
            raise_walls(connection)
            self._collect_static()
            self._load(options["district"], demo=not options["no_demo"])
            self._add_rules()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _migrate(self) -> None:
        check_can_upgrade(connection)
        executor = MigrationExecutor(connection)
        is_new = not executor.loader.applied_migrations
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        made = self._back_up() if is_behind and not is_new else None
        # Steps that one migration replaced count as that migration, also for later versions.
        executor.check_replacements()
        if is_behind:
            self._say(_("Bringing the database up to date"))
            with connection.cursor() as cursor:
                # A change to a large table may take longer than any page may.
                cursor.execute("SET statement_timeout = 0")
            call_command("migrate", interactive=False, verbosity=0)
            if made is not None:
                record(made)

    def _back_up(self) -> Made | None:
        """Before anything is changed; CommandError, and nothing is changed, when it fails."""
        if env.flag("PANTAU_NO_BACKUP"):
            return None
        self._say(_("Backing up before the update: {path}").format(path=folder()))
        try:
            return make_backup(folder(), url=env.owner_url(), data=settings.DATA_DIR)
        except BackupError as error:
            message = _(
                "The database is of an older version, and no backup could be made: {reason}\n"
                "Nothing was changed. Free some space or name another folder in "
                "PANTAU_BACKUP_DIR, then start again; with a backup of your own, start once with "
                "PANTAU_NO_BACKUP=1."
            )
            raise CommandError(message.format(reason=error)) from error

    def _collect_static(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / ".stamp"
        wanted = _static_fingerprint()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        self._say(_("Collecting styles, fonts and scripts"))
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(wanted)

    def _load(self, district: str, *, demo: bool) -> None:
        done = set(SetupStep.objects.values_list("name", flat=True))
        if not done and District.objects.exists():
            return  # filled by other means: leave it alone
        if not done:
            SetupStep.objects.create(name=f"district {district}")
        elif f"district {district}" not in done:
            self._say(
                _(
                    "This database was set up for another district; "
                    "to add {code} run: manage.py load_district {code}"
                ).format(code=district)
            )
            return
        self._step(done, _("Loading catalogues"), "load_catalogues")
        line = _("Loading district {code}").format(code=district)
        self._step(done, line, "load_district", district)
        if demo and _NO_DEMO not in done:
            line = _("Making demo data for {code}").format(code=district)
            self._step(done, line, "make_demo", district)
            accounts = settings.DATA_DIR / "demo-accounts.csv"
            if "make_demo" not in done and accounts.exists():
                self._say(_("Demo accounts: {path}").format(path=accounts))
        elif _NO_DEMO not in done:
            # A later start without --no-demo must not mix demo figures into real ones.
            SetupStep.objects.create(name=_NO_DEMO)
            self._first_day()

    def _add_rules(self) -> None:
        """A database from before there were rules of plausibility gets them once."""
        if Indicator.objects.exists() and not PlausibilityRule.objects.exists():
            load_plausibility()

    def _step(self, done: set[str], line: str, command: str, *arguments: str) -> None:
        if command in done:
            return
        if command not in get_commands():
            self._say(_("{line}: not part of this version").format(line=line))
            return
        self._say(line)
        call_command(command, *arguments, stdout=self.stdout, stderr=self.stderr)
        SetupStep.objects.create(name=command)

    def _first_day(self) -> None:
        data = f"PANTAU_DATA={settings.DATA_DIR} " if "PANTAU_DATA" in os.environ else ""
        self._say(
            "\n".join(
                [
                    _("First day:"),
                    _("1. Make the administrator: {command}").format(
                        command=f"{data}.venv/bin/python manage.py createsuperuser"
                    ),
                    _("2. Sign in and enter the people with their posts under Admin."),
                    _("3. Check facilities, target population and targets of the year."),
                    _("4. Enter logo and letterhead of Dinkes and every Puskesmas: Letterhead."),
                ]
            )
        )


def _static_fingerprint() -> str:
    """Changes with our static files and with the installed packages."""
    digest = hashlib.sha256((env.BASE_DIR / "requirements" / "base.txt").read_bytes())
    for source in settings.STATICFILES_DIRS:
        for path in sorted(Path(source).rglob("*")):
            if path.is_file():
                digest.update(f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size}".encode())
    return digest.hexdigest()

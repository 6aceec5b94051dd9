"""Which databases this version can bring up to date; see docs/adr/0009-one-migration-per-app.md."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

# The last version that still had the single steps which one migration per app replaced since.
LAST_WITH_STEPS = "1.0.0"


def check_can_upgrade(connection: BaseDatabaseWrapper) -> None:
    """CommandError when the database stands between two steps that are no longer there.

    Django would then take neither the steps nor their replacement, and go on without the app.
    """
    if stopped_at := stopped_between(connection):
        message = _(
            "This database belongs to an older version (last step: {step}). Nothing was changed. "
            "First install version {version} and start it once, then this one."
        )
        raise CommandError(message.format(step=stopped_at, version=LAST_WITH_STEPS))


def stopped_between(connection: BaseDatabaseWrapper) -> str:
    """The last step of an app that lacks others, such as ``reports 0003_…``; empty for none."""
    loader = MigrationLoader(connection, load=False)
    loader.load_disk()
    applied = set(MigrationRecorder(connection).applied_migrations())
    for migration in loader.disk_migrations.values():
        steps = set(migration.replaces)
        done, missing = steps & applied, steps - applied - set(loader.disk_migrations)
        if done and missing:
            return " ".join(max(done))
    return ""

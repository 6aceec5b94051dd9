"""The daily backup: when it is due, its record, and how old the last good one may be."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from ilp import env
from ilp.keeping.backup import Made, folder, make_backup, rotate
from ilp.models import Backup

LIMIT = dt.timedelta(hours=26)
_EVERY = dt.timedelta(hours=23, minutes=30)
_LOCK = 0x494C5042  # "ILPB": one backup at a time


def back_up(to: Path | None = None) -> Made:
    """Make a backup now, record it, and clear away old ones from the site's own folder."""
    made = make_backup(to or folder(), url=env.backup_url(), data=settings.DATA_DIR)
    record(made)
    if to is None:
        days, weeks = (int(os.environ.get(f"PANTAU_BACKUP_{unit}", default)) for unit, default in (
            ("DAYS", "7"), ("WEEKS", "4")
        ))  # fmt: skip
        rotate(folder(), days=days, weeks=weeks)
    return made


def record(made: Made) -> None:
    Backup.objects.create(
        path=str(made.path), size=made.size, sha256=made.sha256, is_encrypted=made.is_encrypted
    )


def back_up_when_due() -> Made | None:
    """The daily one; None when it is not due or another process makes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
    try:
        newest = Backup.objects.first()
        if newest is not None and timezone.now() - newest.finished_at < _EVERY:
            return None
        return back_up()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def age_of_newest() -> dt.timedelta | None:
    """Since the last good one; None while there is none."""
    newest = Backup.objects.first()
    return None if newest is None else timezone.now() - newest.finished_at


def is_recent() -> bool:
    """Whether the last good one is young enough; a site that has just begun needs none yet."""
    age = age_of_newest()
    if age is None:
        begun = MigrationRecorder.Migration.objects.filter(
            app="ilp", name="0003_history_digests_and_backups"
        ).values_list("applied", flat=True)
        age = timezone.now() - begun[0] if begun else dt.timedelta(0)
    return age < LIMIT

"""Signs of life of the running parts, and the seals over the history of each day."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ilp.launch.life import tell


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str) -> None:
        """Write the database's present time for ``name``; this process's launcher hears it too."""
        tell("beat")
        self.bulk_create(
            [Heartbeat(name=name, at=Now())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )

    def ages(self) -> dict[str, float]:
        """Seconds since each part was last heard of, by the clock of the database."""
        rows = self.annotate(now=Now()).values_list("name", "now", "at")
        return {name: _seconds(now, at) for name, now, at in rows}


def _seconds(now: datetime, at: datetime) -> float:
    return (now - at).total_seconds()


class Heartbeat(models.Model):
    """When a running part (``worker``, ``reconcile``) last finished a round."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class SetupStep(models.Model):
    """A first-start step that was finished: an interrupted first start goes on where it stopped."""

    name = models.CharField(max_length=60, primary_key=True)
    done_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class ApiUse(models.Model):
    """How many requests of the API an account has made in a minute: its last one only. Not kept
    through a crash of the database (unlogged): then everybody begins anew."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    minute = models.BigIntegerField()  # since 1970
    requests = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.requests}"


class HistoryDigest(models.Model):
    """The seal over one day of history (UTC). It holds the one of the day before, so that no day
    can be changed without all later ones. The first seals everything up to its day."""

    day = models.DateField(primary_key=True)
    # Table → columns, number of rows, SHA-256 over them.
    tables = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.sha256[:12]}"


class Backup(models.Model):
    """A backup that was made and read back."""

    finished_at = models.DateTimeField(db_default=Now(), db_index=True)
    path = models.CharField(max_length=1000)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    is_encrypted = models.BooleanField()

    class Meta:
        ordering = ["-finished_at"]

    def __str__(self) -> str:
        return self.path

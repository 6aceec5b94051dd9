"""Signs of life of the running parts, kept where the web process can see them."""

from __future__ import annotations

from datetime import datetime

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

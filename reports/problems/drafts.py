"""Files kept between a form that was refused and the same form sent again."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from facilities.models import User
from reports.models import UploadDraft
from reports.models.draft import end_of_lease
from reports.problems.attachments import CheckedFile

MOST_KEPT = 40  # of one person; beyond it the oldest go, and their form asks for them again


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose form it is, and which: nobody else, and no other form, gets at its files."""

    by: User
    scope: str

    def live(self) -> list[UploadDraft]:
        """What was kept and not sent yet, without the bytes."""
        rows = self._rows().filter(used_at=None, expires_at__gt=timezone.now())
        return list(rows.defer("content"))

    def find(self, ids: Iterable[str]) -> dict[str, CheckedFile]:
        """The files by their id, as far as they are still kept; a sent form may ask again."""
        wanted = [public_id for public_id in map(_as_uuid, ids) if public_id is not None]
        rows = self._rows().filter(public_id__in=wanted, expires_at__gt=timezone.now())
        return {
            str(row.public_id): CheckedFile(row.file_name, row.media_type, bytes(row.content))
            for row in rows
        }

    @transaction.atomic
    def keep(self, files: Sequence[CheckedFile]) -> list[UploadDraft]:
        """Keep these for the lease, in their order; a file that is here already stays once."""
        drop_expired()
        rows = [
            UploadDraft.objects.update_or_create(
                by=self.by,
                scope=self.scope,
                sha256=hashlib.sha256(file.content).hexdigest(),
                defaults={
                    "file_name": file.name,
                    "media_type": file.media_type,
                    "size": len(file.content),
                    "content": file.content,
                    "expires_at": end_of_lease(),
                    "used_at": None,
                },
            )[0]
            for file in files
        ]
        newest = UploadDraft.objects.filter(by=self.by).order_by("-expires_at", "-pk")
        too_old = newest.values_list("pk", flat=True)[MOST_KEPT:]
        UploadDraft.objects.filter(pk__in=list(too_old)).delete()
        return list({row.pk: row for row in rows}.values())

    def drop(self, public_id: str) -> None:
        """The person took it away."""
        wanted = _as_uuid(public_id)
        if wanted is not None:
            self._rows().filter(public_id=wanted).delete()

    def mark_used(self) -> None:
        """The form was sent: its files are no longer offered to the next one."""
        self._rows().filter(used_at=None).update(used_at=timezone.now())

    def _rows(self) -> QuerySet[UploadDraft]:
        return UploadDraft.objects.filter(by=self.by, scope=self.scope)


def drop_expired() -> int:
    """Delete what nobody sent in time; how many files."""
    return UploadDraft.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

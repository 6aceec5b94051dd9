"""Sheets as canonical JSON: what is signed is stored, hashed and read back as the same types."""

from __future__ import annotations

import hashlib

from reports.models import Snapshot
from reports.shapes import DistrictSheet, ReviewSheet
from reports.shapes.schema import Schema
from reports.shapes.upgrades import district, review

REVIEW = Schema("review", ReviewSheet, review.STEPS)
DISTRICT = Schema("district", DistrictSheet, district.STEPS)


def encode(sheet: ReviewSheet | DistrictSheet) -> bytes:
    """The same sheet gives the same bytes."""
    if isinstance(sheet, DistrictSheet):
        return DISTRICT.encode(sheet)
    return REVIEW.encode(sheet)


def decode_review(content: bytes | str) -> ReviewSheet:
    """Raises SignedByNewerVersion."""
    return REVIEW.decode(content)


def decode_district(content: bytes | str) -> DistrictSheet:
    """Raises SignedByNewerVersion."""
    return DISTRICT.decode(content)


def store(sheet: ReviewSheet | DistrictSheet, kind: str) -> Snapshot:
    """Keep a sheet under the SHA-256 of its bytes; storing it twice keeps one."""
    content = encode(sheet)
    digest = hashlib.sha256(content).hexdigest()
    snapshot, _created = Snapshot.objects.get_or_create(
        sha256=digest, defaults={"kind": kind, "content": content.decode()}
    )
    return snapshot

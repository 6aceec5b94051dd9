"""Sheets as canonical JSON: what is signed is stored, hashed and read back as the same types."""

from __future__ import annotations

import hashlib

import msgspec

from reports.models import Snapshot
from reports.queries.shapes import DistrictSheet, ReviewSheet

_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="string")
_review = msgspec.json.Decoder(ReviewSheet)
_district = msgspec.json.Decoder(DistrictSheet)


def encode(sheet: ReviewSheet | DistrictSheet) -> bytes:
    """The same sheet gives the same bytes."""
    return _encoder.encode(sheet)


def decode_review(content: bytes | str) -> ReviewSheet:
    return _review.decode(content)


def decode_district(content: bytes | str) -> DistrictSheet:
    return _district.decode(content)


def store(sheet: ReviewSheet | DistrictSheet, kind: str) -> Snapshot:
    """Keep a sheet under the SHA-256 of its bytes; storing it twice keeps one."""
    content = encode(sheet)
    digest = hashlib.sha256(content).hexdigest()
    snapshot, _created = Snapshot.objects.get_or_create(
        sha256=digest, defaults={"kind": kind, "content": content.decode()}
    )
    return snapshot

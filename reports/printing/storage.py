"""PDF files on disk, named by the SHA-256 of their bytes: ``REPORTS_DIR/<sha[:2]>/<sha>.pdf``.

A file appears whole or not at all (temporary file, fsync, rename), and the same bytes written
twice are one file; so a build may be broken off anywhere and repeated any number of times.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from pathlib import Path

from django.conf import settings

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ABANDONED_SECONDS = 3600


class FileLostError(Exception):
    """The stored file is missing, or its bytes are no longer what was recorded."""


def file_path(sha256: str) -> Path:
    """Where a file lies; ValueError for anything but a SHA-256 in hex."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return Path(settings.REPORTS_DIR) / sha256[:2] / f"{sha256}.pdf"


def store_file(content: bytes) -> str:
    """Keep the bytes durably; the SHA-256 that names them."""
    sha256 = hashlib.sha256(content).hexdigest()
    write_whole(file_path(sha256), content)
    return sha256


def write_whole(target: Path, content: bytes) -> None:
    """Put a file below ``REPORTS_DIR`` in place: whole and durable, or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=_drafts_dir(), prefix=f"{target.name[:12]}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def read_file(sha256: str) -> bytes:
    """The bytes, checked against their name; FileLostError when they are not there or differ."""
    try:
        content = file_path(sha256).read_bytes()
    except OSError as error:
        raise FileLostError(str(error)) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileLostError(f"{sha256}: other bytes on disk")
    return content


def has_file(sha256: str, size: int | None) -> bool:
    """Whether the file is there with its size; cheap, reads no content."""
    try:
        return file_path(sha256).stat().st_size == size
    except (OSError, ValueError):
        return False


def is_whole(sha256: str) -> bool:
    """Whether the file is there with the bytes that were recorded; reads it, in small pieces."""
    try:
        with file_path(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except (OSError, ValueError):
        return False


def remove_abandoned_drafts() -> int:
    """Delete temporary files that a killed worker left an hour ago or longer."""
    removed = 0
    for file in _drafts_dir().iterdir():
        try:
            age = time.time() - file.stat().st_mtime
        except FileNotFoundError:  # finished and renamed by its worker just now
            continue
        if age > _ABANDONED_SECONDS:
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def _drafts_dir() -> Path:
    """On the same file system as the targets: only then is the rename atomic."""
    folder = Path(settings.REPORTS_DIR) / "drafts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

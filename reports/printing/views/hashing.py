"""The checksum of an uploaded file, computed while it arrives. Nothing of it is kept."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class Sha256Handler(FileUploadHandler):
    """Gives an empty file that knows its checksum, size and first bytes."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self.largest = largest
        self.is_too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.digest, self.size, self.head = hashlib.sha256(), 0, b""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > self.largest:
            self.is_too_large = True
            raise StopUpload
        self.digest.update(raw_data)
        self.head = (self.head + raw_data[:8])[:8]

    def file_complete(self, file_size: int) -> HashedFile:
        return HashedFile(self.digest.hexdigest(), file_size, self.head)


class HashedFile(InMemoryUploadedFile):
    """What is left of an uploaded file: its SHA-256 (hex), its size and how it begins."""

    def __init__(self, sha256: str, size: int, head: bytes) -> None:
        super().__init__(BytesIO(), None, "file", "application/octet-stream", size, None)
        self.sha256, self.head = sha256, head

    @property
    def is_pdf(self) -> bool:
        return self.head.startswith(b"%PDF-")

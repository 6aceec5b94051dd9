"""Static files under hashed names, compressed once when they are collected."""

from __future__ import annotations

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Best quality for what every page loads. The API documentation's bundles are megabytes
# that few people open: at best quality they alone would take half of a first start.
_SMALL = 200_000  # bytes
_QUICK_QUALITY = 5


class QuickCompressor(Compressor):
    """Brotli at full quality for small files only."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        if len(data) <= _SMALL:
            return bytes(brotli.compress(data))
        return bytes(brotli.compress(data, quality=_QUICK_QUALITY))


class Storage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with the quick compressor."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return QuickCompressor(**kwargs)

"""The file a backup is carried in: written and read as a stream, and any flipped bit is noticed.

Without a passphrase it is a plain tar file with one more line at its end, the SHA-256 of all
before. With one it is a chain of AES-256-GCM blocks (the STREAM construction: number and end
mark in the nonce), its key made by scrypt.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_MAGIC = b"PANTAU SEALED 1\n"
_SALT = 16
_BLOCK, _TAG = 2**20, 16
_TRAILER = b"PANTAU SHA256 %s\n"
_TRAILER_LENGTH = len(_TRAILER % (b"0" * 64))


class DamagedError(Exception):
    """The file is not what was written, or the passphrase is another one."""


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    key = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return AESGCM(key)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Writer:
    """A file to be written from front to back; whole and on the disk after ``close``."""

    def __init__(self, path: Path, passphrase: str = "") -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file: BinaryIO = os.fdopen(descriptor, "wb")
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._number = 0
        self._cipher: AESGCM | None = None
        if passphrase:
            salt = os.urandom(_SALT)
            self._cipher = _cipher(passphrase, salt)
            self._put(_MAGIC + salt)

    @property
    def sha256(self) -> str:
        """Over all that was written so far."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        if self._cipher is None:
            self._put(data)
        else:
            self._buffer += data
            # The last block is marked: one is held back until it is known not to be the last.
            while len(self._buffer) > _BLOCK:
                self._seal(self._cipher, bytes(self._buffer[:_BLOCK]), is_last=False)
                del self._buffer[:_BLOCK]
        return len(data)

    def _seal(self, cipher: AESGCM, data: bytes, *, is_last: bool) -> None:
        self._put(cipher.encrypt(_nonce(self._number, is_last=is_last), data, None))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)

    def close(self) -> None:
        if self._cipher is None:
            self._put(_TRAILER % self.sha256.encode())
        else:
            self._seal(self._cipher, bytes(self._buffer), is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()


class Reader:
    """What a Writer wrote, from front to back; DamagedError as soon as something is wrong, at
    the latest from ``finish``."""

    def __init__(self, path: Path, passphrase: str = "") -> None:
        self._file = path.open("rb")
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._number = 0
        self._is_over = False
        self._cipher: AESGCM | None = None
        if self._file.read(len(_MAGIC)) == _MAGIC:
            if not passphrase:
                self._file.close()
                raise DamagedError("no passphrase")
            self._cipher = _cipher(passphrase, self._file.read(_SALT))
        else:
            self._file.seek(0)
        # One block ahead, to know which one is the last.
        self._next = self._file.read(self._step)

    @property
    def is_encrypted(self) -> bool:
        return self._cipher is not None

    @property
    def _step(self) -> int:
        return _BLOCK + _TAG if self._cipher is not None else _BLOCK

    def read(self, size: int) -> bytes:
        while len(self._buffer) < size and not self._is_over:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _fill(self) -> None:
        data, self._next = self._next, self._file.read(self._step)
        self._is_over = not self._next
        if self._cipher is not None:
            self._buffer += self._opened(self._cipher, data)
            return
        if not self._is_over and len(self._next) < _TRAILER_LENGTH:
            data, self._next, self._is_over = data + self._next, b"", True
        if self._is_over:
            data, trailer = data[:-_TRAILER_LENGTH], data[-_TRAILER_LENGTH:]
            self._hash.update(data)
            if trailer != _TRAILER % self._hash.hexdigest().encode():
                raise DamagedError("SHA-256")
        else:
            self._hash.update(data)
        self._buffer += data

    def _opened(self, cipher: AESGCM, data: bytes) -> bytes:
        nonce = _nonce(self._number, is_last=self._is_over)
        self._number += 1
        try:
            return cipher.decrypt(nonce, data, None)
        except InvalidTag as error:
            raise DamagedError("passphrase, or bytes") from error

    def finish(self) -> None:
        """Read what is left: only then the whole file was seen."""
        while not self._is_over:
            self._fill()
        self._buffer.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

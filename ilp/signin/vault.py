"""Secrets of second factors, encrypted at rest with a key derived from SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """None where the key is another one now: the factor is of no use, and must be reset."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def fingerprint(text: str) -> str:
    """Of a recovery code: random enough that a fast keyed hash keeps it."""
    return salted_hmac("ilp.signin.recovery", text, algorithm="sha256").hexdigest()


def _box() -> MultiFernet:
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> Fernet:
    raw = secret if isinstance(secret, bytes) else secret.encode()
    derived = HKDF(SHA256(), length=32, salt=None, info=b"ilp.signin.vault").derive(raw)
    return Fernet(base64.urlsafe_b64encode(derived))

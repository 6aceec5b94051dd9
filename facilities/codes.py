"""Codes of facilities are compared without regard to case and to blanks around them."""

from __future__ import annotations


def code_key(code: str) -> str:
    """What is compared; the stored spelling is never changed."""
    return code.strip().upper()


def same_code(one: str, other: str) -> bool:
    return code_key(one) == code_key(other)

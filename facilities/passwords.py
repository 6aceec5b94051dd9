"""Passwords that anybody in the district would try first."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from facilities.models import District

# Longest first, so that «puskesmas» does not leave a rest of «pus».
_WORDS = (
    "puskesmas", "kesehatan", "indonesia", "kabupaten", "password", "posyandu", "rahasia",
    "bismillah", "kecamatan", "sehat", "dinkes", "kepala", "kader", "pustu", "dinas", "admin",
    "pantau", "sandi", "kata", "desa", "kota", "ilp",
)  # fmt: skip
_FEWEST_LETTERS = 4


class LocalWordsValidator:
    """Refuses a password of which nothing but digits, signs and a few letters is left once the
    words of the work and the names of the districts are taken out: «Puskesmas-2026!»."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = re.sub(r"[^a-z]", "", password.casefold())
        for word in (*_district_words(), *_WORDS):
            rest = rest.replace(word, "")
        if len(rest) < _FEWEST_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_local_words")

    def get_help_text(self) -> str:
        return _("Do not make the password of words like puskesmas or the name of the district.")


def _district_words() -> list[str]:
    names = District.objects.values_list("area__name", flat=True)
    words = {word for name in names for word in re.findall(r"[a-z]{4,}", name.casefold())}
    return sorted(words, key=len, reverse=True)

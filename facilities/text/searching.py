"""Finding a word however its apostrophes, accents and blanks were typed."""

from __future__ import annotations

import unicodedata

from django.db.models import CharField, Q, TextField, Transform

_APOSTROPHES = "’‘ʼʻ`´′"
_GONE = "\u00ad\u200b\u200c\u200d\ufeff"


def fold(text: str) -> str:
    """What is looked for, in the spelling that ``folded`` gives to what is stored."""
    composed = unicodedata.normalize("NFC", text)
    plain = composed.translate(
        {ord(one): "'" for one in _APOSTROPHES} | dict.fromkeys(map(ord, _GONE))
    )
    return plain.replace("\u00a0", " ")


class Folded(Transform):
    """``name__folded__icontains=fold(text)``."""

    lookup_name = "folded"
    output_field = TextField()
    # PostgreSQL takes letters away that have none in their place.
    template = (
        "TRANSLATE(NORMALIZE(%(expressions)s, NFC),"
        f" U&'{''.join(f'\\{ord(one):04X}' for one in _APOSTROPHES)}\\00A0"
        f"{''.join(f'\\{ord(one):04X}' for one in _GONE)}',"
        f" '{chr(39) * 2 * len(_APOSTROPHES)} ')"
    )


CharField.register_lookup(Folded)
TextField.register_lookup(Folded)


def containing(text: str, *fields: str) -> Q:
    """Rows of which one of the fields contains the text."""
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__folded__icontains": fold(text)})
    return found

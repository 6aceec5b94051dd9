"""What tells who a patient is: a NIK or family card number (both 16 digits), a name said as a
patient's. Telephone numbers, document numbers, staff numbers (18 digits) and amounts are none.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from django.utils.translation import gettext as _

from facilities.text.errors import UnfitText

DIGITS = 16
# Between the groups of one number; a slash parts a document number, a comma or colon two numbers.
_GAP = r"[\s.\-\u2010-\u2015_\u00b7\u2022*]{1,3}"
_CHAIN = re.compile(rf"\d+(?:{_GAP}\d+)*")
_GROUP = re.compile(r"\d+")
_WHOLE = re.compile(r"(?<!\d)\d{16}(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:62|0)[\s.-]?8\d{1,3}[\s.-]?\d{3,4}[\s.-]?\d{3,5}(?!\d)")
# Ways to write such a number whatever its digits: region, date, serial.
_SURE = {(6, 6, 4), (6, 10), (12, 4), (2, 2, 2, 6, 4), (6, 2, 2, 2, 4), (2, 2, 2, 2, 2, 2, 4)}
_SINGLES = (1,) * DIGITS
_BY_THREE = {(3, 3, 3, 3, 4), (4, 3, 3, 3, 3), (3, 3, 3, 3, 3, 1)}
Span = tuple[int, int]


def _plain(value: str) -> tuple[str, list[int]]:
    """Digits of all scripts as 0–9, without marks and characters that take no room; and where in
    ``value`` each character stands."""
    letters, places = [], []
    for place, letter in enumerate(value):
        if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
            continue
        digit = None if letter.isascii() else unicodedata.digit(letter, None)
        letters.append(letter if digit is None else str(digit))
        places.append(place)
    return "".join(letters), places


def _has_birthday(number: str) -> bool:
    """Digits 7 to 10: a day (of women 40 more) and a month."""
    day, month = int(number[6:8]), int(number[8:10])
    return 1 <= month <= 12 and (1 <= day <= 31 or 41 <= day <= 71)


def _is_grouped(sizes: tuple[int, ...], number: str) -> bool:
    if sizes in _SURE:
        return True
    can_be = min(sizes) >= 4 or sizes in _BY_THREE or sizes == _SINGLES
    return can_be and (_has_birthday(number) or len(set(number)) == 1)


def _in_chain(groups: list[re.Match[str]]) -> Span | None:
    """The first run of whole groups that makes one number."""
    for first in range(len(groups)):
        totals = list(accumulate(len(one[0]) for one in groups[first : first + DIGITS]))
        if DIGITS in totals:
            run = groups[first : first + totals.index(DIGITS) + 1]
            sizes, number = tuple(len(one[0]) for one in run), "".join(one[0] for one in run)
            if _is_grouped(sizes, number):
                return run[0].start(), run[-1].end()
    return None


def _find(text: str) -> Span | None:
    if whole := _WHOLE.search(text):
        return whole.span()
    text = _MOBILE.sub(lambda found: "#" * len(found[0]), text)
    for chain in _CHAIN.finditer(text):
        if found := _in_chain(list(_GROUP.finditer(text, *chain.span()))):
            return found
    return None


def find_personal_number(value: str) -> Span | None:
    """Where in the text the first NIK or family card number stands, however it is written."""
    if sum(map(str.isdigit, value)) < DIGITS:
        return None
    text, places = _plain(value)
    found = _find(text)
    return None if found is None else (places[found[0]], places[found[1] - 1] + 1)


def without_personal_numbers(value: str) -> str:
    while found := find_personal_number(value):
        value = value[: found[0]] + value[found[1] :]
    return value


# A name follows: letters, the first a capital one. Initials are how nobody is named.
_NAME = r"(?-i:[A-Z][\w'’]+)"
_FOR = r"(?:a\.\s?n\.?|a/n|an\.)"
_OF_OFFICE = (
    r"(?!kepala|bupati|wakil|sekretaris|camat|lurah|gubernur|menteri|direktur|dinas|pemerintah"
    r"|plt|plh|ketua|pimpinan|kabid|kasi|puskesmas|pustu|posyandu|desa|kecamatan|kabupaten|bidang"
    r"|tim|klaster|rumah|rs|bidan|perawat|dokter|dr|drg|kader|petugas|staf|koordinator|pj|ibu\s+kepala"
    r"|bapak\s+kepala)"
)
_SICK = (
    r"(?:pasien|penderita|balita|bayi|ibu hamil|bumil|bufas|ibu nifas|lansia|anak|odgj|suspek"
    r"|korban|jenazah|almarhum(?:ah)?)"
)
_PATIENT = (
    re.compile(
        rf"\b{_SICK}(?:\s+\w+){{0,2}}\s+(?:bernama|atas\s+nama|{_FOR})\s*:?\s*{_NAME}",
        re.I,
    ),
    re.compile(rf"\bnama\s+(?:lengkap\s+)?{_SICK}\s*[:=]\s*\w", re.I),
    re.compile(rf"\b(?:atas\s+nama|{_FOR})\s*:?\s*{_OF_OFFICE}{_NAME}", re.I),
    # How patients are written in medical records: Tn. (Mr), Ny. (Mrs), An. (child), By. (baby).
    re.compile(rf"(?-i:\b(?:Tn|Ny|Nn|An|By)\.\s?(?:(?:Tn|Ny|Nn)\.\s?)?){_OF_OFFICE}{_NAME}", re.I),
)


def names_patient(value: str) -> bool:
    """Whether a text says a name as that of a patient."""
    return any(pattern.search(value) for pattern in _PATIENT)


def check_private(value: str, *, is_name: bool) -> None:
    """Raises UnfitText. ``is_name``: the field holds the name of an official or a place."""
    if find_personal_number(value):
        raise UnfitText(
            _("This looks like a NIK or family card number (16 digits). Write it without.")
        )
    if not is_name and names_patient(value):
        raise UnfitText(
            _("This looks like the name of a patient. Write it without: number of people, place.")
        )

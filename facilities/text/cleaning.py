"""Characters that are never meant: removed, made plain, or refused where nothing else helps.

Cleaning twice changes nothing more.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from facilities.text.errors import UnfitText

# NUL cannot be stored; a surrogate alone is half of a character.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# Line breaks of word processors, spreadsheets and old machines.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "["
    "\x01-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # control characters other than tab and breaks
    "\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff"  # soft hyphen, blanks of no width
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # what turns the direction of writing
    "\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e001f"  # no characters of any text
    "]"
)
# Letters that are not seen; only flags such as that of England are made of them.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0020-\U000e007f]")
# Joiners belong inside emoji and into scripts that need them, never into Latin words.
_JOINERS = re.compile("(?:(?<=[\\s!-\u024f])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\\s!-\u024f]|$)")
_RUN = re.compile("[ \n]+")
_REPLACED = "\ufffd"


def clean(value: str, *, has_lines: bool = False, is_name: bool = False) -> str:
    """Without characters that hide or turn text, blanks and line breaks plain, none around it.
    Where it has no lines, in one line with single blanks; a tab stays unless it is a name.
    Raises UnfitText."""
    if _UNSTORABLE.search(value):
        raise UnfitText(
            _("This holds a character that cannot be stored, or half of one. Type the text anew.")
        )
    if not (value.isascii() and value.isprintable()):
        value = _BLANKS.sub(" ", _BREAKS.sub("\n", value))
        value = _TAGS.sub(r"\1", _INVISIBLE.sub("", value))
        value = _JOINERS.sub("", value)
    if has_lines:
        value = value.strip(" \n")
    else:
        value = " ".join(value.split()) if is_name else _RUN.sub(" ", value).strip(" ")
    return value if value.strip() else ""


def shown(value: str, longest: int) -> str:
    """What somebody wrote, fit for a sentence about it: nothing in it breaks an answer or a log,
    nothing hides or turns the sentence."""
    visible = "".join(
        _REPLACED if unicodedata.category(one) in {"Cc", "Cs"} else one
        for one in _BREAKS.sub("\n", value[:longest]).replace("\n", " ").replace("\t", " ")
    )
    cut = _INVISIBLE.sub("", visible)
    return f"{cut}…" if len(value) > longest else cut


_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_ESCAPE_BEGINS = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def from_workbook(value: str) -> str:
    """Text of a cell as it was typed: a workbook writes what XML would lose as UTF-16 units,
    ``_x000D_``, and an underscore as ``_x005F_`` where those letters themselves are meant."""
    read = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)
    if read == value:
        return value
    # Two units may be the halves of one character.
    return read.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def for_workbook(value: str) -> str:
    """The same letters for a cell: ``from_workbook`` gives them back."""
    return _ESCAPE_BEGINS.sub("_x005F_", value)

"""Document numbers by a district's pattern: which patterns are safe, and what they give.

The same module numbers a report and shows the example beside the setting.
"""

from __future__ import annotations

import re
from string import Formatter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
FIELDS = ("sequence", "facility", "week", "roman_month", "year")
_NUMBERS = {"sequence", "week", "year"}
_SPEC = re.compile(r"0?[1-9]?d")
_MOST = 80  # characters of a finished number; a revision adds a few
MEANING = gettext_lazy(
    "May contain {sequence}, {facility}, {week}, {roman_month} and {year}; {facility}, {year} "
    "and {week} or {sequence} are needed, so that no number is given twice."
)


def fill(pattern: str, *, facility: str, week: int, month: int, year: int, revision: int) -> str:
    """«440/024/1012406/VI/2026»; a later revision adds «-R2». The sequence is the week, so a
    facility's numbers of a year are its weeks and none is given twice."""
    number = pattern.format(
        sequence=week, week=week, facility=facility, roman_month=ROMAN[month - 1], year=year
    )
    return number if revision == 1 else f"{number}-R{revision}"


def check_pattern(pattern: str) -> None:
    """ValidationError for a pattern that cannot number reports, or would number two alike."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        raise ValidationError(_("A brace { or } has no partner.")) from None
    found: list[str] = []
    for literal, name, spec, conversion in parts:
        if name is None:
            continue
        _check_field(name, spec or "", conversion)
        # Numbers that touch could read the same for two weeks: 1|12 and 11|2.
        if found and not literal:
            raise ValidationError(_("Put a sign such as / between two fields in braces."))
        found.append(name)
    missing = {"facility", "year"} - set(found)
    if missing or not {"week", "sequence"} & set(found):
        raise ValidationError(
            _("The pattern needs {facility}, {year} and {week} or {sequence}; otherwise two "
              "reports would carry the same number.")
        )  # fmt: skip
    if len(example(pattern)) > _MOST:
        raise ValidationError(
            _("The number would be longer than %(most)s signs.") % {"most": _MOST}
        )


def _check_field(name: str, spec: str, conversion: str | None) -> None:
    if name not in FIELDS:
        raise ValidationError(
            _("There is no field {%(name)s}. Known: %(known)s.")
            % {"name": name, "known": ", ".join(f"{{{field}}}" for field in FIELDS)}
        )
    if conversion or (spec and (name not in _NUMBERS or not _SPEC.fullmatch(spec))):
        raise ValidationError(
            _("In {%(name)s} only a width such as :03d may follow the name of a number.")
            % {"name": name}
        )


def example(pattern: str, facility: str = "1012406", *, revision: int = 1) -> str:
    """What week 24 of 2026 would be numbered."""
    return fill(pattern, facility=facility, week=24, month=6, year=2026, revision=revision)

"""Document numbers by the district's pattern."""

from __future__ import annotations

from clusters.weeks import Week
from facilities.models import District, Facility

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def document_number(district: District, facility: Facility, week: Week, revision: int) -> str:
    """«440/024/1012406/VI/2026»; a later revision adds «-R2». The sequence is the week, so a
    facility's numbers of a year are its weeks and none is given twice."""
    number = district.document_number_pattern.format(
        sequence=week.number,
        week=week.number,
        facility=facility.code,
        roman_month=ROMAN[week.end.month - 1],
        year=week.year,
    )
    return number if revision == 1 else f"{number}-R{revision}"

"""How well each indicator goes in the demo, and how many people its reports are about.

Invented, but of the size one would expect: a rate that hovers around its target, cases found
in proportion to the group.
"""

from __future__ import annotations

from dataclasses import dataclass

# Places in real trouble reach so much of what is due in these indicators; everybody else is on
# schedule, a little ahead where a little more than asked is usual.
TROUBLE = {"KIA03": 0.55, "IMM01": 0.6, "GIZ01": 0.7, "SPM08": 0.5, "KR01": 0.45}
TROUBLED_PUSKESMAS = 3
# Everybody is reached whose further care others count: no K4 without K1, no birth attended as the
# standard asks without a birth in a facility.
EVERYBODY = frozenset({"KIA01", "KIA02", "KIA04", "KIA06"})


@dataclass(frozen=True)
class Base:
    """What a report's own denominator counts: ``share`` of a group (or of Posyandu, Pustu...)
    per report."""

    of: str
    share: float = 1.0


# Groups in capitals; "posyandu", "pustu", "units" (Pustu and the Puskesmas itself), "one".
BASES: dict[str, Base] = {
    "KIA09": Base("BUMIL", 0.012),
    "IMM03": Base("USD", 0.32),
    "IMM25": Base("BAYI", 0.08),
    "IMM26": Base("BAYI", 0.08),
    "IMM27": Base("BAYI", 0.01),
    "KIA39": Base("BUMIL", 0.02),
    "GIL03": Base("posyandu"),
    "GIZ02": Base("BALITA", 0.74),
    "GIZ03": Base("BAYI6", 0.85),
    "GIZ04": Base("BALITA", 0.89),
    "GIZ05": Base("BALITA", 0.78),
    "GIZ06": Base("BALITA", 0.0004),
    "GIZ07": Base("BALITA", 0.03),
    "REM02": Base("REMATRI", 0.028),
    "PTM01": Base("HT", 0.30),
    "PTM02": Base("DM", 0.22),
    "PTM03": Base("WUS", 0.035),
    "LAN01": Base("LANSIA", 0.012),
    "TBC02": Base("TBKASUS", 0.2),
    "TBC03": Base("TBKASUS", 0.016),
    "TBC04": Base("TBKASUS", 0.12),
    "SUR01": Base("units"),
    "SUR02": Base("units"),
    "SUR03": Base("SEMUA", 0.00004),
    "SUR04": Base("SEMUA", 0.0000015),
    "KES01": Base("KK", 0.08),
    "KES04": Base("KK", 0.06),
    "POS01": Base("posyandu"),
    "POS02": Base("posyandu"),
    "POS03": Base("posyandu"),
    "POS04": Base("SEMUA", 0.15),
    "KAD01": Base("posyandu", 5),
    "KAD02": Base("posyandu", 5),
    "KAD03": Base("posyandu"),
    "KR02": Base("SEMUA", 0.0015),
    "KR03": Base("SEMUA", 0.00003),
    "KR04": Base("SEMUA", 0.001),
    "KR05": Base("HT", 0.004),
    "PEN01": Base("posyandu"),
    "MAN03": Base("pustu", 0.4),
    "FAR01": Base("one", 20),
}
# Standing numbers, the same in every report; the others are found anew each time.
STANDING = {"one", "posyandu", "pustu", "units"}

# Deaths per live birth: rare events, every one an alert.
DEATHS = {"KIA14": 0.0011, "KIA35": 0.004, "KIA36": 0.002, "KIA37": 0.003}
# Newborns and infants: the sum of the ages that are counted.
SUM_OF_DEATHS = {"KIA34": ("KIA35", "KIA36"), "KIA15": ("KIA35", "KIA36", "KIA37")}

# A state that changes slowly (snapshots of a group): share of the group at the start and end.
STATES: dict[str, tuple[float, float]] = {
    "KIA16": (0.62, 0.68),
    "KES02": (0.83, 0.89),
    "KES03": (0.86, 0.90),
    "SPM04": (1.0, 1.0),
}

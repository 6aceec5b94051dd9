"""How well each indicator goes in the demo, and how many people its reports are about.

Invented, but of the size one would expect: a rate that hovers around its target, cases found
in proportion to the group.
"""

from __future__ import annotations

from dataclasses import dataclass

# Share of the target reached, before chance; USUAL where nothing is said. LOST is what late and
# missing reports take away again.
USUAL = 0.98
LOST = 0.13
PERFORMANCE: dict[str, float] = {
    "SPM02": 1.02, "SPM03": 1.02, "SPM05": 0.90, "SPM06": 0.88, "SPM07": 0.94, "SPM08": 0.84,
    "SPM09": 0.87, "SPM10": 1.01, "SPM11": 0.95, "SPM12": 0.92,
    "KIA01": 0.97, "KIA02": 0.94, "KIA03": 0.86, "KIA04": 1.02, "KIA05": 1.00, "KIA06": 1.02,
    "KIA07": 1.02, "KIA12": 0.76, "KIA13": 0.94, "KIA17": 0.96, "IMM01": 0.94, "IMM02": 0.84,
    "GIZ01": 0.94, "GIZ05": 0.96, "TKM01": 0.90, "SEK01": 0.90, "REM01": 1.01, "CKG01": 0.92,
    "PTM03": 0.66, "PTM04": 0.93, "TBC01": 0.82, "KR01": 0.91, "LAN02": 0.99, "KAD02": 0.89,
    "POS03": 0.59, "MAN04": 1.01, "MAN05": 1.01,
}  # fmt: skip


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
    "KR03": Base("SEMUA", 0.0002),
    "KR04": Base("SEMUA", 0.001),
    "KR05": Base("HT", 0.004),
    "PEN01": Base("posyandu"),
    "MAN03": Base("pustu", 0.4),
    "FAR01": Base("one", 20),
}
# Standing numbers, the same in every report; the others are found anew each time.
STANDING = {"one", "posyandu", "pustu", "units"}

# Deaths per live birth: rare events, every one an alert.
DEATHS = {"KIA14": 0.0011, "KIA15": 0.009}

# A state that changes slowly (snapshots of a group): share of the group at the start and end.
STATES: dict[str, tuple[float, float]] = {
    "KIA16": (0.62, 0.68),
    "KES02": (0.83, 0.89),
    "KES03": (0.86, 0.90),
}

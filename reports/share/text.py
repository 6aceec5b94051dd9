"""The message of a week for a chat group: plain text with WhatsApp's bold."""

from __future__ import annotations

from typing import NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.printing.pdf import words
from reports.shapes import DistrictSheet, ReviewSheet
from reports.share.facts import Facts, Gap, Late, facts_of
from reports.share.plain import plain

LIMIT = 1000  # characters
LONGEST_ADDRESS = 250
_NAME, _PLACE, _NAMES = 80, 100, 240  # characters of an indicator, a place, a list of names
_EVENT = 200


class _Fit(NamedTuple):
    """How much is told; the numbers are items of each list."""

    gaps: int
    late: int
    urgent: int
    has_tally: bool = True


# From everything to the bare minimum. Urgent events go last, the heading, who has not reported
# and the address never.
_FITS = (
    _Fit(5, 3, 5), _Fit(5, 2, 5), _Fit(5, 1, 4), _Fit(4, 1, 4), _Fit(3, 1, 3), _Fit(3, 0, 3),
    _Fit(2, 0, 3), _Fit(1, 0, 2), _Fit(1, 0, 1), _Fit(0, 0, 1), _Fit(0, 0, 1, has_tally=False),
    _Fit(0, 0, 0, has_tally=False),
)  # fmt: skip


def share_text(sheet: ReviewSheet | DistrictSheet, address: str, *, is_draft: bool) -> str:
    """At most ``LIMIT`` characters in Indonesian, whatever the reader's language; the last line
    is ``address`` (at most 250 characters, ValueError beyond).

    People stand before percentages. Whole items are left out until it fits, never letters.
    """
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(f"address of {len(address)} characters")
    with translation.override("id"):
        facts = facts_of(sheet, is_draft=is_draft)
        for fit in _FITS:
            text = _compose(facts, address, fit)
            if len(text) <= LIMIT:
                return text
    raise ValueError("the heading alone is too long")  # cannot be: every part of it is bounded


def _compose(facts: Facts, address: str, fit: _Fit) -> str:
    blocks = [
        _head(facts),
        _events(facts, fit.urgent),
        _reports(facts),
        _urgent(facts, fit.urgent),
        _gaps(facts, fit.gaps),
        _problems(facts, fit.late),
        [_tally(facts)] if fit.has_tally else [],
        [_("Details: %(address)s") % {"address": address}],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _head(facts: Facts) -> list[str]:
    lines = [f"*{facts.heading}, {plain(facts.place, _PLACE)}*", facts.week]
    if facts.is_demo:
        lines.append(_("Sample data, not real figures") + ".")
    if facts.is_draft:
        lines.append(_("DRAFT: not final yet, the figures may still change."))
    return lines


def _reports(facts: Facts) -> list[str]:
    """Who has reported. «Nobody yet» is said in words: a 0 would read like a result."""
    if not facts.unit:
        return _filled(facts)
    said = {"filed": facts.filed, "expected": facts.expected, "unit": facts.unit}
    if not facts.expected:
        return []
    if not facts.filed:
        return [_("No %(unit)s has reported yet (of %(expected)d): belum lapor.") % said]
    lines = [_("%(filed)d of %(expected)d %(unit)s have reported.") % said]
    if facts.missing:
        lines.append(_("Not reported: %(names)s.") % {"names": _listed(facts.missing)})
    return lines


def _filled(facts: Facts) -> list[str]:
    """A Pustu's own form."""
    said = {"filled": facts.tally.filled, "due": facts.tally.due, "missing": facts.unreported}
    if not facts.tally.due:
        return []
    if not facts.tally.filled:
        return [_("None of the %(due)d indicators due is filled in yet: belum lapor.") % said]
    if facts.unreported:
        return [_("%(filled)d of %(due)d indicators filled in, %(missing)d not reported.") % said]
    return [_("All %(due)d indicators due are filled in.") % said]


def _events(facts: Facts, most: int) -> list[str]:
    """Deaths and events not closed, the oldest first. The line with their number always stays."""
    if facts.events is None:
        return []
    if not facts.events:
        return [_("Deaths and events not closed: nil.")]
    head = _("Deaths and events not closed: %(n)s") % {"n": len(facts.events)}
    rows = [f"• {plain(said, _EVENT)}" for said in facts.events[:most]]
    more = len(facts.events) - most
    if rows and more > 0:
        rows.append(ngettext("• and %(n)d other", "• and %(n)d others", more) % {"n": more})
    return [f"*{head}*", *rows]


def _urgent(facts: Facts, most: int) -> list[str]:
    if not facts.urgent or not most:
        return []
    rows = [f"• {plain(name, _NAME)}: {count}" for name, count in facts.urgent[:most]]
    more = len(facts.urgent) - most
    if more > 0:
        rows.append(ngettext("• and %(n)d other", "• and %(n)d others", more) % {"n": more})
    return [f"*{_('Urgent events this week')}*", *rows]


def _gaps(facts: Facts, most: int) -> list[str]:
    if not facts.gaps or not most:
        return []
    rows = [_gap(gap) for gap in facts.gaps[:most]]
    return [f"*{_('Needs attention')}*", *rows]


def _gap(gap: Gap) -> str:
    name = plain(gap.name, _NAME)
    if gap.place:
        name += f", {plain(gap.place, _PLACE)}"
    return f"• {name}: {gap.people}" + (f" ({gap.compare})" if gap.compare else "")


def _problems(facts: Facts, most: int) -> list[str]:
    if not facts.open_problems:
        return []
    said = {"open": facts.open_problems, "overdue": facts.overdue_problems}
    if not facts.overdue_problems:
        return [_("%(open)d problems are open, none is overdue.") % said]
    head = _("%(open)d problems are open, %(overdue)d overdue") % said
    return [f"*{head}*", *(_late(row) for row in facts.late[:most])]


def _late(row: Late) -> str:
    about = ", ".join(filter(None, [plain(row.place, _PLACE), row.people]))
    return f"• {plain(row.what, _NAME)}" + (f" ({about})" if about else "") + f": {row.overdue}"


def _tally(facts: Facts) -> str:
    if not facts.is_judged:
        return _("No indicator could be judged yet.")
    said = {"on": facts.tally.on_target, "below": facts.tally.below_target}
    text = _("Indicators: %(on)d on target, %(below)d below target") % said
    if facts.unit and facts.unreported:
        text += ", " + _("%(missing)d not reported") % {"missing": facts.unreported}
    return text + "."


def _listed(names: tuple[str, ...]) -> str:
    """As many names as fit; the others are counted."""
    shown: list[str] = []
    for name in names:
        short = plain(name, _PLACE)
        if len(", ".join([*shown, short])) > _NAMES:
            break
        shown.append(short)
    rest = len(names) - len(shown)
    if rest:
        return ", ".join(shown) + " " + _("and %(n)s others") % {"n": words.number(rest)}
    return ", ".join(shown)

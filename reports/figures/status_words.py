"""A judgement in words, the same on page, paper, message and picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clusters.judgement.periods import CAMPAIGNS, Period
from clusters.targets import Judged, Missing
from reports.figures.wording import people_noun
from reports.shapes import Line

GLYPHS = {"baik": "▲", "kurang": "▼", "cukup": "▲", "jelek": "▼"}


def status_word(status: str | None) -> str:
    """The one word of a row; empty where nothing is judged."""
    words = {
        "baik": _("Good"), "kurang": _("Worse"), "cukup": _("Adequate"), "jelek": _("Poor"),
        "check": _("check the data"), "incomplete": _("data incomplete"),
    }  # fmt: skip
    return words.get(status or "", "")


def period_of(label: str, profile: str = "") -> Period | None:
    """A stored label as a period again; a campaign gets its catch-up back by its profile."""
    if not label:
        return None
    period = Period.parse(label)
    if period.kind == "campaign":
        last = dict(CAMPAIGNS.get(profile, ())).get(period.number, period.number)
        return Period("campaign", period.year, period.number, last)
    return period


def period_name(label: str, profile: str = "") -> str:
    """«Oktober 2026», «triwulan 3 2026», «kampanye Februari 2026», «4 minggu s.d. minggu ke-47»."""
    period = period_of(label, profile)
    if period is None:
        return ""
    month = formats.date_format(dt.date(period.year, period.months[0], 1), "F Y") if (
        period.kind in ("month", "campaign")
    ) else ""  # fmt: skip
    return {
        "month": month,
        "campaign": _("campaign of %(month)s") % {"month": month},
        "quarter": _("quarter %(n)d of %(year)d") % {"n": period.number, "year": period.year},
        "semester": _("half-year %(n)d of %(year)d") % {"n": period.number, "year": period.year},
        "year": str(period.year),
        "weeks": _("4 weeks to week %(n)d") % {"n": period.number},
    }[period.kind]


def period_short(label: str, profile: str = "") -> str:
    """«Okt», «TW 3», «Feb», «mgg 47»: what stands beside a status."""
    period = period_of(label, profile)
    if period is None:
        return ""
    if period.kind in ("month", "campaign"):
        return formats.date_format(dt.date(period.year, period.months[0], 1), "M")
    return {
        "quarter": pgettext("quarter", "Q%(n)d") % {"n": period.number},
        "semester": pgettext("half-year", "S%(n)d") % {"n": period.number},
        "weeks": pgettext("week", "wk %(n)d") % {"n": period.number},
    }.get(period.kind, str(period.year))


def signal_words(line: Line) -> str:
    """«di jalur», «tertinggal 12 ibu»; empty where a line has no weekly signal."""
    figures = line.figures
    if figures.signal is None:
        return ""
    if figures.signal == "on_track":
        return _("on track")
    said = {
        "count": formats.number_format(abs(figures.gap or 0), use_l10n=True, force_grouping=True),
        "people": people_noun(line.indicator),
    }
    if figures.signal == "behind":
        return _("%(count)s %(people)s behind") % said
    return _("far behind, %(count)s %(people)s") % said


def completeness_words(line: Line) -> str:
    """«11 dari 12 unit-bulan»; empty where everything is there."""
    judged = line.figures.judged
    if judged is None or not judged.missing:
        return ""
    said = {"n": judged.reported, "m": judged.expected}
    period = period_of(judged.period, line.indicator.profile)
    if line.indicator.calc_type == "cumulative" and period is not None:
        if period.kind == "quarter":
            return _("%(n)d of %(m)d unit-quarters") % said
        if period.kind in ("month", "campaign"):
            return _("%(n)d of %(m)d unit-months") % said
    return _("%(n)d of %(m)d units") % said


def missing_words(missing: Sequence[Missing], most: int = 6) -> str:
    """«Pustu A; Pustu B (Februari 2026)»: the finding, by name."""
    rows = [f"{one.name} ({period_name(one.period)})" for one in missing[:most]]
    more = len(missing) - most
    if more > 0:
        rows.append(ngettext("and %(n)d more unit", "and %(n)d more units", more) % {"n": more})
    return "; ".join(rows)


def standing(line: Line) -> str:
    """What a reader must know where there is no status: one short sentence."""
    figures, indicator = line.figures, line.indicator
    judged = figures.judged
    if judged is None:
        return ""
    noun = people_noun(indicator)
    if "small" in judged.remarks:
        base = judged.denominator if indicator.needs_denominator else judged.population
        return small_words(judged.cumulative, base, noun)
    if "no_population" in judged.remarks:
        return _no_population(judged)
    if line.running_period:
        period = period_of(line.running_period, indicator.profile)
        if period is not None and len(period.months) > 1:
            day = formats.date_format(period.last_day, "j F")
            return _("catch-up until %(day)s") % {"day": day}
        return _("campaign under way")
    words = {
        "not_due": _("not due yet"),
        "grace": _("in its days of grace"),
        "no_cases": _("no cases"),
        "nothing_yet": _("no closed period yet"),
        "neutral": _("shown without judgement"),
        "no_target": _("no season set yet"),
    }
    return next((words[remark] for remark in judged.remarks if remark in words), "")


def _no_population(judged: Judged) -> str:
    """«sasaran belum diisi: Desa Tiga»; a real zero is no gap in the figures."""
    if judged.population is not None:
        return ""
    said = _("target population not filled in yet")
    names = ", ".join(judged.without_population[:4])
    return f"{said}: {names}" if names else said


def at_least(line: Line) -> str:
    """«≥ » before a sum in which reports are missing."""
    judged = line.figures.judged
    is_sum = line.indicator.calc_type == "cumulative"
    return "≥ " if is_sum and judged is not None and judged.is_lower_bound else ""


def small_words(count: int | None, base: int | None, noun: str) -> str:
    """«7 dari 8 orang»: below ten, people only."""
    if count is None or base is None:
        return ""
    return _("%(count)d of %(base)d %(people)s") % {"count": count, "base": base, "people": noun}


def late_words(line: Line) -> str:
    """«terlambat 1 kali»; empty for what is no plan or not late."""
    judged = line.figures.judged
    if judged is None or not judged.late:
        return ""
    said = {"count": judged.late, "people": people_noun(line.indicator)}
    return _("overdue %(count)d %(people)s") % said


def reason(judged: Judged | None, line: Line) -> str:
    """The judgement in one sentence: «Oktober 2026: 372 dari 380 orang, kurang 8 (batas 8)»."""
    if judged is None or judged.cumulative is None:
        return ""
    period = period_name(judged.period, line.indicator.profile)
    if judged.due is not None:
        said = {"done": judged.cumulative, "due": judged.due, "noun": people_noun(line.indicator)}
        return _("%(done)d of %(due)d %(noun)s due") % said
    if judged.target_to_date is not None and judged.gap is not None:
        return _("%(period)s: %(done)s of %(target)s %(noun)s, tolerance %(tolerance)s") % {
            "period": period,
            "done": _number(judged.cumulative),
            "target": _number(judged.target_to_date),
            "noun": people_noun(line.indicator),
            "tolerance": _number(int(judged.tolerance or 0)),
        }
    if judged.coverage is not None:
        return _("%(period)s: %(value)s%%, target %(target)s%%") % {
            "period": period,
            "value": formats.number_format(judged.coverage, 1, use_l10n=True),
            "target": formats.number_format(line.figures.target_percent, 1, use_l10n=True),
        }
    return period


def _number(value: int) -> str:
    return formats.number_format(value, use_l10n=True, force_grouping=True)

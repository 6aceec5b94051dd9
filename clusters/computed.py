"""What nobody types, because the system knows it: by indicator, where the figure comes from.

Only what can be computed truthfully stands here; anything else of the same kind stays typed
(docs/adr/0015-figures-the-system-knows.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.models import Indicator
from clusters.weeks import Week

FIRST_DOSE, THIRD_DOSE = "IMM10", "IMM12"
_ORIGINS = {
    "MAN01": "reviews",
    "MAN02": "reviews",
    "MAN03": "follow_ups",
    "ILP01": "rollout",
    "ILP02": "rollout",
    "IMM25": "counts",
}
# Computed from other counts: only where those are asked for.
_NEEDS = {"IMM25": (FIRST_DOSE, THIRD_DOSE)}
_WORDS: dict[str, str | Promise] = {
    "reviews": gettext_lazy("the weekly reviews"),
    "follow_ups": gettext_lazy("the follow-ups of problems"),
    "rollout": gettext_lazy("the ILP stages of the facilities"),
    "counts": gettext_lazy("the immunisation counts"),
}


def origin_of(code: str, is_collected: Callable[[str], bool]) -> str:
    """Where the figure comes from («reviews»); empty for what people report.
    ``is_collected``: whether the reports carry an indicator."""
    if not all(is_collected(needed) for needed in _NEEDS.get(code, ())):
        return ""
    return _ORIGINS.get(code, "")


def origins(collected: Collection[str]) -> dict[str, str]:
    """The same for all of a week's indicators, given by code."""
    found = {code: origin_of(code, collected.__contains__) for code in _ORIGINS}
    return {code: origin for code, origin in found.items() if origin and code in collected}


def origin_in_week(code: str, week: Week) -> str:
    """The same of one indicator; asks the catalogue only where it depends on it."""
    return origin_of(
        code, lambda other: Indicator.objects.in_week(week).filter(code=other).exists()
    )


def origin_words(origin: str) -> str:
    """«evaluasi mingguan»."""
    return str(_WORDS.get(origin, ""))


def not_typed(origin: str) -> str:
    """What somebody reads who types it all the same."""
    return _("The system computes this figure from %(what)s; it cannot be typed.") % {
        "what": origin_words(origin)
    }

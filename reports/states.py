"""Which status may follow which. Nothing else changes a status."""

from __future__ import annotations

from typing import Final, Protocol

from django.utils.translation import gettext as _

from facilities.errors import IllegalTransition

type Transitions = dict[str, tuple[frozenset[str], str]]

# action → (statuses it may start from, status it leads to)
REVIEW_TRANSITIONS: Final[Transitions] = {
    "submit": (frozenset({"open", "returned", "reopened"}), "submitted"),
    "approve": (frozenset({"submitted"}), "approved"),
    "return": (frozenset({"submitted"}), "returned"),
    "reopen": (frozenset({"submitted", "approved"}), "reopened"),
}

# domain/ilp.md section 9
PROBLEM_TRANSITIONS: Final[Transitions] = {
    "accept": (frozenset({"reported", "reopened"}), "accepted"),
    "plan": (
        frozenset({"reported", "accepted", "planned", "in_progress", "escalated", "reopened"}),
        "planned",
    ),
    "continue": (
        frozenset({"reported", "accepted", "planned", "in_progress", "escalated", "reopened"}),
        "in_progress",
    ),
    "escalate": (
        frozenset({"reported", "accepted", "planned", "in_progress", "reopened", "escalated"}),
        "escalated",
    ),
    "done": (
        frozenset({"reported", "accepted", "planned", "in_progress", "escalated", "reopened"}),
        "done",
    ),
    "verify": (frozenset({"done"}), "verified"),
    "reject": (frozenset({"reported", "accepted"}), "rejected"),
    "reopen": (frozenset({"done", "verified", "rejected"}), "reopened"),
}


class HasStatus(Protocol):
    status: str

    def get_status_display(self) -> str: ...


def check_transition(table: Transitions, action: str, row: HasStatus) -> str:
    """The status the action leads to; IllegalTransition when the row's status forbids it."""
    allowed, target = table[action]
    if row.status not in allowed:
        raise IllegalTransition(
            _("This is not possible now: the status is “%(status)s”.")
            % {"status": row.get_status_display()}
        )
    return target


def can_transition(table: Transitions, action: str, row: HasStatus) -> bool:
    return row.status in table[action][0]

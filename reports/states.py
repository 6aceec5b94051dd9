"""Which status may follow which. Nothing else changes a status."""

from __future__ import annotations

import datetime as dt
from typing import Final, Protocol

from django.utils.translation import gettext as _

from facilities.errors import IllegalTransition

type Transitions = dict[str, tuple[frozenset[str], str]]

# action → (statuses it may start from, status it leads to; SAME: none)
REVIEW_TRANSITIONS: Final[Transitions] = {
    "submit": (frozenset({"open", "returned", "reopened"}), "submitted"),
    "approve": (frozenset({"submitted"}), "approved"),
    "return": (frozenset({"submitted"}), "returned"),
    "reopen": (frozenset({"submitted", "approved"}), "reopened"),
}

UNFINISHED: Final = frozenset(
    {"reported", "accepted", "planned", "in_progress", "escalated", "reopened"}
)
CLOSED: Final = frozenset({"done", "verified", "rejected"})  # nothing more is to be done
SAME: Final = ""  # the step is recorded, the status stays

# domain/ilp.md section 9; docs/problems.md shows this table to people
PROBLEM_TRANSITIONS: Final[Transitions] = {
    "accept": (frozenset({"reported", "reopened"}), "accepted"),
    "plan": (frozenset({"reported", "accepted", "planned", "reopened"}), "planned"),
    # One more follow-up for what is under way: a question to Dinkes stays asked.
    "add": (frozenset({"in_progress", "escalated"}), SAME),
    "start": (frozenset({"accepted", "planned", "reopened"}), "in_progress"),
    "continue": (UNFINISHED, "in_progress"),  # the meeting's word
    "escalate": (UNFINISHED, "escalated"),
    "done": (UNFINISHED, "done"),
    "verify": (frozenset({"done"}), "verified"),
    "reject": (frozenset({"reported", "accepted", "reopened"}), "rejected"),
    "reopen": (CLOSED, "reopened"),
    "edit": (UNFINISHED, SAME),
    "attach": (UNFINISHED | {"done"}, SAME),
    "follow_up_done": (UNFINISHED, SAME),
    "letter": (UNFINISHED, SAME),
    "answer": (UNFINISHED | {"done"}, SAME),
}


def days_overdue(status: str, due_on: dt.date | None, done_on: dt.date | None, day: dt.date) -> int:
    """By how many days a follow-up of a problem is late on a day; 0 when it is not. ``status`` is
    the problem's. The same as ``FollowUp.objects.overdue`` asks the database."""
    if status in CLOSED or due_on is None or done_on is not None:
        return 0
    return max(0, (day - due_on).days)


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
    return target or row.status


def can_transition(table: Transitions, action: str, row: HasStatus) -> bool:
    return row.status in table[action][0]

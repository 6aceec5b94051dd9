"""What the page shell needs on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from facilities.models import District, Facility, Posting, User
from reports.deliveries.inbox import unread
from reports.models import FollowUp

SETS_LETTERHEADS = {"admin", "dinkes", "puskesmas_head"}
ROLE_ORDER = ("admin", "dinkes", "puskesmas_head", "cluster_officer", "pustu_head", "kader")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a page without the shell (an htmx fragment, a file) asks for nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": None}
    return {"shell": SimpleLazyObject(lambda: _shell(user))}


def _shell(user: User) -> dict[str, Any]:
    posting = _main_posting(user)
    facility = posting.facility if posting else None
    district = facility.district if facility else _only_district(user)
    return {
        "posting": posting,
        "facility": facility,
        "district": district,
        "initials": _initials(str(user)),
        "leads_district": user.is_superuser
        or any(role in {"admin", "dinkes"} for role, _path in user.current_postings),
        "sets_letterheads": user.is_superuser
        or any(role in SETS_LETTERHEADS for role, _path in user.current_postings),
        "is_demo": bool(district and district.is_demo),
        "overdue": _overdue(user),
        "unread": unread(user),
    }


def _main_posting(user: User) -> Posting | None:
    postings = list(
        user.postings.current().select_related("facility__district__area").order_by("pk")
    )
    postings.sort(key=lambda row: ROLE_ORDER.index(row.role) if row.role in ROLE_ORDER else 99)
    return postings[0] if postings else None


def _only_district(user: User) -> District | None:
    found = list(District.objects.visible_to(user).select_related("area")[:2])
    return found[0] if len(found) == 1 else None


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def _overdue(user: User) -> int:
    """How many open problems in the user's area have a follow-up past its due date."""
    return (
        FollowUp.objects.overdue(timezone.now())
        .filter(problem__facility__in=Facility.objects.visible_to(user))
        .values("problem")
        .distinct()
        .count()
    )

"""Finding what an address names; what is not visible to the user does not exist."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from clusters.weeks import Week
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from reports.models import ReviewRevision, WeeklyReview


class UserRequest(HttpRequest):
    """A request of somebody who is signed in, as every page here asks for."""

    user: User
    htmx: HtmxDetails


REVIEWED = (FacilityKind.PUSKESMAS, FacilityKind.PUSTU)


def local_today(facility: Facility) -> dt.date:
    """Today where the facility stands."""
    return timezone.localdate(timezone=facility.district.zone)


def week_or_404(label: str) -> Week:
    try:
        return Week.parse(label)
    except ValueError:
        raise Http404(_("There is no week “%(week)s”.") % {"week": label}) from None


def facility_or_404(user: Any, code: str) -> Facility:
    facilities = Facility.objects.visible_to(user).select_related("district__area", "parent")
    # PostgreSQL refuses a NUL in any text, so no code has one.
    facility: Facility | None = None if "\0" in code else facilities.filter(code=code).first()
    if facility is None:
        raise Http404(
            _("There is no facility “%(code)s”, or it is outside your area.") % {"code": code}
        )
    return facility


def review_or_404(user: Any, label: str, code: str) -> WeeklyReview:
    """The review of a week and facility; not yet stored (``pk`` None) when nobody has begun it.
    Looking at a page never writes, the first saved entry opens it."""
    week, facility = week_or_404(label), facility_or_404(user, code)
    if facility.kind not in REVIEWED:
        raise Http404(_("%(name)s has no weekly review.") % {"name": facility.name})
    review: WeeklyReview | None = (
        WeeklyReview.objects.visible_to(user)
        .select_related("submitted_by", "decided_by")
        .filter(facility=facility, week=week)
        .first()
    )
    if review is not None:
        review.facility = facility
        return review
    if week.start > local_today(facility):
        raise Http404(
            _("Week %(number)s of %(year)s has not begun yet; its review opens on %(day)s.")
            % {"number": week.number, "year": week.year, "day": week.start.strftime("%d/%m/%Y")}
        )
    if not Facility.objects.filter(pk=facility.pk).open_on(week.end).exists():
        raise Http404(
            _("%(name)s was not open in week %(number)s of %(year)s: nothing to report.")
            % {"name": facility.name, "number": week.number, "year": week.year}
        )
    return WeeklyReview(facility=facility, week=week, status="open")


def stored_review_or_404(user: Any, label: str, code: str) -> WeeklyReview:
    """A review that someone has begun."""
    review = review_or_404(user, label, code)
    if review.pk is None:
        raise Http404(_("Nobody has begun this review yet."))
    return review


def revision_or_404(review: WeeklyReview, number: int) -> ReviewRevision:
    rows = review.revisions.select_related("snapshot", "signed_by")
    revision = rows.filter(number=number).first()
    if revision is None:
        raise Http404(_("This review has no revision %(number)s.") % {"number": number})
    return revision


def next_page(request: UserRequest, fallback: str) -> str:
    """Where a form asks to return to: an address of this site, or the fallback."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours and urlsplit(target).path.startswith("/") else fallback

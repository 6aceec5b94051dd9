"""Finding what an address names; what is not visible to the user does not exist."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from clusters.weeks import Week
from facilities.models import District, Facility, User
from facilities.models.facility import FacilityKind
from facilities.queries import as_named, why_not_open
from reports.models import ReviewRevision, WeeklyReview
from reports.permissions import can_change_settings


class UserRequest(HttpRequest):
    """A request of somebody who is signed in, as every page here asks for."""

    user: User
    htmx: HtmxDetails


REVIEWED = (FacilityKind.PUSKESMAS, FacilityKind.PUSTU)


def local_today(facility: Facility) -> dt.date:
    """Today where the facility stands."""
    return timezone.localdate(timezone=facility.district.zone)


def settings_district(request: UserRequest) -> tuple[District, list[District]]:
    """The district meant and those to choose from: whose settings the user may change."""
    rows = District.objects.visible_to(request.user).select_related("area")
    mine = [row for row in rows if can_change_settings(request.user, row)]
    if not mine:
        raise PermissionDenied(_("Only the district health office changes these settings."))
    code = request.GET.get("district", "")
    chosen = next((row for row in mine if row.code == code or not code), None)
    if chosen is None:
        raise Http404(_("There is no district “%(code)s”.") % {"code": code})
    return chosen, mine


def this_week(user: User) -> Week:
    """The running week where the user works."""
    return Week.of(timezone.localdate(timezone=user.zone))


def week_or_404(label: str) -> Week:
    try:
        return Week.parse(label)
    except ValueError:
        raise Http404(_("There is no week “%(week)s”.") % {"week": label}) from None


def facility_or_404(user: Any, code: str) -> Facility:
    facilities = Facility.objects.visible_to(user).select_related("district__area", "parent")
    facility: Facility | None = facilities.coded(code).first()
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
    as_named([facility, facility.parent], week.end)
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
    if not Facility.objects.filter(pk=facility.pk).open_between(week.start, week.end).exists():
        said = _("%(name)s was not open in week %(number)s of %(year)s: nothing to report.") % {
            "name": facility.name, "number": week.number, "year": week.year,
        }  # fmt: skip
        raise Http404(f"{said} {why_not_open(facility, week.start, week.end)}")
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

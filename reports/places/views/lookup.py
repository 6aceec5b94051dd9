"""Which district and week an address of the district's pages means, and who may see them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from reports.lookup import UserRequest, week_or_404


def leads_district(request: UserRequest) -> bool:
    roles = {role for role, _path in request.user.current_postings}
    return bool(request.user.is_superuser or roles & {Role.ADMIN, Role.DINKES})


def check_leads_district(request: UserRequest) -> None:
    if not leads_district(request):
        raise PermissionDenied(_("Only the district health office sees the district page."))


def districts_of(request: UserRequest) -> list[District]:
    return list(District.objects.visible_to(request.user).select_related("area"))


def last_week(district: District) -> Week:
    """The last finished week: the one that meetings are about."""
    return Week.of(timezone.localdate(timezone=district.zone)) - 1


def district_week_or_404(request: UserRequest) -> tuple[Facility, Week]:
    """(the district's office, week) of ``?district=&week=``: the only district and the last
    finished week where they are left out. Raises PermissionDenied and Http404."""
    check_leads_district(request)
    districts = districts_of(request)
    code = request.GET.get("district", "")
    chosen = next((row for row in districts if row.code == code or not code), None)
    if chosen is None:
        raise Http404(_("There is no district “%(code)s”.") % {"code": code})
    week = week_or_404(request.GET["week"]) if "week" in request.GET else last_week(chosen)
    if week.start > timezone.localdate(timezone=chosen.zone):
        raise Http404(_("This week has not begun yet."))
    # Who leads one district may have another posting in the next: not its whole page.
    offices = Facility.objects.visible_to(request.user).filter(kind=FacilityKind.DINKES)
    dinkes: Facility | None = offices.filter(district=chosen).first()
    if dinkes is None:
        raise Http404(_("There is no district “%(code)s”.") % {"code": chosen.code})
    dinkes.district = chosen
    return dinkes, week

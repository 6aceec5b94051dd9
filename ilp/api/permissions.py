"""Who may use the API at all; which rows they get is decided by ``visible_to``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from facilities.models.user import Role


class MayRead(BasePermission):
    """Reading only, for anybody with a current posting other than kader. A method that an address
    does not have is none of our business: 405, not 403."""

    message = _("Your account has no access to the API.")

    def has_permission(self, request: Request, view: object) -> bool:
        user = request.user
        method = str(request.method)
        writes = method not in SAFE_METHODS and hasattr(view, method.lower())
        if writes or not user.is_authenticated:
            return False
        return user.is_superuser or any(role != Role.KADER for role, _path in user.current_postings)


class MayFillIn(MayRead):
    """Reading as above; writing for those whose posting lets them fill in a review somewhere.
    Whether it is this one is decided by the action. A provincial client never writes."""

    def has_permission(self, request: Request, view: object) -> bool:
        if request.method != "PUT":
            return super().has_permission(request, view)
        user = request.user
        if not user.is_authenticated:
            return False
        return any(role in _FILL_IN for role, _path in user.current_postings)


_FILL_IN = {Role.PUSKESMAS_HEAD, Role.CLUSTER_OFFICER, Role.PUSTU_HEAD}

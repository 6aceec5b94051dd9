"""Whose account one may see and put right. The one place that says so."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from facilities.models import Posting, User
from facilities.models.user import Role

_RANKS = {
    Role.PUSTU_HEAD: 1,
    Role.CLUSTER_OFFICER: 1,
    Role.PUSKESMAS_HEAD: 2,
    Role.DINKES: 3,
    Role.ADMIN: 4,
}
_HELPS_FROM = _RANKS[Role.DINKES]


def rank(user: User) -> int:
    """How high somebody stands today; a helper must stand higher than the one helped."""
    if user.is_superuser:
        return _RANKS[Role.ADMIN]
    return max((_RANKS.get(Role(role), 0) for role, _path in user.current_postings), default=0)


def helps_others(user: User) -> bool:
    return rank(user) >= _HELPS_FROM


def check_helps_others(user: User) -> None:
    if not helps_others(user):
        raise PermissionDenied(_("Only Dinkes and administrators look after accounts."))


def people_visible_to(user: User) -> QuerySet[User]:
    """Dinkes: who has a posting in the district today; an administrator of everything: all."""
    if not user.is_active or not helps_others(user):
        return User.objects.none()
    helping = [(role, path) for role, path in user.current_postings if role in Role.values]
    if user.is_superuser or (Role.ADMIN, None) in helping:
        return User.objects.all()
    paths = [path for role, path in helping if role in {Role.ADMIN, Role.DINKES} and path]
    inside = Posting.objects.current().filter(
        user=OuterRef("pk"), facility__path__descendant_of_any=paths
    )
    return User.objects.filter(Exists(inside))


def check_can_help(user: User, person: User) -> None:
    """Make a link for a new password, reset the second step, revoke a token."""
    if user.pk == person.pk:
        raise PermissionDenied(_("Your own account is on the page “My account”."))
    if not helps_others(user) or rank(person) >= rank(user):
        raise PermissionDenied(_("Only somebody with more rights than this person may do that."))


def can_help(user: User, person: User) -> bool:
    try:
        check_can_help(user, person)
    except PermissionDenied:
        return False
    return True


def must_have_second_factor(user: User) -> bool:
    """Administrators and Dinkes, except where demo accounts exist: there everybody tries out."""
    if user.is_demo or not helps_others(user):
        return False
    return not User.objects.filter(is_demo=True, is_active=True).exists()

"""Links to choose a password, good once and for a while."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from facilities.actions.passwords import set_own_password
from facilities.models import AccountEvent, PasswordLink, User
from facilities.models.signin import AccountEventKind

HANDED_OVER, MAILED = dt.timedelta(hours=48), dt.timedelta(hours=2)


class DeadLink(Exception):
    """Unknown, used, too old, or the password was changed since."""


@transaction.atomic
def make_link(*, person: User, by: User | None, by_mail: bool = False) -> str:
    """The whole address; nobody can read it again. Earlier links of the person are dead. ``by``:
    who hands it over; None: it is mailed, or was made on the server."""
    PasswordLink.objects.filter(user=person, used_at=None).delete()
    token = secrets.token_urlsafe(32)
    PasswordLink.objects.create(
        user=person, digest=_digest(token), made_by=by, password_mark=_mark(person),
        expires_at=timezone.now() + (MAILED if by_mail else HANDED_OVER),
    )  # fmt: skip
    if not by_mail:  # that one was asked for is in the journal already
        AccountEvent.objects.create(user=person, by=by, kind=AccountEventKind.LINK_MADE)
    return settings.PUBLIC_URL + reverse("password-choose", args=[token])


def owner_of(token: str) -> User:
    """Whose link it is while it is good."""
    return _good(token).user


@transaction.atomic
def use_link(*, token: str, password: str) -> None:
    """Choose a password, found good by ``validate_password``; the link is used up."""
    link = _good(token, lock=True)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    set_own_password(link.user, password)


def _good(token: str, *, lock: bool = False) -> PasswordLink:
    links = PasswordLink.objects.filter(used_at=None, expires_at__gt=timezone.now())
    if lock:
        links = links.select_for_update()
    link = links.filter(digest=_digest(token), user__is_active=True).first()
    if link is None or not constant_time_compare(link.password_mark, _mark(link.user)):
        raise DeadLink
    return link


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mark(user: User) -> str:
    return salted_hmac("ilp.signin.links", user.password, algorithm="sha256").hexdigest()

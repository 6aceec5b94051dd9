"""Tokens of machines: they end, they show when they were last used, their owner can end them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from facilities.models import AccountEvent, TokenUse, User
from facilities.models.signin import AccountEventKind
from ilp.signin.guard import TooManyTries, of_address

USUAL_DAYS, MOST_DAYS = 365, 730
_IDENT = 24  # signs of the digest
_WRITTEN_EVERY = 60  # seconds


@dataclass(frozen=True)
class TokenRow:
    """``ident`` names the token among those of its owner; the token itself is not to be had."""

    ident: str
    made_at: dt.datetime
    expires_at: dt.datetime | None
    last_used_at: dt.datetime | None
    is_over: bool


def tokens_of(person: User) -> list[TokenRow]:
    """Newest first, those that are over as well."""
    now = timezone.now()
    tokens = AuthToken.objects.filter(user=person).select_related("use").order_by("-created")
    return [
        TokenRow(
            token.digest[:_IDENT],
            token.created,
            token.expiry,
            use.last_used_at if (use := getattr(token, "use", None)) else None,
            token.expiry is None or token.expiry <= now,
        )
        for token in tokens
    ]


@transaction.atomic
def make_token(*, person: User, by: User | None, days: int = USUAL_DAYS) -> str:
    """The token; it is shown once and kept only as a hash. ``days``: 1 to ``MOST_DAYS``."""
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"not 1 to {MOST_DAYS} days: {days}")
    _row, token = AuthToken.objects.create(person, expiry=dt.timedelta(days=days))
    AccountEvent.objects.create(user=person, by=by, kind=AccountEventKind.TOKEN_MADE)
    return str(token)


@transaction.atomic
def revoke(*, person: User, by: User | None, ident: str) -> bool:
    """Whether there was such a token. The next request with it is refused, in every process."""
    tokens = AuthToken.objects.filter(user=person)
    if len(ident) != _IDENT or not tokens.filter(digest__startswith=ident).delete()[0]:
        return False
    AccountEvent.objects.create(user=person, by=by, kind=AccountEventKind.TOKEN_REVOKED)
    return True


class CountedToken(TokenAuthentication):
    """Wrong tokens count by address, apart from wrong passwords: a machine with an old token must
    not keep the people beside it from signing in. A token without an end is none."""

    def authenticate(self, request: Request) -> Any:
        try:
            found = super().authenticate(request)
        except AuthenticationFailed:
            _count(request)
            raise
        if found is not None:
            _user, token = found
            if token.expiry is None:
                raise AuthenticationFailed(_("Invalid token."))
            _record_use(token)
        return found


def _count(request: Request) -> None:
    try:
        of_address(request._request, "token").take()  # noqa: SLF001 - what DRF wraps
    except TooManyTries as error:
        raise Throttled(wait=(error.until - timezone.now()).total_seconds()) from error


def _record_use(token: AuthToken) -> None:
    """Once a minute at most from each process, which remembers it: no query for every call."""
    if cache.add(f"token-used:{token.pk}", 1, _WRITTEN_EVERY):
        TokenUse.objects.update_or_create(token=token, defaults={"last_used_at": timezone.now()})


class CountedTokenScheme(KnoxTokenScheme):
    """How the published schema names it; found by drf-spectacular through its base class."""

    target_class = "ilp.signin.tokens.CountedToken"

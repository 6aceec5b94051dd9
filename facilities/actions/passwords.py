"""Passwords: chosen by their owner, or given by an administrator for the first sign-in only."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from facilities.models import AccountEvent, User
from facilities.models.signin import AccountEventKind


@transaction.atomic
def set_own_password(user: User, password: str) -> None:
    """What the owner chose and ``validate_password`` found good. Every other session of theirs
    ends with their next request, for a session carries a hash of the password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_own_password(user)


@transaction.atomic
def record_own_password(user: User) -> None:
    """That the owner has just chosen the password that is set."""
    user.password_set_at = timezone.now()
    user.must_set_password = False
    user.save(update_fields=["password_set_at", "must_set_password"])
    AccountEvent.objects.create(user=user, by=user, kind=AccountEventKind.PASSWORD_CHANGED)


@transaction.atomic
def hand_over_password(user: User, *, by: User | None = None) -> None:
    """Somebody else set it and so knows it: the owner chooses another before anything opens."""
    user.password_set_at = timezone.now()
    user.must_set_password = not user.is_demo
    user.save(update_fields=["password_set_at", "must_set_password"])
    AccountEvent.objects.create(user=user, by=by, kind=AccountEventKind.PASSWORD_CHANGED)

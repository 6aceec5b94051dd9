"""Second factors: adding, checking, removing. Each change is a line in the account's journal."""

from __future__ import annotations

import hmac
import secrets

import pyotp
from django.db import transaction
from django.utils import timezone

from facilities.models import AccountEvent, RecoveryCode, SecondFactor, User
from facilities.models.signin import AccountEventKind, FactorKind
from ilp.signin.passkeys import NewPasskey
from ilp.signin.vault import fingerprint, seal, unseal

_STEP = 30  # seconds
_CODES, _CODE_LENGTH = 10, 10
# Without 0, 1, I, L, O, U: they are copied by hand.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_app_key() -> str:
    return pyotp.random_base32()


def app_address(user: User, key: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(key).provisioning_uri(name=user.get_username(), issuer_name="Pantau ILP")


def step_of(key: str, code: str, after: int) -> int | None:
    """The time step of a right code: the running one, or one before or after it, for clocks of
    phones differ. None for a wrong one, and for one not ``after`` the last that was taken."""
    now = int(timezone.now().timestamp()) // _STEP
    given = "".join(code.split())
    for step in (now - 1, now, now + 1):
        if step > after and hmac.compare_digest(pyotp.TOTP(key).at(step * _STEP), given):
            return step
    return None


@transaction.atomic
def add_app(*, user: User, key: str, step: int) -> list[str]:
    """Another app takes the place of the one before. Returns recovery codes where they are new."""
    user.second_factors.filter(kind=FactorKind.TOTP).delete()
    SecondFactor.objects.create(
        user=user, kind=FactorKind.TOTP, name="Authenticator", secret=seal(key), last_step=step
    )
    return _added(user)


@transaction.atomic
def add_passkey(*, user: User, name: str, passkey: NewPasskey) -> list[str]:
    SecondFactor.objects.create(
        user=user, kind=FactorKind.PASSKEY, name=name, secret=seal(passkey.data),
        sign_count=passkey.sign_count,
    )  # fmt: skip
    return _added(user)


def _added(user: User) -> list[str]:
    _changed(user)
    AccountEvent.objects.create(user=user, by=user, kind=AccountEventKind.FACTOR_ADDED)
    return [] if user.recovery_codes.filter(used_at=None).exists() else _make_codes(user)


@transaction.atomic
def remove_factor(*, user: User, factor: SecondFactor) -> None:
    factor.delete()
    if not user.second_factors.exists():
        user.recovery_codes.all().delete()
    _changed(user)
    AccountEvent.objects.create(user=user, by=user, kind=AccountEventKind.FACTOR_REMOVED)


@transaction.atomic
def reset_factors(*, person: User, by: User | None) -> None:
    """All of them: the phone is lost. Every session of the person ends."""
    person.second_factors.all().delete()
    person.recovery_codes.all().delete()
    _changed(person)
    AccountEvent.objects.create(user=person, by=by, kind=AccountEventKind.FACTOR_RESET)


@transaction.atomic
def renew_codes(user: User) -> list[str]:
    AccountEvent.objects.create(user=user, by=user, kind=AccountEventKind.CODES_MADE)
    return _make_codes(user)


def _changed(user: User) -> None:
    user.second_factor_at = timezone.now() if user.second_factors.exists() else None
    user.save(update_fields=["second_factor_at"])


def _make_codes(user: User) -> list[str]:
    user.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)) for _ in range(_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=fingerprint(code)) for code in codes
    )
    half = _CODE_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


@transaction.atomic
def takes_code(user: User, code: str) -> bool:
    """Whether the code is right, of the app or for recovery; it opens no second time."""
    for factor in user.second_factors.select_for_update().filter(kind=FactorKind.TOTP):
        key = unseal(factor.secret)
        step = None if key is None else step_of(key, code, factor.last_step)
        if step is not None:
            factor.last_step, factor.last_used_at = step, timezone.now()
            factor.save(update_fields=["last_step", "last_used_at"])
            return True
    given = "".join(sign for sign in code.upper() if sign in _LETTERS)
    used = user.recovery_codes.filter(digest=fingerprint(given), used_at=None)
    if not used.update(used_at=timezone.now()):
        return False
    AccountEvent.objects.create(user=user, by=user, kind=AccountEventKind.CODE_USED)
    return True

"""Passkeys (WebAuthn) by the fido2 library: what the browser is asked, and what it answers."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from facilities.models import SecondFactor, User
from facilities.models.signin import FactorKind
from ilp.signin.vault import unseal


class BadPasskey(Exception):
    """The answer does not fit the question, or the key is nobody's."""


@dataclass(frozen=True)
class NewPasskey:
    data: str  # base64 of the credential's public data
    sign_count: int


def are_possible(request: HttpRequest) -> bool:
    """A passkey belongs to a host name, and browsers make one over HTTPS or on localhost only."""
    host = _host(request)
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


def ask_for_new(request: HttpRequest, user: User) -> tuple[str, dict[str, Any]]:
    """What the browser is asked, as JSON, and the state to keep in the session."""
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(
            id=f"pantau-{user.pk}".encode(), name=user.get_username(), display_name=str(user)
        ),
        [credential for _factor, credential in _passkeys(user.second_factors.all())],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.dumps(dict(options.public_key)), state


def new_passkey(request: HttpRequest, state: Any, answer: str) -> NewPasskey:
    try:
        found = _server(request).register_complete(state, json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise BadPasskey from error
    if found.credential_data is None:
        raise BadPasskey
    data = base64.b64encode(bytes(found.credential_data)).decode()
    return NewPasskey(data, found.counter)


def ask(request: HttpRequest, user: User) -> tuple[str, dict[str, Any]] | None:
    """The question of the second step; None where the person has no passkey."""
    known = [credential for _factor, credential in _passkeys(user.second_factors.all())]
    if not known or not are_possible(request):
        return None
    options, state = _server(request).authenticate_begin(
        known, user_verification=UserVerificationRequirement.PREFERRED
    )
    return json.dumps(dict(options.public_key)), state


@transaction.atomic
def takes_answer(request: HttpRequest, user: User, state: Any, answer: str) -> bool:
    """Whether a passkey of the person answered this question. One whose counter goes back was
    copied, and is refused."""
    known = _passkeys(user.second_factors.select_for_update())
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        credentials = [credential for _factor, credential in known]
        used = _server(request).authenticate_complete(state, credentials, response)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return False
    factor = next(factor for factor, credential in known if credential is used)
    count = response.response.authenticator_data.counter
    if (count or factor.sign_count) and count <= factor.sign_count:
        return False
    factor.sign_count, factor.last_used_at = count, timezone.now()
    factor.save(update_fields=["sign_count", "last_used_at"])
    return True


def _passkeys(
    factors: Iterable[SecondFactor],
) -> list[tuple[SecondFactor, AttestedCredentialData]]:
    found = []
    for factor in factors:
        data = unseal(factor.secret) if factor.kind == FactorKind.PASSKEY else None
        if data is not None:
            found.append((factor, AttestedCredentialData(base64.b64decode(data))))
    return found


def _host(request: HttpRequest) -> str:
    return request.get_host().rsplit(":", 1)[0].casefold()


def _server(request: HttpRequest) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=_host(request), name="Pantau ILP"))

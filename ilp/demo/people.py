"""Demo accounts: offices, not persons. Passwords are random and only in the accounts file."""

from __future__ import annotations

import datetime as dt
import io
import os
import secrets
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from django.contrib.auth.hashers import make_password
from knox.models import AuthToken

from facilities.models import District, Facility, Posting, User
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from facilities.tabular.shipped import read_shipped
from facilities.tabular.writing import from_csv_text, write_csv

HEADER = ("role", "username", "password", "facility_code", "token")


@dataclass(frozen=True)
class Account:
    """One line of the accounts file."""

    role: str
    username: str
    password: str
    facility_code: str
    token: str = ""


@dataclass
class Cast:
    """Who acts in the demo, by facility id, and the accounts just made."""

    dinkes: User
    heads: dict[int, User]
    accounts: list[Account]


def create_cast(district: District, facilities: Iterable[Facility], start_on: dt.date) -> Cast:
    """One account each for the Dinkes, every Puskesmas and Pustu head, the province and, once
    per installation, the administrator."""
    accounts: list[Account] = []
    users: list[tuple[User, str, Facility | None]] = []
    taken = set(User.objects.values_list("username", flat=True))

    def add(role: str, username: str, full_name: str, facility: Facility | None) -> User:
        password = secrets.token_hex(8)
        code = facility.code if facility else ""
        accounts.append(Account(role, username, password, code))
        is_admin = role == Role.ADMIN
        user = User(
            username=username,
            full_name=full_name,
            email=f"{username}@demo.invalid",  # a domain that can never exist
            password=make_password(password),
            is_demo=True,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        users.append((user, role, facility))
        return user

    def free(name: str) -> str:
        """The plain name in the first district, the name with its code in the next ones."""
        return name if name not in taken else f"{name}-{district.code}"

    heads: dict[int, User] = {}
    office: Facility | None = None
    if "admin" not in taken:
        add(Role.ADMIN, "admin", "Administrator (demo)", None)
    for facility in facilities:
        if facility.kind == FacilityKind.DINKES:
            office = facility
        elif facility.kind == FacilityKind.PUSKESMAS:
            name = f"kapus-{facility.code.lower()}"
            title = f"Kepala {facility.name} (demo)"
            heads[facility.pk] = add(Role.PUSKESMAS_HEAD, name, title, facility)
        elif facility.kind == FacilityKind.PUSTU:
            name = f"pustu-{facility.code.lower()}"
            title = f"Kepala {facility.name} (demo)"
            heads[facility.pk] = add(Role.PUSTU_HEAD, name, title, facility)
    if office is None:
        raise ValueError(f"{district} has no health office among its facilities")
    dinkes = add(Role.DINKES, free("dinkes"), "Staf Dinas Kesehatan (demo)", office)
    province = add(Role.PROVINCE, free("provinsi"), "Klien Dinas Kesehatan Provinsi (demo)", office)

    User.objects.bulk_create([user for user, _role, _facility in users])
    Posting.objects.bulk_create(
        Posting(user=user, role=role, facility=facility, start_on=start_on)
        for user, role, facility in users
    )
    _instance, token = AuthToken.objects.create(user=province)
    accounts[-1] = replace(accounts[-1], token=token)
    return Cast(dinkes=dinkes, heads=heads, accounts=accounts)


def write_accounts(path: Path, accounts: Iterable[Account]) -> None:
    """Add accounts to the file (mode 600), replacing it in one step."""
    lines = {
        row["username"]: tuple(from_csv_text(row[name]) for name in HEADER)
        for row in _existing(path)
    }
    lines |= {account.username: astuple(account) for account in accounts}
    text = io.StringIO()
    write_csv(text, HEADER, lines.values())
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _existing(path: Path) -> list[dict[str, str]]:
    return read_shipped(path) if path.exists() else []

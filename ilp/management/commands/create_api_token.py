from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from knox.models import AuthToken

from facilities.models import User


class Command(BaseCommand):
    help = "Make an API token for an account; it is shown once and kept only as a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, help="ends after so many days; without: never")
        parser.add_argument(
            "--replace", action="store_true", help="revoke the account's other tokens"
        )

    def handle(
        self, *args: Any, username: str, days: int | None, replace: bool, **options: Any
    ) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user “{name}”.").format(name=username))
        if days is not None and days < 1:
            raise CommandError(_("A token is valid for at least one day."))
        if not user.current_postings and not user.is_superuser:
            raise CommandError(_("{name} has no posting today.").format(name=user))
        if replace:
            AuthToken.objects.filter(user=user).delete()
        expiry = None if days is None else dt.timedelta(days=days)
        _row, token = AuthToken.objects.create(user, expiry=expiry)
        self.stdout.write(token)
        self.stderr.write(_("Shown only this once: keep it in a safe place."))

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from facilities.models import User
from ilp.signin.tokens import MOST_DAYS, USUAL_DAYS, make_token, revoke, tokens_of


class Command(BaseCommand):
    help = "Make an API token for an account; it is shown once and kept only as a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--days", type=int, default=USUAL_DAYS,
            help=f"ends after so many days, at most {MOST_DAYS}; without: {USUAL_DAYS}",
        )  # fmt: skip
        parser.add_argument(
            "--replace", action="store_true", help="revoke the account's other tokens"
        )

    def handle(self, *args: Any, username: str, days: int, replace: bool, **options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user “{name}”.").format(name=username))
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(_("A token is valid for 1 to {most} days.").format(most=MOST_DAYS))
        if not user.current_postings and not user.is_superuser:
            raise CommandError(_("{name} has no posting today.").format(name=user))
        if replace:
            for token in tokens_of(user):
                revoke(person=user, by=None, ident=token.ident)
        self.stdout.write(make_token(person=user, by=None, days=days))
        self.stderr.write(_("Shown only this once: keep it in a safe place."))

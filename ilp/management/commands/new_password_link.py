from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from facilities.models import User
from ilp.signin.factors import reset_factors
from ilp.signin.links import make_link


class Command(BaseCommand):
    help = "Print a link for a new password, good once: for an administrator nobody else can help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--reset-second-step", action="store_true", help="the phone is lost: remove it as well"
        )

    def handle(self, *_args: Any, username: str, reset_second_step: bool, **_options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user “{name}”.").format(name=username))
        if reset_second_step:
            reset_factors(person=user, by=None)
        self.stdout.write(make_link(person=user, by=None))

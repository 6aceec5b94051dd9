"""``manage.py doctor``: each promise of the installation with its present state."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from ilp.promises import Promise, promises


class Command(BaseCommand):
    help = "Print each promise of this installation with its state; exit 1 when one is broken."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for promise in promises():
            broken += not promise.is_kept
            self.stdout.write(_line(promise))
        if broken:
            self.stderr.write(_("{count} promises are not kept").format(count=broken))
            raise SystemExit(1)


def _line(promise: Promise) -> str:
    state = _("yes") if promise.is_kept else _("NO")
    line = f"{state:<6} {promise.text}"
    if promise.found:
        line += f" ({promise.found})"
    if not promise.is_kept and promise.cure:
        line += f"\n       → {promise.cure}"
    return line

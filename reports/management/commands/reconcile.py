"""``manage.py reconcile``: the loop that keeps the promise that no document is ever lost."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils.translation import gettext as _

from reports.deliveries.reconcile import resend
from reports.printing.documents.reconcile import build_abandoned, reconcile
from reports.printing.press import PRESS

_EVERY_SECONDS = 10.0
_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = _("Send again what lost its message; build it here if no worker does.")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help=_("one round, then end"))

    def handle(self, *args: Any, **options: Any) -> None:
        loop = Loop()
        if options["once"]:
            loop.round()
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_frame: loop.stopped.set())
        loop.run()


class Loop:
    """Rounds every ten seconds until ``stopped``; what is away ends only the round."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._is_helping = False
        self._last_file = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                close_old_connections()
                self.round()
            except (OperationalError, InterfaceError) as error:
                _log.warning("database_away: %s", error)
                connection.close()
            except OSError as error:  # the folder of the reports: full, read only, not mounted
                _log.warning("files_away: %s", error)
            self.stopped.wait(_EVERY_SECONDS)

    def round(self) -> None:
        _beat()
        self._last_file = reconcile(self._last_file).last_file_checked
        resend()
        self._is_helping = build_abandoned(self._may_go_on, is_helping=self._is_helping)
        if not self._is_helping:
            PRESS.close()  # its memory is needed only while no worker builds

    def _may_go_on(self) -> bool:
        """Asked between two documents: a long queue must not look like a dead process."""
        _beat()
        return not self.stopped.is_set()


def _beat() -> None:
    # By name: apps below must not import the one that wires them.
    apps.get_model("ilp", "Heartbeat").objects.beat("reconcile")

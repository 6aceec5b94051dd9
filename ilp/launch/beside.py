"""A command in the foreground beside the servers: it keeps the terminal and its Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess

from ilp.launch.process import ask_to_die_with_parent
from ilp.launch.supervisor import Stopped
from ilp.launch.words import StartError, _


def run_beside(command: list[str]) -> int:
    """Run to the end; its exit code. When we are told to stop, it is told too."""
    parent = os.getpid()
    try:
        child = subprocess.Popen(  # noqa: S603 - the caller's own command
            command,
            preexec_fn=lambda: ask_to_die_with_parent(parent, signal.SIGTERM),  # noqa: PLW1509
        )
    except FileNotFoundError as error:
        raise StartError(_("No such command: {name}").format(name=command[0])) from error
    while True:
        try:
            return child.wait()
        except Stopped:
            # At a terminal Ctrl-C has reached the command already; a second one does no harm.
            child.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(30)
            child.kill()

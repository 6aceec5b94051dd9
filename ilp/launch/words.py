"""What the launcher says, in the language of the installation.

It speaks before Django is set up (and without a database), so it uses the standard
gettext on the product's own catalogue; before the catalogue is compiled the lines
are English.
"""

from __future__ import annotations

import contextlib
import gettext
import os
import sys
from typing import NoReturn

from ilp import env


class StartError(Exception):
    """The installation cannot start; the text names the cause and the cure."""


def _(message: str) -> str:
    """The message in ``PANTAU_LANGUAGE`` (default ``id``)."""
    language = os.environ.get("PANTAU_LANGUAGE", "id")
    catalogue = gettext.translation(
        "django", env.BASE_DIR / "locale", languages=[language], fallback=True
    )
    return catalogue.gettext(message)


def say(line: str) -> None:
    """One line of progress."""
    with contextlib.suppress(OSError):  # nobody reads any more; the site goes on
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def die(error: StartError) -> NoReturn:
    """The error on stderr, then exit code 1."""
    sys.stderr.write(_("Cannot start: {reason}").format(reason=error) + "\n")
    raise SystemExit(1)

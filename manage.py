#!/usr/bin/env python
"""Django's command line. PANTAU_DATA=DIR tells it which installation is meant."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        # Database away, disk full: one sentence, not a page of the program's insides.
        from ilp.outage import said_plainly

        if not (sentence := said_plainly(error)):
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()

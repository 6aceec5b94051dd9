"""Keeps an example of the sheets as they are written today: see the package."""

from __future__ import annotations

import argparse
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")
django.setup()

from tests.sheets_for_ever.store import record_shapes, store_examples  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sheets_for_ever", description=__doc__)
    parser.add_argument("what", choices=["store", "record"])
    parser.add_argument("--as", dest="suffix", default="", help="a further set, named with this")
    given = parser.parse_args()
    try:
        done = record_shapes()
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    if given.what == "store":
        done += store_examples(given.suffix)
    print("\n".join(map(str, done)) or "Nothing to do: everything stands already.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

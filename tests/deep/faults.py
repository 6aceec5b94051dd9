"""Every fault of tests/faults/list.toml, made and caught: ``scripts/test --deep=faults``."""

from __future__ import annotations

import sys

from tests.faults.__main__ import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

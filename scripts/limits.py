"""How long lines and files may be: limits.py [--lines MOST] WIDTH FILE..."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=sys.maxsize)
    parser.add_argument("width", type=int)
    parser.add_argument("files", type=Path, nargs="*")
    asked = parser.parse_args()
    found = [text for path in asked.files for text in too_long(path, asked.width, asked.lines)]
    sys.stderr.writelines(f"{text}\n" for text in found)
    return 1 if found else 0


def too_long(path: Path, width: int, most_lines: int) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if len(line) > width:
            yield f"{path}:{number}: {len(line)} characters, at most {width}"
    if len(lines) > most_lines:
        yield f"{path}: {len(lines)} lines, at most {most_lines}: split it into parts"


if __name__ == "__main__":
    sys.exit(main())

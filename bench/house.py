"""How the house stands: sizes of files and functions, of templates, and what the rooms share.

``scripts/measure`` runs it. Nothing of the project is imported or run: everything is read from the
files that git knows, so the figures hold for the tree as it lies there.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
APPS = ("ilp", "reports", "clusters", "lifecycle", "facilities")
ROOMS = (
    "share", "sheets", "review", "places", "problems", "printing", "deliveries", "deadlines",
    "figures",
)  # fmt: skip
# What stands below all rooms, and what lets people in above them.
GROUND = ("shapes", "lookup", "form_fields", "permissions", "models", "states", "leases")
LONGEST_TEMPLATE_LINE = 120
LONGEST_TEMPLATE = 120


@dataclass(frozen=True)
class Spread:
    """Median, ninth decile and largest of some sizes."""

    median: float
    p90: float
    most: int
    where: str

    @classmethod
    def of(cls, sizes: dict[str, int]) -> Spread:
        values = sorted(sizes.values())
        where = max(sizes, key=lambda name: sizes[name])
        return cls(statistics.median(values), values[int(len(values) * 0.9)], max(values), where)

    def __str__(self) -> str:
        return f"median {self.median:g} · p90 {self.p90:g} · max {self.most} ({self.where})"


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows and that are there."""
    command = ["git", "ls-files", "-z", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def own_code() -> list[Path]:
    """The product's Python, without migrations."""
    files = tracked(*(f"{app}/*.py" for app in APPS))
    return [path for path in files if "migrations" not in path.parts]


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(paths: Sequence[Path]) -> dict[str, int]:
    """Lines of every function and method, its decorators left out."""
    found = {}
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                found[f"{name_of(path)}:{node.name}"] = lines
    return found


def modules(paths: Sequence[Path]) -> dict[str, Path]:
    """Files by the dotted name they are imported under."""
    dotted = {name_of(path).removesuffix(".py").replace("/", "."): path for path in paths}
    return {name.removesuffix(".__init__"): path for name, path in dotted.items()}


def imports(known: dict[str, Path]) -> set[tuple[str, str]]:
    """(module, module) for every import between known modules, each pair once."""
    return {
        (name, target)
        for name, path in known.items()
        for target in _targets(path, known)
        if target != name
    }


def _targets(path: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield from [name for name in (full, node.module) if name in known][:1]
        elif isinstance(node, ast.Import):
            yield from [alias.name for alias in node.names if alias.name in known]


def room_of(module: str) -> str:
    """The room of a module of ``reports``; «ground» below all rooms, «door» above them."""
    part = module.removeprefix("reports").strip(".").partition(".")[0]
    if part in ROOMS:
        return part
    return "ground" if part in GROUND else "door"


def shares(pairs: set[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """(imports that stay in their room, all) of each room and of all rooms together.

    Imports of the ground (models, permissions, states, read shapes) are left out: they stand below
    every room on purpose. With them counted the share cannot pass about two thirds.
    """
    found: Counter[tuple[str, bool]] = Counter()
    for source, target in pairs:
        room = room_of(source)
        if room in ROOMS and room_of(target) in ROOMS:
            for name in (room, "all rooms"):
                found[name, room == room_of(target)] += 1
    names = ("all rooms", *ROOMS)
    return {name: (found[name, True], found[name, True] + found[name, False]) for name in names}


def main() -> int:
    code, tests = own_code(), tracked("tests/*.py")
    templates = tracked("templates/*.html", "templates/*.txt", "templates/*.js")
    print(f"files      {len(code)} · {Spread.of({name_of(p): line_count(p) for p in code})}")
    long_functions = functions(code)
    print(f"functions  {len(long_functions)} · {Spread.of(long_functions)}")
    for label, paths in (("tests", tests), ("templates", templates)):
        sizes = {name_of(path): line_count(path) for path in paths}
        print(f"{label:<10} {len(paths)} · {Spread.of(sizes)}")
    widths = {
        f"{name_of(path)}:{number}": len(line)
        for path in templates
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    }
    print(f"their lines  {len(widths)} · {Spread.of(widths)}")
    too_wide = sum(width > LONGEST_TEMPLATE_LINE for width in widths.values())
    too_long = sum(line_count(path) > LONGEST_TEMPLATE for path in templates)
    print(
        f"  over {LONGEST_TEMPLATE_LINE} characters: {too_wide};"
        f" templates over {LONGEST_TEMPLATE} lines: {too_long}"
    )
    known = modules([path for path in code if path.is_relative_to(ROOT / "reports")])
    pairs = imports(known)
    print("imports of reports/ that stay in their room (without those of the ground below all)")
    for name, (inside, total) in shares(pairs).items():
        print(f"  {name:<11} {inside:>4} of {total:<4} {inside / total:6.1%}" if total else name)
    every = sum(room_of(a) == room_of(b) for a, b in pairs)
    print(f"  with every import counted: {every} of {len(pairs)} {every / len(pairs):.1%}")
    print(f"suite      {last_run()}")
    return 0


def last_run() -> str:
    """How long the whole suite took the last time it ran here."""
    record = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var-test" / "suite.txt"
    if not record.exists():
        return "not run here yet (scripts/test)"
    return record.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    sys.exit(main())

"""Memory of the whole site: at rest, while it builds a week, and while 50,000 rows are imported.

Starts the site of an installation with demo data by itself (it must not run already), asks for
every PDF of a finished week, then imports counts in a dry run: all the work, nothing kept. What is
added up is the proportional share of each process (PSS), so shared pages count once. Run it on a
quiet machine; the aim is 1.5 GB for everything at its highest.

PANTAU_DATA=var .venv/bin/python -m bench.memory [ROWS]
"""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.common import setup

setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from clusters.models import Indicator  # noqa: E402
from clusters.models.catalogue import Level  # noqa: E402
from clusters.weeks import Week  # noqa: E402
from facilities.models import District, Facility  # noqa: E402
from facilities.models.facility import FacilityKind  # noqa: E402
from ilp import env  # noqa: E402
from ilp.launch.processor import usage  # noqa: E402
from tests.integration.launch.sites import free_port, launched, site_command  # noqa: E402

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
AIM_MIB = 1536
_WORDS = ("postgres", "valkey", "web", "reconcile", "beat", "mail", "worker", "load_achievements")


def main() -> None:
    data = env.data_dir()
    with launched(site_command(data, free_port())) as site:
        site.wait_line("ready ", seconds=600)
        district = District.objects.filter(is_demo=True).first()
        if district is None:
            raise SystemExit("This installation has no demo district: load the demo first.")
        week = Week.of(timezone.localdate(timezone=district.zone)) - 2
        pid = site.popen.pid
        _until_ready(pid)
        _print("at rest", _highest(pid, None))
        code = district.area.code
        build = _manage("build_reports", "--district", code, "--week", str(week), "--wait")
        _print(f"building week {week} of {code}", _highest(pid, build))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "counts.csv"
            rows = _write_counts(file, district, week)
            connection.close()
            load = _manage("load_achievements", str(file), "--dry-run", "--verbosity", "0")
            _print(f"importing {rows} rows", _highest(pid, load))


def _until_ready(pid: int) -> None:
    """Until nothing has used the processor for some seconds, five minutes at most."""
    for _look in range(60):
        before = usage(pid).seconds
        time.sleep(5)
        if usage(pid).seconds - before < 0.5:
            return


def _manage(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(env.BASE_DIR / "manage.py"), *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _highest(pid: int, work: subprocess.Popen[bytes] | None) -> Counter[str]:
    """MiB by part in the moment in which all of them together had most."""
    highest: Counter[str] = Counter()
    while True:
        members = set(usage(pid).pids) | (set(usage(work.pid).pids) if work else set())
        found: Counter[str] = Counter()
        for member in members:
            name, kib = _share(member)
            found[name] += kib
        highest = max(highest, found, key=lambda parts: parts.total())
        if work is None or work.poll() is not None:
            break
        time.sleep(0.5)
    if work is not None and work.returncode:
        print(f"the command ended with {work.returncode}: the figure is of what it did before")
    return Counter({name: kib // 1024 for name, kib in highest.items()})


def _share(pid: int) -> tuple[str, int]:
    """Which part a process belongs to, and its proportional share in KiB."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has just ended
        return "other", 0
    kib = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    name = next((word for word in _WORDS if word in command), "launcher")
    return ("worker" if "default,reports" in command else name), kib


def _write_counts(file: Path, district: District, week: Week) -> int:
    """Counts of Posyandu in weeks before any review, as the import takes them."""
    places = Facility.objects.filter(district=district, kind=FacilityKind.POSYANDU)
    codes = Indicator.objects.filter(level=Level.POSYANDU).values_list("code", flat=True)
    pairs = [(place, code) for place in places.values_list("code", flat=True) for code in codes]
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["kode_faskes", "indikator", "minggu", "jumlah"])
        for number in range(ROWS):
            place, code = pairs[number % len(pairs)]
            writer.writerow([place, code, str(week - 60 - number // len(pairs)), 1])
    return ROWS


def _print(name: str, parts: Counter[str]) -> None:
    share = parts.total() / AIM_MIB
    print(f"{name:<40} {parts.total():6} MiB   aim {AIM_MIB} MiB   ratio {share:5.2f}")
    for part, mib in parts.most_common():
        print(f"  {part:<38} {mib:6} MiB")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.environ.setdefault("PANTAU_DATA", str(env.data_dir()))
    main()

"""``python -m ilp.launch``: the whole site, only its servers, or a command beside them."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from ilp.launch import checks
from ilp.launch.servers import start_servers
from ilp.launch.supervisor import Stopped, Supervisor
from ilp.launch.words import StartError, _, die, say


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ilp.launch", description=__doc__)
    parser.add_argument("what", choices=["servers", "with-servers"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fast", action="store_true", help="no fsync: for tests only")
    return parser


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and the command after ``--``."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def main(arguments: list[str]) -> int:
    ours, command = _split(arguments)
    options = _parser().parse_args(ours)
    options.command = command
    data: Path = options.data.resolve()
    os.environ["PANTAU_DATA"] = str(data)
    try:
        checks.make_data_dir(data)
        checks.check_space(data)
        with checks.take_lock(data):
            return _serve(options, data)
    except StartError as error:
        die(error)
    except OSError as error:
        if full := checks.disk_full(error, data):
            die(full)
        raise


def _serve(options: argparse.Namespace, data: Path) -> int:
    supervisor = Supervisor(data / "children.json")
    supervisor.clear_survivors()
    try:
        with supervisor.handling_signals():
            start_servers(supervisor, data, fast=options.fast)
            if options.what == "with-servers":
                return subprocess.run(options.command, check=False).returncode  # noqa: S603
            say(_("Servers are ready in {path}").format(path=data))
            supervisor.watch(lambda: None)
    except Stopped:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

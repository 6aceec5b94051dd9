"""``python -m ilp.launch``: the whole site, one service, only the servers, a command beside them.

run           everything, as ``scripts/run`` does
service NAME  one of web, worker, mailer, reconcile, beat under its own watchdog (containers)
probe NAME    exit 0 when that service works (health checks of containers)
servers       only the embedded PostgreSQL and Valkey
with-servers  the command after ``--`` beside the servers, as their owner (``scripts/test``)
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from ilp import env
from ilp.launch import checks
from ilp.launch.beside import run_beside
from ilp.launch.prepare import compile_translations
from ilp.launch.probe import probe
from ilp.launch.servers import start_servers
from ilp.launch.services import NAMES, background
from ilp.launch.site import check_site, run_site, start_web
from ilp.launch.supervisor import Stopped, Supervisor
from ilp.launch.watchdog import Watchdog
from ilp.launch.words import StartError, _, die, say


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(_("a port is a number from 1 to 65535"))
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pantau", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    address = argparse.ArgumentParser(add_help=False)
    address.add_argument("--host", default="127.0.0.1")
    address.add_argument("--port", type=_port, default=8000)
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument("--data", type=Path, default=env.data_dir())
    place.add_argument("--fast", action="store_true", help="no fsync: for tests only")
    modes = parser.add_subparsers(dest="mode", required=True)
    run = modes.add_parser("run", parents=[address, place])
    run.add_argument("--district", default="19.06", help="Kemendagri code, e.g. 19.06")
    run.add_argument("--no-demo", action="store_true", help="no demo history, no demo accounts")
    for mode in ("service", "probe"):
        modes.add_parser(mode, parents=[address]).add_argument("name", choices=NAMES)
    for mode in ("servers", "with-servers"):
        modes.add_parser(mode, parents=[place])
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
    if options.mode == "probe":
        return probe(options.name, options.host, options.port)
    data = (options.data if "data" in options else env.data_dir()).resolve()
    os.environ["PANTAU_DATA"] = str(data)
    try:
        checks.make_data_dir(data)
        if options.mode == "service":
            return _run_service(options, data)
        with checks.take_lock(data):
            return _run_with_servers(options, data, command)
    except StartError as error:
        die(error)
    except OSError as error:
        if full := checks.disk_full(error, data):
            die(full)
        raise


def _run_service(options: argparse.Namespace, data: Path) -> int:
    compile_translations()
    with tempfile.TemporaryDirectory() as folder:
        supervisor = Supervisor(Path(folder) / "children.json", partial(checks.has_room, data))
        try:
            with supervisor.handling_signals():
                if options.name == "web":
                    with checks.take_port(options.host, options.port) as listener:
                        start_web(supervisor, listener, options)
                        supervisor.watch(lambda: None)
                supervisor.launch(background(options.name))
                supervisor.watch(Watchdog(supervisor, (options.name,), data))
        except Stopped:
            return 0


def _run_with_servers(options: argparse.Namespace, data: Path, command: list[str]) -> int:
    supervisor = Supervisor(data / "children.json", partial(checks.has_room, data))
    supervisor.clear_survivors()
    try:
        with supervisor.handling_signals():
            if options.mode == "run":
                with check_site(options, data) as listener:
                    run_site(options, data, supervisor, listener)
            checks.check_space(data)
            start_servers(supervisor, data, fast=options.fast)
            if options.mode == "with-servers":
                compile_translations()
                # Tests make and drop databases; the product itself never works as the owner.
                os.environ.setdefault("DATABASE_URL", env.owner_url())
                return run_beside(command)
            say(_("Servers are ready in {path}").format(path=data))
            supervisor.watch(lambda: None)
    except Stopped:
        say(_("Stopped"))
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

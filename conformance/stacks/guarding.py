"""A guard: what the recorder started ends when the recorder does, however that was killed.

SIGKILL cannot be caught, and a stack that runs in a process group of its own would live on. The
guard is a shell in a session of its own that reads from a pipe of which only the recorder has the
other end: when the recorder is gone, so is the pipe, and the guard kills the group, whatever else
has the folder as its TMPDIR, and removes the folder.
"""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

_SCRIPT = """
read -r group
read -r never
if [ -n "$group" ]; then kill -s KILL -- "-$group"; fi
grep -slF -e "TMPDIR=$1" /proc/[0-9]*/environ | while IFS=/ read -r nothing proc process environ; do
    kill -s KILL "$process"
done
for attempt in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf -- "$1"
    if [ ! -e "$1" ]; then exit; fi
    sleep 0.2
done
"""


class Guard:
    """Guards a folder from its making on, and the process group that it is told; see above."""

    def __init__(self, folder: Path) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "negotiation-guard", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def watch(self, group: int) -> None:
        """Tells which process group is to be killed."""
        if self._shell.stdin is not None:
            # A guard that somebody killed guards nothing, and is no reason to record nothing.
            with contextlib.suppress(BrokenPipeError):
                self._shell.stdin.write(f"{group}\n".encode())
                self._shell.stdin.flush()

    def dismiss(self) -> None:
        """Ends the guard: there is nothing left to guard."""
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._shell.stdin.close()

"""A real terminal, driven: tmux, on a socket of its own."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

TMUX = shutil.which("tmux")

TELLS_SIZES_EVERY = 0.25
"""Seconds between two sizes that tmux tells a program."""

PATIENCE = 60.0
"""Seconds that a screen may take on a busy machine."""


class Terminal:
    """A terminal of so many columns and rows, in which a shell runs."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def press(self, *keys: str) -> None:
        """Press keys, as tmux calls them."""
        self._tmux("send-keys", "-t", "x", *keys)

    def write(self, text: str) -> None:
        """Write the text."""
        self._tmux("send-keys", "-t", "x", "-l", text)

    def screen(self, *, styled: bool = False) -> list[str]:
        """The rows as they are shown; with `styled`, with their escape sequences."""
        told = self._tmux("capture-pane", "-p", *(["-e"] if styled else []), "-t", "x")
        return told.split("\n")[:-1]

    def wait_for(self, *texts: str, without: str | None = None) -> list[str]:
        """The rows, once all these texts are shown."""
        until = time.monotonic() + PATIENCE
        while True:
            shown = self.screen()
            whole = "\n".join(shown)
            if all(one in whole for one in texts) and (without is None or without not in whole):
                return shown
            assert time.monotonic() < until, f"{texts} is not shown:\n{whole}"
            time.sleep(0.05)

    def resize(self, columns: int, rows: int) -> None:
        """Make it larger or smaller, and give tmux the quarter of a second that it takes to tell.

        Sizes that follow each other faster are sometimes not told at all.
        """
        self._tmux("resize-window", "-t", "x", "-x", str(columns), "-y", str(rows))
        time.sleep(2 * TELLS_SIZES_EVERY)

    def is_in_the_alternate_screen(self) -> bool:
        """Whether a program has the whole screen."""
        return self._tmux("display-message", "-p", "-t", "x", "#{alternate_on}").strip() == "1"

    def _tmux(self, *arguments: str) -> str:
        return _run(self._socket, *arguments)


@contextlib.contextmanager
def terminal(
    folder: Path,
    columns: int,
    rows: int,
    *,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = ("bash", "--norc", "--noprofile"),
) -> Iterator[Terminal]:
    """A terminal in which the command runs, in this folder; it is gone at the end."""
    socket = folder / "tmux"
    variables = [
        part for name, value in (environment or {}).items() for part in ("-e", f"{name}={value}")
    ]
    size = ["-x", str(columns), "-y", str(rows)]
    started = ["-f", "/dev/null", "new-session", "-d", "-s", "x", "-c", str(folder), *size]
    _run(socket, "-u", *started, *variables, shlex.join(command))
    try:
        yield Terminal(socket)
    finally:
        _run(socket, "kill-server")


def _run(socket: Path, *arguments: str) -> str:
    assert TMUX is not None
    ran = subprocess.run(
        [TMUX, "-S", str(socket), *arguments], capture_output=True, text=True, timeout=30
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout

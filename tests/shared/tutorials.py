"""A page followed as its reader would: its files written, its commands run in order, in one folder.

In a page,

* ```` ```bash ```` holds commands; where the word `live` follows, they need a stack, and `setup`
  says that they install what a test has already. A line
  `# exit code: 1` says how the command above it ends, if not with 0;
* ```` ```text ```` behind it shows some of what they print: each line is there, in this order;
  `...` stands for lines that are left out;
* any other block with `file=NAME` behind its language is a file that the reader writes.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

ROOT = Path(__file__).parent.parent.parent

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.M | re.S)
_CODE = re.compile(r"# exit code: (\d+)$")
_ELIDED = "..."
_SETTINGS = {"PYTHONPATH": str(ROOT / ".src"), "COLUMNS": "100"}

# The tool of this tree, whichever is installed.
_TOOL = f'negotiation() {{ {shlex.quote(sys.executable)} -m negotiation.conformance.cli "$@"; }}'


class Block(msgspec.Struct, frozen=True):
    """A fenced block of a page: its language, the words behind it, and where it begins."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int

    @property
    def is_live(self) -> bool:
        return "live" in self.words

    @property
    def file(self) -> str | None:
        """The name of the file that this is, if it is one."""
        named = (one.removeprefix("file=") for one in self.words if one.startswith("file="))
        return next(named, None)


def blocks_of(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in their order."""
    text = page.read_text("utf-8")
    for fence in _FENCE.finditer(text):
        language, *words = fence["info"].split() or [""]
        line = text.count("\n", 0, fence.start()) + 1
        yield Block(language, tuple(words), fence["text"], line)


def follow(
    page: Path,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    live: bool = False,
    tool: str = _TOOL,
) -> int:
    """Follow the page in the folder; returns how many commands were run.

    Without `live` the blocks that need a stack are passed over, with what they print. `tool` is a
    function of the shell by which `negotiation` is this tree's; "" is for a reader who installs it.
    """
    ran, printed = 0, None
    for block in blocks_of(page):
        where = f"{page.name}:{block.line}"
        if block.file is not None:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
        elif block.language == "bash" and "setup" not in block.words:
            printed = None
            if live or not block.is_live:
                ran += len(_commands(block.text))
                printed = _run(f"{tool}\n", block.text, folder, environment, where)
        elif block.language == "text" and printed is not None:
            _shows(printed, block.text, where)
    return ran


def _commands(script: str) -> list[tuple[str, int]]:
    """The commands of a block, each with the exit code that it must end with."""
    commands: list[tuple[str, int]] = []
    for line in script.replace("\\\n", " ").splitlines():
        code = _CODE.match(line.strip())
        if code is not None:
            commands[-1] = (commands[-1][0], int(code[1]))
        elif line.strip() and not line.lstrip().startswith("#"):
            commands.append((line.strip(), 0))
    return commands


def _run(
    tool: str, script: str, folder: Path, environment: Mapping[str, str] | None, where: str
) -> str:
    told = ""
    for command, expected in _commands(script):
        ran = subprocess.run(
            ["bash", "-uo", "pipefail", "-c", f"{tool}{command}"],
            cwd=folder,
            env={**os.environ, **_SETTINGS, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        told += ran.stdout
        assert ran.returncode == expected, f"{where}: {command}: {ran.returncode}\n{ran.stdout}"
    return told


def _shows(printed: str, shown: str, where: str) -> None:
    at = 0
    for line in shown.splitlines():
        if line.strip() and line.strip() != _ELIDED:
            found = printed.find(line.rstrip(), at)
            assert found >= 0, f"{where}: not printed, or not here: {line}\n{printed}"
            at = found + len(line.rstrip())

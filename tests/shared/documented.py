"""Every command that the pages show, and a desk to run them on."""

from __future__ import annotations

import gzip
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

ROOT = Path(__file__).parent.parent.parent
PAGES = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "traces" / "README.md",
    *sorted(set((ROOT / "docs").glob("*.md")) - {ROOT / "docs" / "commands.md"}),
    *sorted((ROOT / "docs" / "stacks").glob("*.md")),
)
"""The pages with commands in them. Tutorials are followed as a whole, elsewhere; `commands.md` is
made of the parsers, and tested with them."""

_COMMAND = re.compile(r"^(?: {4}|\$ ?)negotiation ([a-z]+(?: .*)?)$", re.M)
_TRACE = re.compile(r"traces/[^\s'\"]+\.jsonl\.gz")


class Example(msgspec.Struct, frozen=True):
    """A command of a page, its arguments as the shell gives them."""

    page: str
    line: int
    arguments: tuple[str, ...]

    @property
    def command(self) -> str:
        return self.arguments[0]

    @property
    def stacks(self) -> list[str]:
        """The stacks that it drives; the model is there always."""
        if self.command not in ("record", "fuzz"):
            return []
        after = zip(self.arguments, self.arguments[1:], strict=False)
        return [value for name, value in after if name == "--stack" and value != "model"]

    @property
    def is_live(self) -> bool:
        """Whether it needs a stack, or installs one."""
        plays = bool(self.stacks) or "--adapter" in self.arguments
        return plays or "--install" in self.arguments or self.arguments[:2] == ("stacks", "install")

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: negotiation {shlex.join(self.arguments)}"


def examples() -> Iterator[Example]:
    """Every command, in the order of the pages."""
    for page in PAGES:
        text = page.read_text("utf-8").replace("\\\n", "  ")
        for shown in _COMMAND.finditer(text):
            arguments = tuple(shlex.split(shown[1], comments=True))
            line = text.count("\n", 0, shown.start()) + 1
            yield Example(page.relative_to(ROOT).as_posix(), line, arguments)


def set_desk(folder: Path) -> None:
    """Everything that examples name, in a folder: a few recordings, a dump, a call of one's own."""
    shutil.copytree(ROOT / "docs", folder / "docs")  # examples write there
    for known in (ROOT / "traces").glob("**/expectations.json"):
        _copy(folder, known.relative_to(ROOT).as_posix())
    for named in {name for one in examples() for name in _TRACE.findall(" ".join(one.arguments))}:
        _copy(folder, named)
    for version in (ROOT / "traces").glob("*/[0-9]*"):
        for program in ("first-change", "rollback-of-a-local-offer"):
            _copy(folder, f"{version.relative_to(ROOT)}/{program}.jsonl.gz")
    dump = ROOT / "docs" / "dumps" / "called-in-wrong-state.txt"
    for name in ("dump.txt", "webrtc_internals_dump.txt"):
        shutil.copyfile(dump, folder / name)
    call = ROOT / "traces" / "wrtc" / "0.1.0" / "a-rejected-section-is-recycled.jsonl.gz"
    for name in ("caller.jsonl.gz", "callee.jsonl.gz"):
        shutil.copyfile(call, folder / name)
    (folder / "call.jsonl").write_bytes(gzip.decompress(call.read_bytes()))
    shutil.copyfile(ROOT / "docs" / "adapters" / "minimal.mjs", folder / "my-adapter.mjs")
    shutil.copytree(folder / "traces" / "chromium" / "156.0.8078.79", folder / "recorded/chromium")


def _copy(folder: Path, path: str) -> None:
    source, target = ROOT / path, folder / path
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)

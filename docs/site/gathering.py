"""The pages of the repository, brought into one folder: where each stands, and what links become.

A link to another page leads to that page; one to a file of the repository becomes a download, one
to a folder the folder's name. A link to nothing is an error: the site cannot be built with one.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

ELSEWHERE = {
    "README.md": "project/readme.md",
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "traces/README.md": "trace-format.md",
    "traces/confirmations/README.md": "confirmations.md",
}
"""Pages outside of docs/, and where they stand in the site."""

_FENCE = re.compile(r"^\s*(```|~~~)")
_LINK = re.compile(r"(?P<told>!?\[(?:[^\[\]]|\[[^\]]*\])*\])\((?P<target>[^()\s]+)\)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)


class BrokenLinkError(Exception):
    """A page leads to something that is not there."""


def pages_of(root: Path) -> dict[str, str]:
    """Every page that people write: its path in the repository -> its path in the site."""
    docs = {
        path.relative_to(root).as_posix(): path.relative_to(root / "docs").as_posix()
        for path in sorted((root / "docs").rglob("*.md"))
        if root / "docs" / "site" not in path.parents
    }
    return docs | {path: place for path, place in ELSEWHERE.items() if (root / path).exists()}


def gather(root: Path, staging: Path) -> list[str]:
    """Copy every page, and the files that pages lead to; returns the places of the pages.

    Raises:
        BrokenLinkError: a link leads nowhere; the message lists all of them.
    """
    pages = pages_of(root)
    broken: list[str] = []
    for path, place in pages.items():
        links = Links(root, staging, path, pages)
        target = staging / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(links.rewritten()), "utf-8")
        broken += links.broken
    if broken:
        raise BrokenLinkError("links that lead nowhere:\n" + "\n".join(broken))
    return list(pages.values())


class Links:
    """The lines of one page, its links rewritten for the site."""

    def __init__(self, root: Path, staging: Path, path: str, pages: dict[str, str]) -> None:
        self._root = root
        self._staging = staging
        self._path = path
        self._pages = pages
        self.broken: list[str] = []

    def rewritten(self) -> Iterator[str]:
        """The lines of the page; what stands in a block of code stays as it is."""
        fenced = False
        text = (self._root / self._path).read_text("utf-8")
        for number, line in enumerate(text.splitlines(keepends=True), start=1):
            is_fence = bool(_FENCE.match(line))
            fenced ^= is_fence
            if fenced or is_fence or line.startswith("    "):
                yield line
            else:
                yield _LINK.sub(partial(self._leading, line=number), line)

    def _leading(self, link: re.Match[str], *, line: int) -> str:
        target, hash, fragment = link["target"].partition("#")
        if not target or _ADDRESS.match(target):
            return link[0]
        path = os.path.normpath((PurePosixPath(self._path).parent / target).as_posix())
        if path in self._pages:
            return f"{link['told']}({self._from_here(self._pages[path])}{hash}{fragment})"
        if (self._root / path).is_dir():
            return link["told"][1:-1]
        if not (self._root / path).is_file() or path.startswith(".."):
            self.broken.append(f"  {self._path}:{line}: {link['target']}")
            return link[0]
        return f"{link['told']}({self._from_here(self._copied(path))})"

    def _copied(self, path: str) -> str:
        place = path.removeprefix("docs/") if path.startswith("docs/") else f"files/{path}"
        target = self._staging / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._root / path, target)
        return place

    def _from_here(self, place: str) -> str:
        return os.path.relpath(place, PurePosixPath(self._pages[self._path]).parent)

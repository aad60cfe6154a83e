"""Traces of a git revision, laid out in a folder: what another branch holds under the same names.

Files are written as a checkout would write them (line ends, large file storage), through an index
of their own: neither the repository nor its working tree is touched. (`git archive` would leave
out what a project marks `export-ignore`, as many do with their tests.)
"""

from __future__ import annotations

import glob
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import UsageError
from .finding_files import STDIN

TIMEOUT = 600.0
"""Seconds for one git command; large files may have to be fetched."""


class GitFailedError(UsageError):
    """A git command ended with an error."""


def lay_out(revision: str, names: Iterable[str], folder: Path) -> list[str]:
    """Writes what the names stand for in the revision below `folder`; gives the names there.

    Names are files, folders or patterns, as for `find_traces`, all in one repository. One of which
    the revision holds nothing is left out.

    Raises:
        UsageError: there is no such revision, or a name is in no repository.
    """
    named = list(names)
    if STDIN in named:
        raise UsageError("- (standard input) is in no revision; name files")
    if revision.startswith("-") or not revision.isprintable():
        raise UsageError(f"{revision}: no git revision; name a branch, a tag or a commit")
    top = _top_of(_literal_part(named[0]), revision)
    commit = _commit_of(revision, top)
    index = {"GIT_INDEX_FILE": os.fspath(folder / "index"), "GIT_LITERAL_PATHSPECS": "1"}
    _git(["read-tree", commit], top, index)
    tree = folder / "tree"
    tree.mkdir()
    found: list[str] = []
    for name in named:
        inside = _inside(name, top)
        literal = _literal_part(inside) or os.curdir
        files = _git(["ls-files", "-z", "--", literal], top, index)
        if files:
            _git(["checkout-index", "-f", "-z", "--stdin", f"--prefix={tree}/"], top, index, files)
            found.append(os.path.join(tree, inside))
    return found


def _top_of(name: str, revision: str) -> str:
    beside = (name if os.path.isdir(name) else os.path.dirname(name)) or os.curdir
    try:
        told = _git(["rev-parse", "--show-toplevel"], beside)
    except GitFailedError:
        what = f"there is no such file, and {beside} is in no git repository"
        raise UsageError(f"{revision}: {what}; name the JSON report of another run") from None
    return os.fsdecode(told).rstrip("\n")


def _commit_of(revision: str, top: str) -> str:
    try:
        told = _git(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], top)
    except GitFailedError:
        what = "neither a report nor a git revision that is here"
        do = "fetch it (`git fetch origin BRANCH`, and compare with origin/BRANCH), or name a file"
        raise UsageError(f"{revision}: {what}; {do}") from None
    return os.fsdecode(told).strip()


def _inside(name: str, top: str) -> str:
    """The name, from the top of the repository."""
    literal = _literal_part(name)
    rest = name[len(literal) :].lstrip("/")
    inside = os.path.relpath(os.path.realpath(literal or os.curdir), os.path.realpath(top))
    if inside.split(os.sep)[0] == os.pardir:
        raise UsageError(f"{name}: not in the repository {top}; name traces that are")
    return os.path.normpath(os.path.join(inside, rest)) if rest else inside


def _literal_part(name: str) -> str:
    """The part of a pattern before its first sign that means something; a path as it is."""
    if os.path.lexists(name) or not glob.has_magic(name):
        return name
    parts = name.split("/")
    kept = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    return "/".join(parts[:kept]) or ("/" if name.startswith("/") else "")


def _git(
    command: Sequence[str], folder: str, more: dict[str, str] | None = None, given: bytes = b""
) -> bytes:
    try:
        done = subprocess.run(
            ["git", *command],
            cwd=folder,
            env={**os.environ, **(more or {})},
            input=given,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed; install it, or compare with a report") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git {command[0]} took too long; compare with a report") from None
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise GitFailedError(f"git {command[0]} failed ({lines[-1]}); try it by hand")
    return done.stdout

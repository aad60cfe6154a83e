"""A confirmation script, what came of it, and the stack that it ran on."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TRACES = HERE.parent
SCRIPT_SECONDS = 15


class StackError(Exception):
    """A stack is not here, or could not be started."""


@dataclass(frozen=True)
class Result:
    """What one script told; `specified` is None where it failed."""

    slug: str
    specified: str | None
    seen: str

    @property
    def verdict(self) -> str:
        """In one word, what was seen."""
        if self.specified is None:
            return "fails"
        return "conforms" if self.seen == self.specified else "departs"


@dataclass(frozen=True)
class Stack:
    """How a stack is found and run; `run` gives the results of the scripts named.

    The scripts are in the folder `home`, and the expectations that they confirm are above it.
    """

    suffix: str
    version: str
    run: Callable[[Sequence[str]], Iterator[Result]]
    home: Path = HERE


def result_of(slug: str, command: Sequence[str]) -> Result:
    """What a script told that a command runs."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SCRIPT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Result(slug, None, "it did not end in time")
    # A stack may say something too, and may crash when the process ends.
    found = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    if found is None:
        last = (done.stderr.strip() or "no word").splitlines()[-1]
        return Result(slug, None, f"it failed with {done.returncode}: {last}")
    return Result(slug, *json.loads(found[1]))

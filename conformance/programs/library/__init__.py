"""The programs that come along, by name; and reading a program from a file of one's own."""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.resources import files

import msgspec

from negotiation.conformance.errors import UsageError, did_you_mean, reason_of
from negotiation.conformance.programs.language import Program

_SUFFIX = ".json"
_DECODER = msgspec.json.Decoder(Program)
# The name of a program becomes that of a file: text is never a path.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")
_SEE = "see docs/programs.md"


@cache
def names() -> tuple[str, ...]:
    """The names of all shipped programs, sorted."""
    listed = (one.name for one in files(__name__).iterdir())
    return tuple(sorted(one.removesuffix(_SUFFIX) for one in listed if one.endswith(_SUFFIX)))


def load(name: str) -> Program:
    """The shipped program of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in names():
        hint = did_you_mean(name, names(), "`negotiation programs` lists them")
        raise UsageError(f"there is no program {name!r}, nor a file of that name; {hint}")
    return _program((files(__name__) / f"{name}{_SUFFIX}").read_bytes(), name)


def read_program(path: str | os.PathLike[str]) -> Program:
    """The program in a file.

    Raises:
        UsageError: it cannot be read, or is no program; the field is named.
    """
    name = os.fspath(path)
    try:
        with open(path, "rb") as file:
            return _program(file.read(), name)
    except (OSError, ValueError) as error:
        message = f"{name}: cannot be read ({reason_of(error)}); check the path"
        raise UsageError(message) from None


def _program(text: bytes, file: str) -> Program:
    try:
        program = _DECODER.decode(text)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        field = f"field `{path.strip('.`')}`: " if path else ""
        raise UsageError(f"{file}: {field}{what.replace('`', '')}; {_SEE}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file}: not JSON ({error}); {_SEE}") from None
    return _checked(program, file)


def _checked(program: Program, file: str) -> Program:
    if not _NAME.fullmatch(program.name):
        message = "a name has letters, digits, dots and dashes only (a trace's file is called so)"
        raise UsageError(f"{file}: field `name`: is {program.name!r:.60}; {message}")
    used = [("peers", one.peer) for one in program.steps if one.peer is not None]
    used += [("handlers", one.peer) for one in program.handlers]
    for field, peer in used:
        if peer not in program.peers:
            listed = ", ".join(program.peers)
            raise UsageError(f"{file}: field `{field}`: there is no peer {peer!r}; it has {listed}")
    return program

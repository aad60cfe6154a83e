"""The exceptions of the conformance tools, each with the exit code of a command that it ends.

    NegotiationError
    ├── UsageError                exit code 2: the caller asked for something that cannot be done
    │   └── MissingExtraError     ... until an optional dependency is installed
    ├── TraceError                exit code 3: a trace could not be read (file, line and field)
    └── NegotiationFailedError    (`playwright`) a test's recording shows what should not be

Verdicts are values, never exceptions. The text of each is one line, with what to do after the last
semicolon. What a file says is hostile input, so whatever is not printable is shown escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar


class NegotiationError(Exception):
    """Whatever these tools raise on purpose; `exit_code` is what a command that it ends returns."""

    exit_code: ClassVar[int] = 2

    def __str__(self) -> str:
        return _printable(super().__str__())


class UsageError(NegotiationError):
    """The request cannot be carried out as it was made: a wrong argument, nothing to work on."""

    exit_code: ClassVar[int] = 2


class MissingExtraError(UsageError):
    """`what` needs an optional dependency; `extra` is the extra that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(what, extra)
        self.what = what
        self.extra = extra

    def __str__(self) -> str:
        return _printable(
            f"{self.what} needs packages that are not installed; "
            f"run: pip install 'negotiation[{self.extra}]'"
        )


class TraceError(NegotiationError):
    """A trace could not be read.

    `line` counts from 1 and is None when the file as a whole is meant; `field` is the path of the
    field in the line's object ("args.description.sdp"), None when the line as a whole is meant.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, file: str, line: int | None, field: str | None, message: str) -> None:
        super().__init__(file, line, field, message)
        self.file = file
        self.line = line
        self.field = field
        self.message = message

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        field = "" if self.field is None else f"field `{self.field}`: "
        return _printable(f"{place}: {field}{self.message}")


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """A hint to who named what there is not: the nearest that there is, or what else to tell."""
    import difflib  # for mistakes only

    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]}?" if close else otherwise


def reason_of(error: Exception) -> str:
    """Why a file cannot be opened, read or written, in the system's words where it has some."""
    return str(getattr(error, "strerror", None) or error)


def _printable(text: str) -> str:
    # repr() escapes exactly what is not printable; its quotes and backslashes would be noise here.
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)

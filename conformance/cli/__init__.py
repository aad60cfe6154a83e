"""The command line: `negotiation COMMAND ...`.

Each command is a module of this package, imported when it is asked for: this one imports almost
nothing, so that `negotiation --help` is there at once. A command's module has `EXAMPLES`,
`add_arguments(parser)` and `run(arguments)`, which returns the exit code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ..errors import NegotiationError

COMMANDS = {
    "check": "judge traces: the gate, with findings and an exit code",
    "replay": "step through one trace with the model beside it",
    "why": "why an event fired here, or did not, or a call was refused",
    "explain": "what a finding means, with an example and what to do",
    "redact": "make dumps and traces fit to be shown to others",
    "matrix": "stacks and versions across, rules and programs down",
    "coverage": "which rules recordings exercise, and which none does",
    "diff": "where two recordings first differ, or how two stacks do in all programs",
    "bisect": "between which versions of a stack something changed",
    "expectations": "what is expected of stacks: read it, keep it true",
    "import": "dumps of webrtc-internals, rtcstats and others, turned into traces",
    "record": "run programs on a stack and write traces",
    "fuzz": "programs that nobody wrote, on a stack: what is found, cut to its core",
    "shim": "a script that records the connections of any page",
    "stacks": "which stacks there are, which are here, how to get the others",
    "programs": "which programs come along, and what they are for",
    "reproduce": "a departure as one file that others can run: a page, a script, a test",
    "program": "a recording turned back into a program, to try it on other stacks",
    "diagram": "diagrams of the model, of what stacks did of it, of a recording",
    "completion": "a script that completes commands in bash, zsh or fish",
    "manual": "the manual pages, for man or as Markdown",
}
"""The commands, each with what it does."""

INTERRUPTED = 130
BROKEN_PIPE = 141
INTERNAL = 70


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors are one line on standard error."""
    from .parsing import run_command

    try:
        for stream in (sys.stdout, sys.stderr):
            # A trace may hold what the terminal's encoding has no sign for.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        code = run_command(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        return code
    except NegotiationError as error:
        return _told(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _told("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Python flushes standard output once more at its end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        return _told(str(NegotiationError(_what_failed(error))), NegotiationError.exit_code)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except Exception as error:
        if os.environ.get("NEGOTIATION_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {error}"
        told = f"a mistake of negotiation itself ({what}); please report it"
        told += "; NEGOTIATION_TRACEBACK=1 shows where it is"
        return _told(str(NegotiationError(told)), INTERNAL)


def _what_failed(error: OSError) -> str:
    named = "" if error.filename is None else f"{error.filename}: "
    return f"{named}{error.strerror or error}; check the path, its rights and the space left"


def _told(message: str, code: int) -> int:
    print(f"negotiation: {message}", file=sys.stderr)
    return code

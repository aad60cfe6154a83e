"""What the help of each command tells besides its options: a table.

Imported only when a help, a manual page or `docs/commands.md` is made. A text in it is prose; the
exit codes, variables and files that all commands have are told once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class About(NamedTuple):
    """A command: what it does, its exit codes, the variables and files that it reads, its page.

    `uses` is what is done with what it wrote: where, and how.
    """

    does: str
    codes: Mapping[int, str] = {}
    variables: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    page: str = "docs/commands.md"
    uses: Mapping[str, str] = {}


DONE = {0: "done"}

CODES = {
    2: "wrong usage, or nothing to work on",
    3: "a trace, or another file that was named, could not be read",
    70: "a mistake of negotiation itself",
    130: "interrupted (Ctrl-C)",
    141: "standard output was closed",
}
"""What these exit codes mean, wherever a command does not say otherwise."""

VARIABLES = {
    "NO_COLOR": "no colours, if it is not empty",
    "COLUMNS": "how wide the text is, if it is not the terminal's width",
    "NEGOTIATION_TRACEBACK": "with any value: mistakes of negotiation itself are told in full",
}

_CACHE = {
    "NEGOTIATION_CACHE": "where installed releases are (else XDG_CACHE_HOME/negotiation, "
    "~/.cache/negotiation)",
}
_EXPECTED = {
    "expectations.json": "what is expected of the traces beside it and below it, where no file "
    "was named",
}

_STACKS = {
    **_CACHE,
    "NEGOTIATION_STACK": "for STACK its name in capitals: the command or the file that is used, "
    "of a browser, say (NEGOTIATION_CHROMIUM)",
    "NEGOTIATION_NODE": "the Node that runs stacks in JavaScript (else node)",
}

ABOUT: dict[str, About] = {
    "check": About(
        "Judges recordings against the model: each observation must be one that the "
        "specification allows at that moment. Tells every finding with its evidence, and ends "
        "with an exit code for a build. A trace, a dump of a browser, or a folder of them can be "
        "named.",
        {
            0: "passed",
            1: "a finding that nothing covers (no expectation, no baseline, no other run), or a "
            "stale expectation",
            2: "wrong usage, or nothing was checked",
            3: "a recording could not be read to its end",
            4: "undecided (0 with --allow-undecided)",
        },
        files=_EXPECTED,
        page="docs/gate.md",
    ),
    "replay": About(
        "Tells the story of a recording, then each of its lines with what the model could be "
        "after it, and what was found where it happens. With --interactive it is stepped through "
        "on the whole terminal.",
        DONE,
        {"TERM": "dumb and linux: signs of ASCII only (--interactive)"},
        _EXPECTED,
        "docs/replay.md",
    ),
    "why": About(
        "Explains one line of a trace: why an event fired there or did not yet, why a call was "
        "refused or accepted, rule by rule, with the place of each rule in the specification.",
        DONE,
        page="docs/replay.md",
    ),
    "explain": About(
        "Tells what a finding means: the rule behind it, whose fault it is, what to do, and an "
        "example that shows it. Without a finding, all are listed.",
        DONE,
    ),
    "redact": About(
        "Writes a copy of dumps and traces in which addresses, names and texts are replaced, "
        "alike wherever they were alike, so that it is judged as before and can be shown.",
        {0: "all was written", 3: "a file could not be read to its end"},
        page="docs/redact.md",
    ),
    "matrix": About(
        "Puts stacks and their versions side by side: which of the rules and programs each of "
        "them keeps, as text, Markdown, JSON, a page, or a report for CI.",
        {0: "told, whatever it says (check is the gate)", 3: "a trace could not be read"},
        files=_EXPECTED,
        page="docs/matrix.md",
    ),
    "coverage": About(
        "Tells which rules of the model recordings exercise, which findings they could have "
        "raised, and which nothing exercises.",
        {0: "told", 1: "less is covered than --fail-under", 3: "a trace could not be read"},
        page="docs/coverage.md",
    ),
    "diff": About(
        "Tells where two recordings of a program first differ, or in which programs two stacks "
        "do, by what was observed, whatever their names and times.",
        {0: "they are the same", 1: "they differ", 3: "a trace could not be read"},
    ),
    "bisect": About(
        "Finds between which two versions of a stack the behaviour in a program changed, from "
        "recordings; with --install, it fetches and records the versions that it needs.",
        {0: "a change was found", 1: "no version differs", 4: "the recordings do not tell"},
        _CACHE,
    ),
    "expectations": About(
        "Lists what is expected of stacks, and proposes (or writes) what has to change in an "
        "expectations.json for its recordings.",
        {
            0: "nothing to change, or all was written and has its reason",
            1: "changes are proposed, or reasons are still to be written",
            4: "undecided (0 with --allow-undecided)",
        },
        files=_EXPECTED,
        page="docs/expectations.md",
    ),
    "import": About(
        "Turns dumps (webrtc-internals, rtcstats, about:webrtc, GStreamer's log) into traces, one "
        "for each call. All other commands read dumps as they are.",
        DONE,
        page="docs/dumps.md",
    ),
    "record": About(
        "Runs programs on a stack, in a process of its own and with the loopback network only, "
        "and writes what was observed as traces.",
        {0: "recorded", 1: "with --twice: the two recordings of a program differ"},
        _STACKS,
        page="docs/programs.md",
    ),
    "fuzz": About(
        "Writes programs beside the model and plays them on a stack; each new fault is cut to "
        "its core and saved as a case. With traces instead of a stack, perturbs these to try the "
        "checker.",
        {
            0: "nothing new was found",
            1: "something was found",
            2: "wrong usage, nothing to work on, or the stack does not start any more",
            130: "interrupted (Ctrl-C) before anything was found",
            143: "ended (SIGTERM); what was found is told all the same",
        },
        _STACKS,
        page="docs/fuzzing.md",
    ),
    "shim": About(
        "Writes a script that records every RTCPeerConnection of the page that it is put into, as "
        "traces; or a userscript with it.",
        DONE,
        page="docs/shim.md",
        uses={
            "a page of yours": '`<script src="negotiation-shim.js"></script>`, before all others',
            "Playwright": '`await context.addInitScript({path: "negotiation-shim.js"})`',
            "Puppeteer": "`await page.evaluateOnNewDocument(text)`, with the script's text",
            "another's page": "what `--userscript` writes, in a userscript manager",
            "then, in its console": "`await negotiationShim.settle(); negotiationShim.download()`",
        },
    ),
    "stacks": About(
        "Lists the stacks that can be recorded, and says of each whether it is here and how to "
        "get it. Installs and removes releases, and tests adapters.",
        {0: "done; of test: the adapter keeps to the protocol", 1: "of test: it does not"},
        _STACKS,
        page="docs/adapters.md",
    ),
    "programs": About(
        "Lists the programs that come along, and shows one with what it is for.",
        DONE,
        page="docs/programs.md",
    ),
    "reproduce": About(
        "Writes a departure as one file that others can run without this tool: a page, a script "
        "or a test, with what the specification allows at that moment.",
        DONE,
        page="docs/reproduce.md",
    ),
    "program": About(
        "Turns a recording back into a program, which can be recorded on other stacks.",
        DONE,
        page="docs/programs.md",
    ),
    "diagram": About(
        "Draws the model's own tables, a recording as a sequence of messages, or what recordings "
        "did of the model.",
        {0: "drawn", 3: "drawn, but a trace could not be read whole"},
        page="docs/diagrams.md",
    ),
    "completion": About(
        "Prints a script that completes commands, options and what they take, for the shell that "
        "is named. It knows the stacks, programs and findings of this version.",
        DONE,
        page="docs/commands.md",
    ),
    "manual": About(
        "Prints the manual page of a command, or of all of negotiation, in the form that man "
        "reads (or as Markdown).",
        DONE,
        page="docs/commands.md",
    ),
}

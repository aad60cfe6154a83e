"""The gate as JSON: the same objects that the text tells."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from .expectations import Expectation
from .gate import Gate, Weighed
from .judged import Judged
from .known import Baselined, Compared, Entry
from .links import command, place_in_text, url_of


def as_json(value: Any) -> str:
    """JSON text of one value, in ASCII: nothing in it can do anything to a terminal."""
    text = json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=True)
    return text.replace("\x7f", "\\u007f") + "\n"


def gate_as_json(gate: Gate) -> str:
    """The gate as one object: counts, findings and what could not be judged."""
    return as_json(
        {
            "passed": gate.passed,
            "exit_code": gate.exit_code,
            "verdict": gate.verdict,
            "traces": len(gate.judged),
            "observations": gate.observations,
            "findings": [_finding(one) for one in gate.weighed],
            "stale": [
                {**_expectation(one.expectation), "gone": list(one.programs)} for one in gate.stale
            ],
            "undecided": [
                {"trace": one.verdict.trace, "reasons": list(one.verdict.undecided)}
                for one in gate.undecided
            ],
            "unreadable": [
                {"trace": one.verdict.trace, "error": one.verdict.error} for one in gate.unreadable
            ],
            "baseline": _baseline(gate.baseline),
            "against": _against(gate.against),
            "assumptions": list(gate.assumptions),
            "verdicts": [_verdict(one) for one in gate.judged],
            "seconds": round(gate.seconds, 6),
        }
    )


def _finding(weighed: Weighed) -> dict[str, Any]:
    one = weighed.finding
    stack = weighed.judged.stack(one.peer)
    quoted = weighed.quoted
    return {
        "id": one.id,
        "class": one.class_,
        "blame": one.blame,
        "trace": one.trace,
        "line": one.line,
        "peer": one.peer,
        "stack": None if stack is None else stack.title,
        "stack_name": None if stack is None else stack.name,
        "program": weighed.judged.verdict.program,
        "message": one.message,
        "about": one.about,
        "observed": None if quoted is None else quoted.told,
        "anchor": one.anchor,
        "url": url_of(one.anchor),
        "expected": list(one.expected),
        "states": list(one.states),
        "refused_by": one.refused_by,
        "step": place_in_text(one.refused_by),
        "alternative": one.alternative,
        "rests_on": list(one.rests_on),
        "after": one.after,
        "expected_by": None if weighed.expected_by is None else _expectation(weighed.expected_by),
        "known_since": weighed.known_since,
        "unchanged": weighed.is_unchanged,
        "replay": command("replay", one.trace, one.line),
    }


def _expectation(one: Expectation) -> dict[str, Any]:
    return {"file": one.file, "number": one.number, **msgspec.to_builtins(one.row)}


def _baseline(told: Baselined | None) -> dict[str, Any] | None:
    if told is None:
        return None
    parts = {"gone": told.gone, "added": told.added, "removed": told.removed}
    return {
        "file": told.file,
        "entries": told.entries,
        "written": told.is_written,
        **{name: [_entry(one) for one in entries] for name, entries in parts.items()},
    }


def _entry(one: Entry) -> dict[str, Any]:
    days = {"first_seen": one.first_seen, "last_seen": one.last_seen}
    return {**msgspec.to_builtins(one.identity), **days}


def _against(told: Compared | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {
        "what": told.what,
        "traces": told.traces,
        "gone": [msgspec.to_builtins(one) for one in told.gone],
        "not_judged": told.not_judged,
        "unreadable": list(told.troubles),
    }


def _verdict(one: Judged) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "trace": verdict.trace,
        "verdict": verdict.verdict,
        "observations": verdict.observations,
        "program": verdict.program,
        "stacks": list(verdict.stacks),
        "truncated": verdict.truncated,
        "limits": list(verdict.limits),
    }

"""SARIF 2.1.0, for code scanning, editors and other viewers.

GitHub takes no file that is beyond its limits, and shows less than it takes: what is cut here, and
what GitHub will not show, is told as a notification in the file.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from negotiation.model.source import SPECIFICATION

from ..paper import plain
from .files import place_in_repository, uri_of
from .report import Report, Rule, Told, cut, facts_in_words

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

MOST_RESULTS = 25_000
SHOWN_RESULTS = 5_000
MOST_FLOW = 1_000
MOST_TAGS = 10
MOST_BYTES = 10_000_000
"""GitHub's limits: results that it takes, and shows; locations of a flow, and tags, that it shows;
bytes of the compressed file."""

LONGEST_TEXT = 8_000
"""Signs of one text, which may come from a trace."""

_LEVELS = {"departure": "error", "fault": "error", "note": "note"}
_BASE = "SRCROOT"


def report_as_sarif(report: Report) -> str:
    """The report, within GitHub's limits."""
    found = sorted(report.found, key=lambda one: not one.is_wrong)
    kept, flows = len(found[:MOST_RESULTS]), True
    while True:
        text = _written(report, found, kept, flows=flows)
        if not kept or len(gzip.compress(text.encode(), 6)) <= MOST_BYTES:
            return text
        # The flows go first: without them each finding is still told.
        flows, kept = False, kept if flows else kept // 2


def _written(report: Report, found: Sequence[Told], kept: int, *, flows: bool) -> str:
    notifications = [*_unjudged(report), *_left_out(len(found), kept, flows=flows)]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_run(report, found[:kept], notifications, flows=flows)],
    }
    # Without blanks: a half of the file would be indentation.
    return json.dumps(log, separators=(",", ":"), ensure_ascii=True) + "\n"


def _left_out(of: int, kept: int, *, flows: bool) -> Iterator[dict[str, Any]]:
    if kept < of:
        told = f"{of - kept:,} of {of:,} findings are left out here, as GitHub takes at most "
        yield _note(f"{told}{MOST_RESULTS:,}, and {MOST_BYTES:,} bytes; --format json has all")
    if not flows:
        yield _note("the lines that lead to the findings are left out: the file was too large")
    if kept > SHOWN_RESULTS:
        yield _note(f"GitHub shows {SHOWN_RESULTS:,} of the {kept:,} findings that are here")


def _note(text: str) -> dict[str, Any]:
    return {"level": "warning", "message": {"text": text}}


def _unjudged(report: Report) -> Iterator[dict[str, Any]]:
    """What could not be read, or not be judged."""
    for entry in report.entries:
        for reason in entry.reasons if entry.outcome != "skipped" else ():
            level = "error" if entry.outcome == "unreadable" else "warning"
            told: dict[str, Any] = {"level": level, "message": _message(reason)}
            told |= _at(entry.file, entry.line)
            yield told
    for section in report.sections:
        for one in section.told:
            yield {"level": "note", "message": _message(f"{section.title}: {one}")}


def _run(
    report: Report, found: Sequence[Told], notifications: list[dict[str, Any]], *, flows: bool
) -> dict[str, Any]:
    rules = {one.id: one.rule for one in found}
    places = {id: number for number, id in enumerate(rules)}
    seen: Counter[tuple[str, str]] = Counter()
    return {
        "tool": {
            "driver": {
                "name": "negotiation",
                "version": report.version,
                "informationUri": SPECIFICATION,
                "rules": [_rule(one) for one in rules.values()],
                "properties": {"webrtc-pc": report.revision},
            }
        },
        "automationDetails": {"id": f"negotiation/{report.command}/"},
        "invocations": [
            {
                "executionSuccessful": report.exit_code in (0, 1),
                "exitCode": report.exit_code,
                "exitCodeDescription": f"{report.conclusion}. {plain(report.summary)}",
                "toolExecutionNotifications": notifications,
            }
        ],
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, places[one.id], seen, flows=flows) for one in found],
        "properties": {plain(name): plain(value) for name, value in report.properties},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": rule.id,
        "name": "".join(part.title() for part in rule.id.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.means},
        "help": {
            "text": f"{rule.means}\n\n{rule.todo}",
            "markdown": f"{rule.means}\n\n**What to do.** {rule.todo}",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.class_]},
        "properties": {"tags": [rule.class_, rule.blame][:MOST_TAGS], "precision": "very-high"},
    }
    if rule.url.startswith("https://"):
        told["helpUri"] = rule.url
    return told


def _result(
    told: Told, rule: int, seen: Counter[tuple[str, str]], *, flows: bool
) -> dict[str, Any]:
    fault = fingerprint(told)
    seen[told.file, fault] += 1
    result: dict[str, Any] = {
        "ruleId": told.id,
        "ruleIndex": rule,
        "level": _LEVELS[told.class_] if told.known is None else "note",
        "message": _message(f"{told.message}.", *facts_in_words(told)),
        "partialFingerprints": {
            "negotiationFault/v1": fault,
            "primaryLocationLineHash": f"{fault}:{seen[told.file, fault]}",
        },
    }
    result |= _at(told.file, told.line)
    if "locations" in result and told.flow and flows:
        result["codeFlows"] = [{"threadFlows": [{"locations": list(_flow(told))}]}]
    if told.known is not None:
        reason = plain(told.known.reason)
        place = f" ({plain(told.known.place)})" if told.known.place else ""
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": reason + place}
        ]
    if told.baseline is not None:
        result["baselineState"] = told.baseline
    return result


def fingerprint(told: Told) -> str:
    """What is wrong, not where: the same for the same fault, in whatever line it is seen."""
    return hashlib.sha256("\0".join(told.fault).encode("utf-8", "replace")).hexdigest()[:32]


def _flow(told: Told) -> Iterator[dict[str, Any]]:
    for one in told.flow[-MOST_FLOW:]:
        read = f" [{one.read}]" if one.read else ""
        (location,) = _at(told.file, one.line)["locations"]
        location["message"] = _message(f"{one.line}: {one.observed}{read}")
        yield {"location": location}


def _at(file: str, line: int) -> dict[str, Any]:
    """Where it is; nothing where there is no file. GitHub asks for a line, whatever it is."""
    name, line = place_in_repository(file, line)
    if not name:
        return {}
    artifact: dict[str, Any] = {"uri": uri_of(name)}
    if not name.startswith("/"):
        artifact["uriBaseId"] = _BASE
    place = {"artifactLocation": artifact, "region": {"startLine": line or 1}}
    return {"locations": [{"physicalLocation": place}]}


def _message(*lines: str) -> dict[str, str]:
    """A text in which nothing is a link: brackets before parentheses would be one."""
    told = cut("\n".join(map(plain, lines)), LONGEST_TEXT)
    return {"text": told.replace("](", "] (")}

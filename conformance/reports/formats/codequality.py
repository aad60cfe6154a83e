"""Code quality reports as GitLab reads them: shown in merge requests, as new or as resolved.

GitLab tells by its fingerprint whether the target branch has a problem, too. It is made of the
fault, the file and, where a file has the fault twice, the place among these: no line is in it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from ..gate_json import as_json
from ..paper import plain
from .files import place_in_repository
from .report import Report, Told

LONGEST_TEXT = 1_000

_SEVERITIES = {"departure": "major", "fault": "major", "note": "info"}


def report_as_codequality(report: Report) -> str:
    """The findings that are wrong, and as `info` those that are known; no notes."""
    seen: Counter[tuple[str, ...]] = Counter()
    told = []
    for one in report.found:
        if one.class_ != "note" and place_in_repository(one.file, one.line)[0]:
            seen[one.file, *one.fault] += 1
            told.append(_problem(one, seen[one.file, *one.fault]))
    return as_json(told)


def _problem(told: Told, time: int) -> dict[str, Any]:
    file, line = place_in_repository(told.file, told.line)
    identity = "\0".join((file, *told.fault, str(time)))
    return {
        "description": plain(f"{told.rule.title}: {told.message}")[:LONGEST_TEXT],
        "check_name": told.id,
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
        "severity": _SEVERITIES[told.class_] if told.known is None else "info",
        "location": {"path": file, "lines": {"begin": line or 1}},
    }

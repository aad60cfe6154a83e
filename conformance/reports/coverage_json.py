"""Coverage as JSON: the same objects that the text tells, and every count."""

from __future__ import annotations

from typing import Any

from negotiation.model import REVISION

from ..coverage.counting import Coverage, why_not
from ..coverage.items import KINDS, Item, Kind
from .covering import CoverageReport
from .gate_json import as_json


def coverage_as_json(report: CoverageReport) -> str:
    """The coverage as one object. `total` is null for what cannot be listed."""
    coverage = report.coverage
    return as_json(
        {
            "specification": REVISION,
            "recordings": len(report.covered),
            "observations": report.observations,
            "departures": report.departures,
            "share": coverage.share,
            "totals": _totals(coverage),
            "unasked_rules": [
                {"rule": one.name, "kind": one.kind, "anchor": one.anchor, "says": one.says}
                for one in coverage.unasked()
            ],
            "missing": {kind: [_missing(one) for one in report.missing(kind)] for kind in KINDS},
            "seen": {
                kind: [{**_item(one), "recordings": coverage.counts[one]} for one in items]
                for kind, items in ((kind, coverage.seen(kind)) for kind in KINDS)
            },
            "stacks": {
                name: {
                    "recordings": one.recordings,
                    "share": one.coverage.share,
                    "totals": _totals(one.coverage),
                }
                for name, one in report.stacks.items()
            },
            "unreadable": [{"trace": one.source, "error": one.error} for one in report.unreadable],
            "partly": [{"trace": one.source, "reasons": list(one.partly)} for one in report.partly],
            "seconds": round(report.seconds, 6),
        }
    )


def _totals(coverage: Coverage) -> dict[Kind, dict[str, int | None]]:
    return {kind: _total(coverage, kind) for kind in KINDS}


def _total(coverage: Coverage, kind: Kind) -> dict[str, int | None]:
    total = len(coverage.all(kind))
    if not total:
        return {"seen": len(coverage.seen(kind)), "total": None}
    return {"seen": total - len(coverage.missing(kind)), "total": total}


def _missing(item: Item) -> dict[str, Any]:
    reason = why_not(item)
    return _item(item) if reason is None else {**_item(item), "why": reason}


def _item(item: Item) -> dict[str, str]:
    return {"name": item.name, "detail": item.detail} if item.detail else {"name": item.name}

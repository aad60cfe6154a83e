"""What whole campaigns take, as somebody runs them: drawing, playing, cutting down, repeating.

`python -m benchmarks.campaign` runs `negotiation fuzz --stack NAME --minutes M` on each stack, with
nothing known beforehand, and prints the breakdown that the campaign itself tells: milliseconds a
run of the stack's work, of waits for quiet, of the checker and of the generator (of which only the
generated programs have a part; what is cut down or repeated has none). `share` is what checker and
generator take of the stack's work; with more than `--limit` the exit code is 1.

`python -m benchmarks.fuzz` measures more strictly: generated programs alone, which are long and new
to the checker, with the stack's work taken from rounds in which nobody judges. In a campaign the
generator's thread may be in the way while a recording is read, which counts as the stack's.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

from .machine import machine, say, version

LIMIT = 0.2
MINUTES = 10.0
USUAL = ("chromium", "wrtc")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign", description=__doc__)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--stack", action="append", metavar="NAME", help=f"({', '.join(USUAL)})")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"({MINUTES:g})")
    parser.add_argument("--seed", type=int, default=1, help="(1)")
    parser.add_argument("--limit", type=float, default=LIMIT, help=f"the highest share ({LIMIT})")
    given = parser.parse_args(arguments)
    stacks = {name: _campaign(name, given) for name in given.stack or USUAL}
    if given.format == "json":
        told = {"limit": given.limit, "minutes": given.minutes, "stacks": stacks}
        print(json.dumps({**told, "machine": machine(), "negotiation": version("negotiation")}))
    else:
        _print_table(stacks)
    return 0 if all(one["share"] <= given.limit for one in stacks.values()) else 1


def _campaign(name: str, given: argparse.Namespace) -> dict[str, Any]:
    say(f"{name}: a campaign of {given.minutes:g} minutes")
    with tempfile.TemporaryDirectory() as cases:
        options = ["--stack", name, "--minutes", str(given.minutes), "--seed", str(given.seed)]
        command = [sys.executable, "-m", "negotiation.conformance.cli", "fuzz", *options]
        done = subprocess.run(
            [*command, "--cases", cases, "--format", "json"], stdout=subprocess.PIPE, check=False
        )
    if not done.stdout:
        raise SystemExit(f"{name}: the campaign did not begin; `negotiation stacks` tells why")
    return _figures(json.loads(done.stdout))


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    """The generator's time is told for a program: here it is for a run, as the others are."""
    took, runs, programs = report["breakdown"], report["runs"], report["programs"]
    generator = took["generator"] * programs / runs
    share = (took["checker"] + generator) / took["stack"]
    counts = {"programs": programs, "runs": runs, "faults": len(report["cases"])}
    return {**counts, **took, "generator": round(generator, 2), "share": round(share, 3)}


def _print_table(stacks: dict[str, dict[str, Any]]) -> None:
    columns = list(next(iter(stacks.values())))
    print(" ".join([f"{'stack':12}", *(f"{column:>10}" for column in columns)]))
    for name, one in stacks.items():
        print(" ".join([f"{name:12}", *(f"{one[column]:>10}" for column in columns)]))


if __name__ == "__main__":
    sys.exit(main())

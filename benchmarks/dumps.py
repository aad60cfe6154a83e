"""What reading a dump costs, by its size: `python -m benchmarks.dumps 5 500`.

A dump of so many MB, nearly all of it statistics, is written to a temporary file in the way of
chrome://webrtc-internals, and imported in a process of its own: seconds, and that process's
largest resident memory.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

MEGABYTE = 1_000_000
_POINTS = 1000
"""Values of a series: the page keeps so many."""

_SDP = "v=0\r\no=- {} 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:{}\r\n" + 40 * (
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level and so on, as long as they are\r\n"
)
_IMPORT = """
import resource, sys, time
from negotiation.conformance.importing.dumps import import_dump
begun = time.perf_counter()
with open(sys.argv[1], "rb") as stream:
    dump = import_dump(stream)
assert dump is not None and dump.broken_off is None
seconds = time.perf_counter() - begun
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, len(dump.calls))
"""


def write_dump(stream: BinaryIO, size: int) -> None:
    """A dump of about `size` bytes: two ends of a call, and statistics of both."""
    stream.write(b'{"getUserMedia":[],"PeerConnections":{')
    for number, connection in enumerate(("7-1", "7-2")):
        stream.write(b"," if number else b"")
        _write_record(stream, connection, size // 2, is_caller=not number)
    stream.write(b'},"UserAgent":"Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36"}')


def _write_record(stream: BinaryIO, connection: str, size: int, *, is_caller: bool) -> None:
    stream.write(json.dumps(connection).encode() + b':{"url":"https://call.example","stats":{')
    written, number = 0, 0
    while written < size:
        series = _series(connection, number)
        stream.write((b"," if number else b"") + series)
        written, number = written + len(series), number + 1
    stream.write(b'},"updateLog":' + json.dumps(_updates(is_caller)).encode() + b"}")


def _series(connection: str, number: int) -> bytes:
    values = [(number * 7919 + point * 31) % 1_000_003 for point in range(_POINTS)]
    told = {
        "startTime": "2023-11-14T22:13:21.000Z",
        "endTime": "2023-11-14T22:30:00.000Z",
        "values": json.dumps(values),
    }
    return (
        json.dumps(f"IT{connection}A{number}-bytesSent").encode() + b":" + json.dumps(told).encode()
    )


def _updates(is_caller: bool) -> list[dict[str, object]]:
    offer = json.dumps({"type": "offer", "sdp": _SDP.format(11, "aaaa")})
    answer = json.dumps({"type": "answer", "sdp": _SDP.format(22, "bbbb")})
    first, second = "setLocalDescription", "setRemoteDescription"
    if not is_caller:
        first, second = second, first
    told = [
        (first, offer),
        (first + "OnSuccess", ""),
        ("signalingstatechange", json.dumps(f"have-{'local' if is_caller else 'remote'}-offer")),
        (second, answer),
        (second + "OnSuccess", ""),
        ("signalingstatechange", '"stable"'),
    ]
    return [
        {"timestamp": 1_700_000_000_000 + 10 * number, "type": type, "value": value}
        for number, (type, value) in enumerate(told)
    ]


def measured(file: Path) -> tuple[float, int, int]:
    """Seconds that importing took, the process's largest memory in bytes, and how many calls."""
    command = [sys.executable, "-c", _IMPORT, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    seconds, memory, calls = done.stdout.split()
    return float(seconds), int(memory), int(calls)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dumps", description=__doc__)
    parser.add_argument("megabytes", nargs="*", type=int, default=[5, 500])
    parser.add_argument("--format", choices=("text", "json"), default="text")
    given = parser.parse_args(arguments)
    told = [_of_size(size * MEGABYTE) for size in given.megabytes]
    if given.format == "json":
        print(json.dumps(told, indent=2))
    else:
        for one in told:
            print(
                f"{one['bytes'] / MEGABYTE:.0f} MB: {one['seconds']:.2f} s "
                f"({one['bytes'] / MEGABYTE / one['seconds']:.0f} MB/s), "
                f"{one['memory'] / MEGABYTE:.0f} MB of memory, {one['calls']} call"
            )
    return 0


def _of_size(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dump.txt"
        with file.open("wb") as stream:
            write_dump(stream, size)
        seconds, memory, calls = measured(file)
        told = {"bytes": file.stat().st_size, "seconds": seconds, "memory": memory}
        return told | {"calls": calls}


if __name__ == "__main__":
    sys.exit(main())

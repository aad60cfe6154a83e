from __future__ import annotations

import gzip
import io
import json
import pickle
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from negotiation.conformance.errors import MissingExtraError, TraceError
from negotiation.conformance.traces.format import LONGEST_LINE, Line
from negotiation.conformance.traces.reading import open_trace, read_trace

README = Path(__file__).parents[3] / "traces" / "README.md"
EXAMPLE = "".join(re.findall(r"```jsonl\n(.*?)```", README.read_text("utf-8"), re.S)).encode()

PEER = {"stack": {"name": "x"}, "recorder": "r", "clock": {"resolution": 1}}
HEADER = {
    "kind": "header",
    "format": "negotiation-trace",
    "version": 1,
    "date": "2026-01-01",
    "peers": {"A": PEER, "B": PEER},
}
SDP = {"kind": "sdp", "id": "s1", "text": "v=0", "summary": {}}


def seen(kind: str, n: int, *, t: float = 0, peer: str = "A", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "n": n, "t": t, "peer": peer, **more}


def call(n: int, **more: Any) -> dict[str, Any]:
    return seen("call", n, **{"id": n, "method": "createOffer", **more})


def mark(n: int, **more: Any) -> dict[str, Any]:
    return seen("mark", n, text="m", **more)


def text_of(*lines: Any) -> bytes:
    """The lines as a trace: what is no bytes yet becomes JSON."""
    texts = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    return b"".join(text + b"\n" for text in texts)


def all_of(data: bytes) -> tuple[list[tuple[int, Line]], TraceError | None]:
    """What was yielded, and the error that ended it."""
    lines: list[tuple[int, Line]] = []
    try:
        lines.extend(open_trace(io.BytesIO(data)))  # extend keeps what came before an error
    except TraceError as error:
        return lines, error
    return lines, None


# --- what is read -----------------------------------------------------------------------------


def test_the_examples_of_the_readme_are_one_trace() -> None:
    trace = read_trace(io.BytesIO(EXAMPLE))
    assert trace.error is None
    assert not trace.truncated
    kinds = {json.loads(line)["kind"] for line in EXAMPLE.splitlines()}
    types = [kind.__struct_config__.tag for kind in Line.__args__]
    assert kinds == set(types)
    assert list(trace.sdps) == ["s1"]
    assert [observation.n for _, observation in trace.observations] == list(range(1, 26))
    assert trace.observations[0][0] == 2


def test_the_header_is_yielded_first_and_known_at_once() -> None:
    reader = open_trace(io.BytesIO(text_of(HEADER, mark(1))))
    assert list(reader.header.peers) == ["A", "B"]
    numbers = [(number, type(line).__name__) for number, line in reader]
    assert numbers == [(1, "Header"), (2, "Mark")]


def test_blank_lines_and_carriage_returns_are_skipped_and_counted() -> None:
    data = text_of(b"", HEADER, b" \r", json.dumps(mark(1)).encode() + b"\r", b"")
    assert [number for number, _ in all_of(data)[0]] == [2, 4]


def test_unknown_members_are_ignored() -> None:
    later = b'{"later":{"a":[1e999,' + b"9" * 9999 + b"]}," + json.dumps(mark(1)).encode()[1:]
    lines, error = all_of(text_of(HEADER, later))
    assert (len(lines), error) == (2, None)


@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        lambda data: gzip.compress(data[:200]) + gzip.compress(data[200:]),
        lambda data: gzip.compress(data) + bytes(9),
    ],
    ids=["plain", "gzip", "two gzip members", "zero padding"],
)
def test_gzip_is_seen_by_content(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = pack(EXAMPLE)
    file = tmp_path / "any name"
    file.write_bytes(packed)
    expected, _ = all_of(EXAMPLE)
    assert all_of(packed) == (expected, None)
    with open_trace(file) as reader:
        assert list(reader) == expected
        assert not reader.truncated
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed)))
    assert list(open_trace("-")) == expected


def test_a_stream_that_gives_little_at_once_and_has_no_read1() -> None:
    class Dripping(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.left = io.BytesIO(data)

        def read(self, size: int = -1) -> bytes:
            return self.left.read(1)

    for data in (EXAMPLE, gzip.compress(EXAMPLE)):
        lines = list(open_trace(Dripping(data)))  # type: ignore[arg-type]
        assert lines == all_of(EXAMPLE)[0]


def test_a_stream_that_was_given_stays_open() -> None:
    stream = io.BytesIO(EXAMPLE)
    with open_trace(stream):
        pass
    assert not stream.closed


def test_megabyte_strings_are_read() -> None:
    long = "é" * (LONGEST_LINE // 2 - 500)
    text = json.dumps({**SDP, "text": long}, ensure_ascii=False).encode()
    lines, error = all_of(text_of(HEADER, text))
    assert error is None
    assert msgspec.structs.asdict(lines[1][1])["text"] == long


# --- truncation -------------------------------------------------------------------------------

SHORT = text_of(HEADER, call(1), seen("return", 2, call=1), SDP, mark(3, t=1.25), mark(4, t=2))
HEADER_END = SHORT.index(b"\n")


def test_a_trace_torn_at_any_byte_is_its_prefix() -> None:
    for end in range(len(SHORT) + 1):
        assert_prefix(end)


def assert_prefix(end: int) -> None:
    lines, error = all_of(SHORT[:end])
    whole = SHORT[: end + 1].count(b"\n")  # a line that lacks only its newline is whole
    assert lines == all_of(SHORT)[0][:whole]
    assert (error is None) == (end >= HEADER_END)
    if error is None:
        at_an_end = b"\n" in SHORT[end - 1 : end + 1]
        assert read_trace(io.BytesIO(SHORT[:end])).truncated != at_an_end


def test_gzip_torn_at_any_byte_is_a_prefix() -> None:
    packed = gzip.compress(SHORT)
    expected, _ = all_of(SHORT)
    for end in range(len(packed)):
        lines, error = all_of(packed[:end])
        assert lines == expected[: len(lines)]
        assert error is None or not lines
        if error is None:
            assert read_trace(io.BytesIO(packed[:end])).truncated


def test_a_torn_line_that_is_wrong_so_far_is_torn() -> None:
    data = text_of(HEADER) + b'{"kind":"mark","n":"one","t"'
    trace = read_trace(io.BytesIO(data))
    assert (trace.truncated, trace.error) == (True, None)


def test_a_whole_last_line_that_is_wrong_is_wrong_without_its_newline_too() -> None:
    trace = read_trace(io.BytesIO(text_of(HEADER, {"kind": "mark"})[:-1]))
    assert not trace.truncated
    assert trace.error is not None


# --- errors -----------------------------------------------------------------------------------

DEEP = b"[" * 100_000 + b"]" * 100_000
TWICE = b'{"a":1,"a":1}'
UNTOLD: dict[str, Any] = {"description": {"type": "offer", "sdp": "s9"}}


def with_member(name: str, value: bytes, line: Any) -> bytes:
    """The line with this before its other members, whatever they are."""
    return b'{"%s":%s,' % (name.encode(), value) + json.dumps(line).encode()[1:]


def configured(value: bytes) -> bytes:
    """A call with this configuration."""
    return with_member("args", b'{"configuration":{"c":%s}}' % value, call(1))


HEADERS: dict[str, tuple[bytes, str | None, str]] = {
    "a dump of another tool": (text_of(["connectionInfo"]), None, "expected object"),
    "unknown version": (text_of({**HEADER, "version": 2, "peers": 0}), "version", "is 2"),
    "version of another type": (text_of({**HEADER, "version": True}), "version", "got bool"),
    "unknown format": (text_of({**HEADER, "format": "har"}), "format", "is 'har'"),
    "missing header": (text_of(mark(1)), "kind", "must be the header"),
    "no peers": (text_of({**HEADER, "peers": {}}), "peers", "names no peer"),
    "wrong peer": (text_of({**HEADER, "peers": {"A": {}}}), "peers[...].stack", "is missing"),
    "empty file": (b"", None, "is empty"),
    "blank file": (b"\n \n", None, "is empty"),
    "empty gzip": (gzip.compress(b""), None, "is empty"),
    "torn header": (text_of(HEADER)[:50], None, "not JSON"),
    "binary": (bytes(range(128, 256)), None, "no UTF-8 text"),
    "binary zeros": (bytes(99), None, "no text"),
    "UTF-16": (json.dumps(HEADER).encode("utf-16-le"), None, "no text"),
    "byte order mark": (b"\xef\xbb\xbf" + text_of(HEADER), None, "byte order mark"),
    "deep header": (with_member("kind", DEEP, HEADER), None, "deep"),
}
LINES_AFTER: dict[str, tuple[list[Any], str | None, str]] = {
    "not JSON": ([b"{nonsense"], None, "not JSON"),
    "no object": ([[1]], None, "expected object, got array"),
    "wrong type": ([mark(1, t="1")], "t", "expected float, got str"),
    "wrong type inside": (
        [call(1, args={"description": {"sdp": 3}})], "args.description.sdp", "got int",
    ),
    "wrong type in a list": (
        [mark(1, state={"transceivers": [{"id": "t1"}]})], "state.transceivers[0].kind", "missing",
    ),
    "missing field": ([{"kind": "mark", "n": 1}], "t", "is missing"),
    "missing kind": ([{}], "kind", "is missing"),
    "unknown kind": ([{"kind": "calls"}], "kind", "'calls', an unknown kind"),
    "second header": ([HEADER], "kind", "a second header"),
    "no UTF-8": ([json.dumps(mark(1)).encode() + b"\xff"], None, "UTF-8"),
    "no UTF-8 where ignored": ([with_member("more", b'"\xff"', mark(1))], None, "UTF-8"),
    "lone surrogate": ([mark(1, within="\ud800")], None, "surrogate"),
    "lone surrogate inside": ([mark(1, within="a\udc00b")], None, "surrogate"),
    "NaN": ([mark(1, t=float("nan"))], None, "NaN"),
    "infinity": ([mark(1, t=float("inf"))], None, "Infinity"),
    "too large a number": ([with_member("kind", b'"mark","t":1e999', {"n": 1})], "t", "range"),
    "too long an integer": ([with_member("kind", b'"mark","n":' + b"9" * 9999, {"t": 1})],
                            "n", "range"),
    "deep": ([with_member("more", DEEP, mark(1))], None, "deep"),
    "deep configuration": ([configured(DEEP)], None, "deep"),
    "a name twice": ([with_member("n", b"1", mark(1))], "n", "twice"),
    "the kind twice": ([with_member("kind", b'"call"', mark(1))], "kind", "twice"),
    "a name twice inside": ([configured(TWICE)], "a", "twice"),
    "long line": ([mark(1, within="x" * LONGEST_LINE)], None, "longer than"),
    "long blank line": ([b" " * (LONGEST_LINE + 1)], None, "longer than"),
    "unknown peer": ([mark(1, peer="C")], "peer", "'C' is unknown"),
    "number repeated": ([mark(1), mark(1)], "n", "1 after 1"),
    "number zero": ([mark(0)], "n", "0 after 0"),
    "time backwards": ([mark(1, t=5), mark(2, t=3.9)], "t", "3.9 after 5.0"),
    "call id twice": ([call(1), call(2, id=1)], "id", "another call's"),
    "sdp id twice": ([SDP, SDP], "id", "'s1' names another"),
    "untold sdp, call": ([call(1, args=UNTOLD)], "args.description.sdp", "'s9'"),
    "untold sdp, send": ([seen("send", 1, message="m", **UNTOLD)], "description.sdp", "'s9'"),
    "untold sdp, resolve": (
        [call(1), seen("resolve", 2, call=1, **UNTOLD)], "description.sdp", "'s9'",
    ),
    "pending call unknown": ([seen("idle", 1, pending=[4])], "pending", "no call 4"),
    "pending call of another": (
        [call(1, peer="B"), seen("idle", 2, pending=[1])], "pending", "'B'",
    ),
}  # fmt: skip
ENDINGS: dict[str, dict[str, Any]] = {
    "return": {},
    "throw": {"error": "TypeError"},
    "resolve": {},
    "reject": {"error": "OperationError"},
}
for kind, more in ENDINGS.items():
    once, twice = (seen(kind, n, call=1, **more) for n in (2, 3))
    thrown = seen("throw", 2, call=1, error="TypeError")
    LINES_AFTER[f"{kind} without its call"] = [once], "call", "no call 1"
    LINES_AFTER[f"{kind} of another's call"] = [call(1, peer="B"), once], "call", "'B'"
    LINES_AFTER[f"{kind} twice"] = [call(1), once, twice], "call", "already"
    LINES_AFTER[f"{kind} after a throw"] = [call(1), thrown, twice], "call", "already"


def assert_told(error: TraceError | None, line: int, field: str | None, message: str) -> None:
    assert error is not None
    assert (error.line, error.field) == (line, field)
    assert message in error.message
    assert ";" in error.message, "what to do is missing"
    place = f"<stream>:{line}: " + (f"field `{field}`: " if field else "")
    assert str(error) == place + error.message
    assert len(str(error)) < 500


@pytest.mark.parametrize("case", HEADERS)
def test_a_wrong_header_is_told_with_its_place(case: str) -> None:
    data, field, message = HEADERS[case]
    assert_told(all_of(data)[1], 1, field, message)


@pytest.mark.parametrize("case", LINES_AFTER)
def test_a_wrong_line_is_told_with_its_place_after_what_came_before(case: str) -> None:
    wrong, field, message = LINES_AFTER[case]
    lines, error = all_of(text_of(HEADER, *wrong, mark(99)))
    assert [number for number, _ in lines] == list(range(1, len(wrong) + 1))
    assert_told(error, len(wrong) + 1, field, message)


@pytest.mark.parametrize(
    "damaged",
    [
        gzip.compress(SHORT)[:-8] + b"12345678",
        gzip.compress(SHORT) + b"garbage",
        gzip.compress(SHORT) + b"\x1f\x8b\xff\xff",
    ],
)
def test_damaged_gzip_is_told_after_what_came_before(damaged: bytes) -> None:
    lines, error = all_of(damaged)
    assert lines == all_of(SHORT)[0]
    assert_told(error, 7, None, "gzip data is damaged")


@pytest.mark.parametrize(
    "lines",
    [
        (mark(1, t=5), mark(2, t=4), mark(3, t=4)),
        (mark(1, t=12.3), mark(2, t=11.3)),
        (mark(1, t=5), mark(2, t=0, peer="B")),
        (mark(1), mark(7)),
        (seen("receive", 1, message="never sent"),),
        (call(1), seen("resolve", 2, call=1), seen("return", 3, call=1)),
        (call(1), seen("idle", 2, pending=[1])),
        (SDP, call(1, args={"description": {"type": "offer", "sdp": "s1"}})),
        (call(1, args={"description": {"type": "rollback"}}),),
    ],
)
def test_what_is_allowed(lines: tuple[Any, ...]) -> None:
    assert all_of(text_of(HEADER, *lines))[1] is None


def test_read_trace_keeps_what_came_before_the_error() -> None:
    trace = read_trace(io.BytesIO(text_of(HEADER, SDP, mark(1), mark(1), mark(2))))
    assert [number for number, _ in trace.observations] == [3]
    assert trace.error is not None
    assert trace.error.line == 4


def test_read_trace_raises_without_a_header() -> None:
    with pytest.raises(TraceError, match="empty"):
        read_trace(io.BytesIO(b""))


def test_a_stream_that_fails() -> None:
    class Failing(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            return super().read1(400) or self._fail()

        def _fail(self) -> bytes:
            raise OSError(5, "Input/output error")

    reader = open_trace(Failing(text_of(HEADER, mark(1))))
    with pytest.raises(TraceError, match="<stream>:3: cannot be read"):
        list(reader)


def test_hostile_text_is_shown_escaped_and_short() -> None:
    _, error = all_of(text_of(HEADER, mark(1, peer="\x1b[31m\n\u202e" + "x" * 9999)))
    assert error is not None
    assert str(error).isprintable()
    assert len(str(error)) < 300
    shown = str(TraceError("a\nb", None, None, "x\x1b; y"))
    assert shown == "a\\nb: x\\x1b; y"


def test_errors_cross_processes_and_know_their_exit_code() -> None:
    error = TraceError("f", 3, "n", "wrong; mend it")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.exit_code) == ("f:3: field `n`: wrong; mend it", 3)
    extra = MissingExtraError("recording", "live")
    assert "pip install 'negotiation[live]'" in str(extra)
    assert extra.exit_code == 2


def test_a_line_without_end_is_given_up_early() -> None:
    class Endless(io.BytesIO):
        given = 0

        def read1(self, size: int | None = -1) -> bytes:
            self.given += size or 0
            return b"x" * (size or 0)

    endless = Endless()
    with pytest.raises(TraceError, match="longer than"):
        open_trace(endless)
    assert endless.given < LONGEST_LINE + 2**20

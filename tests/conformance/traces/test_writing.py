from __future__ import annotations

import gzip
import io
import json
import math
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from negotiation.conformance.errors import TraceError, UsageError
from negotiation.conformance.traces import format as told
from negotiation.conformance.traces.format import Header, Line, Mark, Observation
from negotiation.conformance.traces.profiles import PROFILES
from negotiation.conformance.traces.reading import open_trace, read_trace
from negotiation.conformance.traces.schema import schema
from negotiation.conformance.traces.writing import TraceWriter, write_trace

jsonschema = pytest.importorskip("jsonschema")

README = Path(__file__).parents[3] / "traces" / "README.md"
EXAMPLE = "".join(re.findall(r"```jsonl\n(.*?)```", README.read_text("utf-8"), re.S)).encode()

PEERS = {name: told.Peer(told.Stack("x"), "r") for name in "AB"}
HEADER = Header("negotiation-trace", 1, "2026-01-01", PEERS)
MARK = Mark(n=1, t=0.5, peer="A", text="é\n\u2028")


def written(lines: list[Line], **options: bool) -> bytes:
    stream = io.BytesIO()
    with TraceWriter(stream, **options) as writer:
        for line in lines:
            writer.write(line)
    return stream.getvalue()


def all_of(data: bytes) -> tuple[list[Line], TraceError | None]:
    """What was yielded, and the error that ended it."""
    lines: list[Line] = []
    try:
        lines.extend(line for _, line in open_trace(io.BytesIO(data)))
    except TraceError as error:
        return lines, error
    return lines, None


# --- any trace --------------------------------------------------------------------------------

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
NUMBERS = st.integers(-(2**63), 2**64 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | FLOATS | NAMES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
SIMPLE = {
    inspect.StrType: NAMES,
    inspect.IntType: NUMBERS,
    inspect.FloatType: FLOATS,
    inspect.BoolType: st.booleans(),
    inspect.NoneType: st.none(),
    inspect.AnyType: JSON,
}


def values_of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Any value of a type: a struct has any values in its fields."""
    match kind:
        case inspect.UnionType():
            return st.one_of([values_of(one) for one in kind.types])
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.VarTupleType():
            return st.lists(values_of(kind.item_type), max_size=2).map(tuple)
        case inspect.DictType():
            return st.dictionaries(NAMES, values_of(kind.value_type), max_size=2)
        case inspect.StructType():
            fields = {field.name: values_of(field.type) for field in kind.fields}
            return st.builds(kind.cls, **fields)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern, fullmatch=True)
    return SIMPLE[type(kind)]


ENDS: dict[type, set[str]] = {
    told.Return: {"return"},
    told.Throw: {"return", "settle"},
    told.Resolve: {"settle"},
    told.Reject: {"settle"},
}


class Fitting:
    """Makes lines fit those before them, as a reader wants it."""

    def __init__(self) -> None:
        self.n, self.t = 0, 0.0
        self.calls: list[tuple[int, str, set[str]]] = []  # id, peer, endings that may still come
        self.sdps: list[str] = []

    def fit(self, line: Any) -> Line | None:
        """The line with the ids, number and time that fit; None if it can only be left out."""
        if isinstance(line, told.Sdp):
            self.sdps.append(f"{len(self.sdps)}{line.id}")
            return msgspec.structs.replace(line, id=self.sdps[-1])
        self.n, self.t = self.n + 1, self.t + abs(line.t) % 100
        line = msgspec.structs.replace(line, n=self.n, t=self.t, peer="AB"[self.n % 2])
        if type(line) in ENDS:
            return self.ending(line)
        if isinstance(line, told.Call):
            self.calls.append((line.id + len(self.calls) * 2**65, line.peer, {"return", "settle"}))
            line = msgspec.structs.replace(line, id=self.calls[-1][0], args=self.told(line.args))
        if isinstance(line, told.Idle):
            pending = tuple(call for call, peer, _ in self.calls if peer == line.peer)
            line = msgspec.structs.replace(line, pending=pending)
        return self.told(line)  # type: ignore[no-any-return]

    def ending(self, line: Any) -> Line | None:
        for call, peer, left in self.calls:
            if ENDS[type(line)] <= left:
                left -= ENDS[type(line)]
                line = msgspec.structs.replace(line, call=call, peer=peer)
                return self.told(line)  # type: ignore[no-any-return]
        return None

    def told(self, value: Any) -> Any:
        """The value, its description one of a text that was told."""
        if getattr(value, "description", None) is None:
            return value
        known = self.sdps[-1] if self.sdps else None
        description = msgspec.structs.replace(value.description, sdp=known)
        return msgspec.structs.replace(value, description=description)


def readable(header: Header) -> Header:
    """The header with the version and the profiles that a reader wants."""
    known = sorted(PROFILES)
    peers = {
        name: msgspec.structs.replace(peer, profile=known[len(peer.profile) % len(known)])
        for name, peer in header.peers.items()
    }
    return msgspec.structs.replace(header, version=1, peers=peers | PEERS)


HEADERS = values_of(inspect.type_info(Header)).map(readable)
KINDS = [*get_args(Line)[1:], told.Call, told.Call]  # calls more often: others refer to them
LINES = st.one_of([values_of(inspect.type_info(kind)) for kind in KINDS])


@st.composite
def traces(draw: st.DrawFn) -> list[Line]:
    fitting = Fitting()
    fitted = [fitting.fit(line) for line in draw(st.lists(LINES, max_size=12))]
    return [draw(HEADERS), *(line for line in fitted if line is not None)]


@given(traces(), st.booleans(), st.booleans())
def test_what_was_written_is_read(lines: list[Line], packed: bool, flushing: bool) -> None:
    data = written(lines, flushing=flushing)
    assert all_of(gzip.compress(data) if packed else data) == (lines, None)


@given(traces(), st.integers(0))
def test_a_torn_trace_is_its_prefix(lines: list[Line], place: int) -> None:
    data = written(lines)
    end = place % (len(data) + 1)
    found, error = all_of(data[:end])
    whole = data[: end + 1].count(b"\n")
    assert found == lines[:whole]
    assert (error is None) == (whole > 0)


@settings(max_examples=30)
@given(traces())
def test_the_schema_accepts_what_is_written(lines: list[Line]) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for line in written(lines).splitlines():
        validator.validate(json.loads(line))


# --- the writer -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_each_line_can_be_read_as_soon_as_it_is_written(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    with TraceWriter(file) as writer:
        writer.write(HEADER)
        for n in (1, 2, 3):
            writer.write(msgspec.structs.replace(MARK, n=n))
            assert len(read_trace(file).observations) == n
    trace = read_trace(file)
    assert (len(trace.observations), trace.truncated) == (3, False)
    assert (file.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")


def test_the_same_lines_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_trace(tmp_path / name, [HEADER, MARK])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_numbering_counts_observations(tmp_path: Path) -> None:
    sdp = told.Sdp("s1", "v=0", told.Summary())
    write_trace(tmp_path / "a.jsonl", [HEADER, MARK, sdp, MARK, MARK], numbering=True)
    trace = read_trace(tmp_path / "a.jsonl")
    assert trace.error is None
    assert [observation.n for _, observation in trace.observations] == [1, 2, 3]
    with TraceWriter(io.BytesIO(), numbering=True) as writer:
        assert writer.write(HEADER) == HEADER
        assert writer.write(msgspec.structs.replace(MARK, n=9)) == MARK


def test_a_stream_that_was_given_stays_open_and_stdout_can_be_written(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    stream = io.BytesIO()
    with TraceWriter(stream) as writer:
        writer.close()
    assert not stream.closed
    write_trace("-", [HEADER, MARK])
    assert capsysbinary.readouterr().out == written([HEADER, MARK])


def test_a_header_comes_first_and_once() -> None:
    with pytest.raises(UsageError, match="one header"):
        written([MARK])
    with pytest.raises(UsageError, match="one header"):
        written([HEADER, HEADER])


@pytest.mark.parametrize(
    "wrong",
    [
        {"t": float("nan")},
        {"t": float("inf")},
        {"text": "\ud800"},
        {"n": "1"},
        {"text": object()},
        {"text": "x" * told.LONGEST_LINE},
    ],
    ids=lambda wrong: str(wrong)[:30],
)
def test_what_no_reader_could_read_is_not_written(wrong: dict[str, Any]) -> None:
    stream = io.BytesIO()
    with TraceWriter(stream, numbering=False) as writer:
        writer.write(HEADER)
        with pytest.raises(UsageError, match="this line"):
            writer.write(msgspec.structs.replace(MARK, **wrong))
        writer.write(MARK)
    assert stream.getvalue() == written([HEADER, MARK])


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "a.jsonl.gz", "a\0b"):
        with pytest.raises(UsageError, match="cannot be written"):
            TraceWriter(path)


# --- arbitrary input to the reader ------------------------------------------------------------

EXAMPLE_LINES = EXAMPLE.splitlines(keepends=True)


@given(st.binary(max_size=300))
@example(b"\x1f")
@example(b"\x1f\x8b")
def test_arbitrary_bytes(data: bytes) -> None:
    assert_only_trace_errors(data)
    assert_only_trace_errors(EXAMPLE_LINES[0] + data)
    assert_only_trace_errors(EXAMPLE_LINES[0] + data + b"\n")
    assert_only_trace_errors(b"\x1f\x8b\x08\x00" + data)


@given(st.data())
def test_traces_with_another_value_somewhere(data: st.DataObject) -> None:
    lines = [json.loads(line) for line in EXAMPLE_LINES]
    inner = data.draw(st.sampled_from(lines))
    while True:
        name = data.draw(st.sampled_from(sorted(inner)))
        if not (isinstance(inner[name], dict) and inner[name] and data.draw(st.booleans())):
            break
        inner = inner[name]
    inner[name] = data.draw(JSON | st.sampled_from([math.nan, math.inf, "\ud800", 10**99]))
    assert_only_trace_errors("\n".join(map(json.dumps, lines)).encode())


@given(st.lists(st.sampled_from(EXAMPLE_LINES), max_size=30), st.booleans())
def test_traces_with_lines_elsewhere(lines: list[bytes], headed: bool) -> None:
    assert_only_trace_errors(b"".join([EXAMPLE_LINES[0], *lines] if headed else lines))


@given(
    st.sampled_from([EXAMPLE, gzip.compress(EXAMPLE)]),
    st.lists(st.tuples(st.integers(0), st.integers(0, 3), st.binary(max_size=3)), max_size=4),
)
def test_traces_with_other_bytes_somewhere(
    data: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for place, dropped, inserted in changes:
        at = place % (len(data) + 1)
        data = data[:at] + inserted + data[at + dropped :]
    assert_only_trace_errors(data)


def assert_only_trace_errors(data: bytes) -> None:
    lines, error = all_of(data)
    assert [isinstance(line, Header) for line in lines] == [at == 0 for at in range(len(lines))]
    numbers = [line.n for line in lines if isinstance(line, Observation)]
    assert numbers == sorted(set(numbers))
    assert lines or error
    if error is not None:
        assert str(error).isprintable()
        assert len(str(error)) < 500

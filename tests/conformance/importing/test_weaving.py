"""Entries of connections become traces: calls are numbered, texts named, times rise."""

from __future__ import annotations

import io
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.importing.entries import (
    AnyEntry,
    Called,
    Dump,
    Fired,
    Given,
    Noticed,
    Remarked,
    Settled,
)
from negotiation.conformance.importing.inferring import with_types
from negotiation.conformance.importing.pairing import paired
from negotiation.conformance.importing.weaving import LONG_QUIET, woven
from negotiation.conformance.traces import format
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.writing import write_trace

OFFER = "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


def dump_of(**connections: Iterable[AnyEntry]) -> Dump:
    dump = Dump()
    dump.recorder, dump.profile = "a test", "hidden-calls"
    for name, entries in connections.items():
        for entry in entries:
            dump.keep(dump.connection(name), entry)
    return dump


def lines_of(dump: Dump) -> list[format.Line]:
    return list(woven(dump, list(dump)))


def kinds(lines: Iterable[format.Line]) -> list[str]:
    return [str(one.__struct_config__.tag) for one in lines]


def test_a_settlement_ends_the_earliest_open_call_of_its_method() -> None:
    lines = lines_of(
        dump_of(
            A=[
                Called(time=1, method="createOffer"),
                Called(time=2, method="createOffer"),
                Settled(time=3, method="createOffer", error="OperationError"),
                Settled(time=4, method="createOffer"),
            ]
        )
    )
    ends = [(type(one).__name__, one.call) for one in lines if hasattr(one, "call")]
    assert ends == [("Reject", 1), ("Resolve", 2)]


def test_a_settlement_with_a_key_ends_the_call_with_that_key() -> None:
    lines = lines_of(
        dump_of(
            A=[
                Called(time=1, method="createOffer", key="x"),
                Called(time=2, method="createOffer", key="y"),
                Settled(time=3, method="createOffer", key="y"),
            ]
        )
    )
    assert [one.call for one in lines if isinstance(one, format.Resolve)] == [2]


def test_a_settlement_of_a_call_from_before_the_recording_is_a_remark() -> None:
    dump = dump_of(A=[Settled(time=3, method="createOffer")])
    dump.connection("A").begins_unknown = True
    assert kinds(lines_of(dump)) == ["header", "mark"]


def test_a_settlement_without_its_call_has_one_that_was_lost() -> None:
    lines = lines_of(dump_of(A=[Settled(time=3, method="createOffer")]))
    assert kinds(lines) == ["header", "mark", "call", "resolve"]


def test_equal_texts_are_one_text() -> None:
    description = Given("offer", OFFER)
    lines = lines_of(
        dump_of(
            A=[
                Called(time=0, method="createOffer"),
                Settled(time=1, method="createOffer", description=description),
                Called(time=2, method="setLocalDescription", description=description),
            ]
        )
    )
    assert kinds(lines) == ["header", "call", "sdp", "resolve", "call"]


def test_long_quiet_is_told_where_nothing_is_open() -> None:
    change = Called(time=0, method="addTransceiver")
    late = Fired(time=LONG_QUIET, name="negotiationneeded")
    assert kinds(lines_of(dump_of(A=[change, late]))) == ["header", "call", "idle", "event"]
    opened = Called(time=0, method="createOffer")
    assert kinds(lines_of(dump_of(A=[opened, late]))) == ["header", "call", "event"]


def test_quiet_until_the_end_of_the_dump_is_told_unless_it_was_torn_off() -> None:
    dump = dump_of(A=[Called(time=10, method="addTransceiver")])
    dump.last_at(700)
    *_, idle = lines_of(dump)
    assert isinstance(idle, format.Idle)
    assert idle.quiet == 690
    dump.broken_off = "it is torn off"
    *_, mark = lines_of(dump)
    assert isinstance(mark, format.Mark)
    assert mark.trouble == "cut"


def test_types_that_are_left_out_follow_from_what_came_of_them() -> None:
    entries: list[AnyEntry] = []
    for at, (method, state) in enumerate(
        [
            ("setRemoteDescription", "have-remote-offer"),
            ("setLocalDescription", "have-local-pranswer"),
            ("setLocalDescription", "stable"),
            ("setLocalDescription", "have-local-offer"),
            ("setRemoteDescription", "stable"),
        ]
    ):
        entries.append(Called(time=at, method=method, description=Given(None, None)))
        entries.append(Fired(time=at, name="signalingstatechange", signaling_state=state))
        entries.append(Settled(time=at, method=method))
    types = [
        one.description.type
        for one in with_types(entries)
        if isinstance(one, Called) and one.description is not None
    ]
    assert types == ["offer", "pranswer", "answer", "offer", "answer"]


def text(session: int, fragment: str) -> str:
    return f"v=0\r\no=- {session} 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:{fragment}\r\n"


def end(local: str, remote: str) -> list[AnyEntry]:
    return [
        Called(time=1, method="setLocalDescription", description=Given(None, local)),
        Called(time=2, method="setRemoteDescription", description=Given(None, remote)),
    ]


def test_the_two_ends_of_a_call_are_found() -> None:
    a, b, c = text(1, "aaaa"), text(2, "bbbb"), text(3, "cccc")
    altered = b.replace("s=-", "s=altered")
    dump = dump_of(A=end(a, altered), lonely=end(c, text(4, "dddd")), B=end(b, a))
    names = [tuple(one.name for one in ends) for ends in paired(dump)]
    assert names == [("A", "B"), ("lonely",)]


def test_connections_that_receive_the_same_are_not_a_pair() -> None:
    a, b = text(1, "aaaa"), text(2, "bbbb")
    dump = dump_of(A=end(b, a), B=end(b, a))
    assert all(len(ends) == 1 for ends in paired(dump))


TEXTS = st.sampled_from(["", "v=0", OFFER, "\ud800", "\x1b[31m<b>", text(1, "aaaa")])
GIVEN = st.builds(Given, st.sampled_from([None, "offer", "answer", "nonsense"]), st.none() | TEXTS)
TIMES = st.floats(allow_nan=False, min_value=-1e18, max_value=1e18)
METHODS = st.sampled_from(["createOffer", "setLocalDescription", "setRemoteDescription", "close"])
ENTRIES = st.one_of(
    st.builds(Called, time=TIMES, method=METHODS, description=st.none() | GIVEN),
    st.builds(
        Settled,
        time=TIMES,
        method=METHODS,
        description=st.none() | GIVEN,
        error=st.none() | TEXTS,
        message=st.none() | TEXTS,
    ),
    st.builds(
        Fired,
        time=TIMES,
        name=st.sampled_from(["signalingstatechange", "negotiationneeded"]),
        signaling_state=st.sampled_from([None, "stable", "have-local-offer", "nonsense"]),
    ),
    st.builds(Noticed, time=TIMES, signaling_state=st.sampled_from(["stable", "closed"])),
    st.builds(Remarked, time=TIMES, text=TEXTS),
)


@given(entries=st.lists(st.tuples(st.sampled_from("AB"), ENTRIES)))
def test_whatever_is_kept_a_trace_can_hold(entries: list[tuple[str, AnyEntry]]) -> None:
    dump = dump_of()
    for name, entry in entries:
        dump.keep(dump.connection(name), entry)
    for ends in paired(dump):
        written = io.BytesIO()
        write_trace(written, woven(dump, ends))
        trace = read_trace(io.BytesIO(written.getvalue()))
        assert trace.error is None

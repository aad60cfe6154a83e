"""Every method in every signaling state, against what the text says; and laws over random walks.

The table was written from reading webrtc-pc and JSEP, never from running the model. Columns are the
states, reached by calls: `new` and `done` are "stable" before and after a negotiation. A cell is
"ok" or the error, and the column whose signaling state follows where it is another one (">new").
A star means that the call, where it succeeds, updates the negotiation-needed flag at once.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from negotiation.model import (
    PROMISED,
    Arguments,
    Call,
    Candidate,
    Channel,
    Configuration,
    Connection,
    Description,
    Direction,
    IceServer,
    Internal,
    Kind,
    Label,
    Readings,
    Reject,
    Resolve,
    Return,
    SdpType,
    Section,
    Specification,
    Throw,
)
from negotiation.model.flag import UPDATE_TASK

ERRORS = {
    "State": "InvalidStateError",
    "Modif": "InvalidModificationError",
    "Access": "InvalidAccessError",
    "Oper": "OperationError",
    "Type": "TypeError",
    "Syntax": "SyntaxError",
}
COLUMNS = ("new", "lo", "ro", "lpr", "rpr", "done", "end")
NAMES = {
    "new": "stable",
    "lo": "have-local-offer",
    "ro": "have-remote-offer",
    "lpr": "have-local-pranswer",
    "rpr": "have-remote-pranswer",
    "done": "stable",
    "end": "closed",
}

TABLE = """
                                    | new   | lo        | ro    | lpr   | rpr   | done  | end
  createOffer                       | ok    | ok        | State | State | State | ok    | State
  createAnswer                      | State | State     | ok    | ok    | State | State | State
  setLocalDescription               | ok>lo | ok        | ok>new| ok>new| State | ok>lo | State
  setLocalDescription offer         | ok>lo | ok        | State | State | State | ok>lo | State
  setLocalDescription pranswer      | State | State     | ok>lpr| ok    | State | State | State
  setLocalDescription answer        | State | State     | ok>new| ok>new| State | State | State
  setLocalDescription rollback      | State | ok>new    | ok>new| State | State | State | State
  setLocalDescription other offer   | Modif | Modif     | Modif | Modif | Modif | Modif | State
  setLocalDescription other pranswer| Modif | Modif     | Modif | Modif | Modif | Modif | State
  setLocalDescription other answer  | Modif | Modif     | Modif | Modif | Modif | Modif | State
  setLocalDescription last offer    | Modif | ok        | Modif | Modif | State | Modif | State
  setLocalDescription last pranswer | Modif | Modif     | Modif | ok    | Modif | Modif | State
  setLocalDescription last answer   | Modif | Modif     | Modif | ok>new| Modif | Modif | State
  setRemoteDescription offer        | ok>ro | ok>ro     | ok    | State | State | ok>ro | State
  setRemoteDescription pranswer     | State | ok>rpr    | State | State | ok    | State | State
  setRemoteDescription answer       | State | ok>new    | State | State | ok>new| State | State
  setRemoteDescription rollback     | State | ok>new    | ok>new| State | State | State | State
  setRemoteDescription no-sdp offer | Oper  | Oper>new  | Oper  | State | State | Oper  | State
  setRemoteDescription no-sdp answer| State | Oper      | State | State | Oper  | State | State
  setRemoteDescription no-mux offer | Access| Access>new| Access| State | State | Access| State
  setRemoteDescription rids offer   | Access| Access>new| Access| State | State | Access| State
  setRemoteDescription bad offer    | Access| Access>new| Access| State | State | Access| State
  setRemoteDescription bad answer   | State | Access    | State | State | Access| State | State
  setRemoteDescription empty offer  | ok>ro | ok>ro     | Access| State | State | Access| State
  setRemoteDescription empty answer | State | Access    | State | State | Access| State | State
  addIceCandidate of mid            | State | State     | ok    | ok    | ok    | ok    | State
  addIceCandidate of index          | State | State     | ok    | ok    | ok    | ok    | State
  addIceCandidate of fragment       | State | State     | ok    | ok    | ok    | ok    | State
  addIceCandidate of nothing        | Type  | Type      | Type  | Type  | Type  | Type  | Type
  addIceCandidate end               | State | State     | ok    | ok    | ok    | ok    | State
  addIceCandidate wrong mid         | State | State     | Oper  | Oper  | Oper  | Oper  | State
  addIceCandidate wrong index       | State | State     | Oper  | Oper  | Oper  | Oper  | State
  addIceCandidate wrong fragment    | State | State     | Oper  | Oper  | Oper  | Oper  | State
  addIceCandidate malformed         | State | State     | Oper  | Oper  | Oper  | Oper  | State
  replaceTrack of kind              | ok    | ok        | ok    | ok    | ok    | ok    | State
  replaceTrack none                 | ok    | ok        | ok    | ok    | ok    | ok    | State
  replaceTrack of another kind      | Type  | Type      | Type  | Type  | Type  | Type  | Type
  replaceTrack stopping             | State | State     | State | State | State | State | State
  replaceTrack stopping other kind  | Type  | Type      | Type  | Type  | Type  | Type  | Type
  setParameters                     | ok    | ok        | ok    | ok    | ok    | ok    | State
  setParameters stopping            | State | State     | State | State | State | State | State
* addTransceiver                    | ok    | ok        | ok    | ok    | ok    | ok    | State
  addTransceiver of no kind         | Type  | Type      | Type  | Type  | Type  | Type  | Type
* addTrack new                      | ok    | ok        | ok    | ok    | ok    | ok    | State
  addTrack again                    | Access| Access    | Access| Access| Access| Access| State
  addTrack again stopping           | Access| Access    | Access| Access| Access| Access| State
* removeTrack                       | ok    | ok        | ok    | ok    | ok    | ok    | State
  removeTrack without a track       | ok    | ok        | ok    | ok    | ok    | ok    | State
  removeTrack stopping              | ok    | ok        | ok    | ok    | ok    | ok    | State
* direction other                   | ok    | ok        | ok    | ok    | ok    | ok    | State
  direction same                    | ok    | ok        | ok    | ok    | ok    | ok    | State
  direction stopped                 | Type  | Type      | Type  | Type  | Type  | Type  | State
  direction stopping                | State | State     | State | State | State | State | State
* stop                              | ok    | ok        | ok    | ok    | ok    | ok    | State
  stop stopping                     | ok    | ok        | ok    | ok    | ok    | ok    | State
* setStreams                        | ok    | ok        | ok    | ok    | ok    | ok    | State
* setStreams stopping               | ok    | ok        | ok    | ok    | ok    | ok    | State
* createDataChannel first           | ok    | ok        | ok    | ok    | ok    | ok    | State
  createDataChannel second          | ok    | ok        | ok    | ok    | ok    | ok    | State
  createDataChannel without id      | Type  | Type      | Type  | Type  | Type  | Type  | State
  createDataChannel large id        | Type  | Type      | Type  | Type  | Type  | Type  | State
  createDataChannel taken id        | Oper  | Oper      | Oper  | Oper  | Oper  | Oper  | State
  createDataChannel both limits     | Type  | Type      | Type  | Type  | Type  | Type  | State
  createDataChannel long label      | Type  | Type      | Type  | Type  | Type  | Type  | State
  createDataChannel no id           | Type  | Type      | Type  | Type  | Type  | Type  | Type
  createDataChannel negative id     | Type  | Type      | Type  | Type  | Type  | Type  | Type
  createDataChannel long life       | Type  | Type      | Type  | Type  | Type  | Type  | Type
  createDataChannel no retransmits  | Type  | Type      | Type  | Type  | Type  | Type  | Type
* restartIce                        | ok    | ok        | ok    | ok    | ok    | ok    | ok
  setConfiguration same             | ok    | ok        | ok    | ok    | ok    | ok    | State
  setConfiguration bundle           | Modif | Modif     | Modif | Modif | Modif | Modif | State
  setConfiguration no mux           | Type  | Type      | Type  | Type  | Type  | Type  | Type
  setConfiguration no bundle        | Type  | Type      | Type  | Type  | Type  | Type  | Type
  setConfiguration no transport     | Type  | Type      | Type  | Type  | Type  | Type  | Type
  setConfiguration large pool       | Type  | Type      | Type  | Type  | Type  | Type  | Type
  setConfiguration negative pool    | Type  | Type      | Type  | Type  | Type  | Type  | Type
  setConfiguration pool             | ok    | Modif     | ok    | Modif | Modif | Modif | State
  setConfiguration wrong url        | Syntax| Syntax    | Syntax| Syntax| Syntax| Syntax| State
  setConfiguration no urls          | Type  | Type      | Type  | Type  | Type  | Type  | Type
  setConfiguration turn             | Access| Access    | Access| Access| Access| Access| State
  close                             | ok>end| ok>end    | ok>end| ok>end| ok>end| ok>end| ok
"""

GRID = [
    (row.removeprefix("* ").strip(), column, cell.strip(), row.startswith("* "))
    for row, *cells in (line.split("|") for line in TABLE.splitlines()[2:])
    for column, cell in zip(COLUMNS, cells, strict=True)
]

SPECIFICATION = Specification(
    Readings().changed({"track-envelope": "off", "credentials-of-answers": "off"})
)
ICE = frozenset({"remote-ice"})
GOOD = "candidate:1 1 udp 1 192.0.2.1 9 typ host"
WITH = Candidate(GOOD, sdp_mid="m0")
TYPES = {str(type): type for type in SdpType}
PROBLEMS = {"no-sdp": "syntax", "no-mux": "rtcp-mux", "rids": "rids", "bad": "content"}
CHANNELS = {
    "first": Channel(),
    "second": Channel(),
    "without id": Channel(negotiated=True),
    "large id": Channel(negotiated=True, id=65535),
    "taken id": Channel(negotiated=True, id=7),
    "no id": Channel(id=65536),  # [EnforceRange] comes before 13, which would ignore it
    "negative id": Channel(negotiated=True, id=-1),
    "long life": Channel(max_packet_life_time=65536),
    "no retransmits": Channel(max_retransmits=-1),
    "both limits": Channel(max_packet_life_time=1, max_retransmits=1),
    "long label": Channel(label_bytes=65536),
}
CONFIGURATIONS = {
    "same": Configuration(),
    "bundle": Configuration(bundle_policy="max-bundle"),
    "no mux": Configuration(rtcp_mux_policy="negotiate"),  # no value of the enumeration any more
    "no bundle": Configuration(bundle_policy="none"),
    "no transport": Configuration(ice_transport_policy="none"),
    "large pool": Configuration(ice_candidate_pool_size=256),
    "negative pool": Configuration(ice_candidate_pool_size=-1),
    "pool": Configuration(ice_candidate_pool_size=1),
    "wrong url": Configuration((IceServer(("http://example.org",)),)),
    "turn": Configuration((IceServer(("turn:example.org",)),)),
    "no urls": Configuration((IceServer(None),)),  # required
}


def remote_offer(state: Connection) -> Description:
    """An offer that may follow whatever was negotiated."""
    current = state.current_remote_description
    sections = current.sections if current else (Section(Kind.AUDIO, "m0"),)
    return Description(SdpType.OFFER, "remote-offer", sections, ICE)


def remote_answer(state: Connection, type: SdpType) -> Description:
    offer = state.pending_local_description
    sections = offer.sections if offer else (Section(Kind.AUDIO, "m0"),)
    answered = (replace(one, transceiver=None, msids=()) for one in sections)
    return Description(type, f"remote-{type}", tuple(answered), ICE)


def local_description(state: Connection, variant: str) -> Arguments:
    words = variant.split()
    type = TYPES[words[-1]] if words else None
    created = state.last_created_offer if type is SdpType.OFFER else state.last_created_answer
    if "other" in words or ("last" in words and created is None):
        return Arguments(type=type, description=Description(type or SdpType.OFFER, "other"))
    return Arguments(type=type, description=created if "last" in words else None)


def remote_description(state: Connection, variant: str) -> Arguments:
    *words, last = variant.split()
    type = TYPES[last]
    if type is SdpType.ROLLBACK:
        return Arguments(type=type)
    given = remote_offer(state) if type is SdpType.OFFER else remote_answer(state, type)
    for word in words:
        if word == "empty":
            given = replace(given, sections=())
        else:
            given = replace(given, problem=PROBLEMS[word])
    return Arguments(type=type, description=given)


def candidate(state: Connection, variant: str) -> Arguments:
    remote = state.remote_description
    mid = remote.sections[0].mid if remote and remote.sections else "m0"
    given = {
        "of mid": Candidate(GOOD, sdp_mid=mid),
        "of index": Candidate(GOOD, sdp_m_line_index=0),
        "of fragment": Candidate(GOOD, sdp_mid=mid, username_fragment="remote-ice"),
        "of nothing": Candidate(GOOD),
        "end": Candidate(),
        "wrong mid": Candidate(GOOD, sdp_mid="elsewhere"),
        "wrong index": Candidate(GOOD, sdp_m_line_index=9),
        "wrong fragment": Candidate(GOOD, sdp_mid=mid, username_fragment="unknown"),
        "malformed": Candidate("nonsense", sdp_mid=mid),
    }
    return Arguments(candidate=given[variant])


def on_transceiver(state: Connection, variant: str) -> Arguments:
    """Arguments for the first transceiver, which sends audio:a (the second has no track)."""
    more: dict[str, dict[str, Any]] = {
        "of kind": {"track": "audio:z", "kind": "audio"},
        "stopping": {"track": "audio:z", "kind": "audio"},
        "of another kind": {"track": "video:z", "kind": "video"},
        "stopping other kind": {"track": "video:z", "kind": "video"},
        "without a track": {"transceiver": "t2"},
        "other": {"direction": Direction.RECVONLY},
        "stopped": {"direction": Direction.STOPPED},
    }
    return Arguments(**{"transceiver": "t1", **more.get(variant, {})})


def adding(state: Connection, variant: str) -> Arguments:
    track = "audio:a" if "again" in variant else "audio:b"
    return Arguments(kind="application" if "no kind" in variant else "audio", track=track)


MAKERS: dict[str, Callable[[Connection, str], Arguments]] = {
    "setLocalDescription": local_description,
    "setRemoteDescription": remote_description,
    "addIceCandidate": candidate,
    "addTransceiver": adding,
    "addTrack": adding,
    "createDataChannel": lambda _, variant: Arguments(channel=CHANNELS[variant]),
    "setConfiguration": lambda _, variant: Arguments(configuration=CONFIGURATIONS[variant]),
    **dict.fromkeys(
        ("replaceTrack", "setParameters", "removeTrack", "direction", "stop", "setStreams"),
        on_transceiver,
    ),
}


def make(state: Connection, number: int, row: str) -> Call:
    method, _, variant = row.partition(" ")
    maker = MAKERS.get(method)
    return Call(number, method, maker(state, variant) if maker else Arguments())


PATHS: dict[str, tuple[str, ...]] = {
    "new": (),
    "lo": ("setLocalDescription",),
    "ro": ("setRemoteDescription offer",),
    "lpr": ("setRemoteDescription offer", "setLocalDescription pranswer"),
    "rpr": ("setLocalDescription", "setRemoteDescription pranswer"),
    "done": ("setLocalDescription", "setRemoteDescription answer"),
    "end": (),
}


@cache
def reach(column: str, row: str, *, busy: bool) -> Connection:
    """The state of a column; two transceivers, and what the row's variant asks for besides."""
    rows = ["addTrack again", *PATHS[column]]
    state = SPECIFICATION.initial()
    for number, each in enumerate(rows):
        state = settled(called(state, make(state, 100 + number, each)))
    video = Call(200, "addTransceiver", Arguments(kind="video"))
    state = settled(called(state, video))
    if "stopping" in row:
        state = settled(called(state, make(state, 201, "stop")))
    if "second" in row or "taken id" in row:
        first = Channel(negotiated=True, id=7)
        state = settled(called(state, Call(202, "createDataChannel", Arguments(channel=first))))
    if busy:
        outstanding = Call(203, "replaceTrack", Arguments(transceiver="t2"))
        state = ended(called(state, outstanding))
    if column == "end":
        state = ended(called(state, Call(204, "close")))
    return state


def called(state: Connection, call: Call) -> Connection:
    """The first state after a call (an implementation may be free to create another offer)."""
    return SPECIFICATION.call(state, call)[0]


def settled(state: Connection) -> Connection:
    """The end of one schedule."""
    while (step := next(SPECIFICATION.successors(state), None)) is not None:
        state = step[1]
    return state


def ended(state: Connection) -> Connection:
    """The script has ended; the operation that it began has not."""
    for label, after in SPECIFICATION.successors(state):
        if isinstance(label, Return) or label == Internal("the task ends"):
            return after if label == Internal("the task ends") else ended(after)
    raise AssertionError("the script does not end")


def outcomes(state: Connection, number: int) -> set[tuple[str, str]]:
    """Over all schedules: how the call's promise was settled, and the signaling state at rest."""
    found, seen = set(), set()
    todo: list[tuple[Connection, str]] = [(state, "pending")]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        steps = list(SPECIFICATION.successors(here[0]))
        if not steps:
            found.add((here[1], str(here[0].signaling_state)))
        todo += [(after, _settlement(label, number) or here[1]) for label, after in steps]
    return found


def _settlement(label: Label, number: int) -> str | None:
    if isinstance(label, Resolve) and label.call == number:
        return "ok"
    return label.error if isinstance(label, Reject) and label.call == number else None


@pytest.mark.parametrize("busy", [False, True], ids=["empty", "busy"])
@pytest.mark.parametrize(("row", "column", "cell", "updates"), GRID)
def test_the_grid(row: str, column: str, cell: str, updates: bool, busy: bool) -> None:
    before = reach(column, row, busy=busy)
    assert (before.signaling_state, bool(before.operations)) == (NAMES[column], busy)
    call = make(before, 1, row)
    word, _, next_column = cell.partition(">")
    outcome = ERRORS.get(word, word)
    target = NAMES[next_column or column]
    assert SPECIFICATION.call(before, call)
    for after in SPECIFICATION.call(before, call):
        if call.method in PROMISED:
            assert after.outcome == Return(1)
            assert outcomes(after, 1) == {(outcome, target)}
        else:
            assert outcomes(after, 1) == {("pending", target)}
            thrown = after.outcome.error if isinstance(after.outcome, Throw) else "ok"
            assert thrown == outcome
        assert _updated(before, after) == (updates and outcome == "ok", busy)


def _updated(before: Connection, after: Connection) -> tuple[bool, bool]:
    """Whether the call updated the flag, and whether it was remembered (or would have been)."""
    remembered = after.update_negotiation_needed_flag_on_empty_chain
    queued = after.tasks.count(UPDATE_TASK) > before.tasks.count(UPDATE_TASK)
    assert not before.update_negotiation_needed_flag_on_empty_chain
    assert not (remembered and queued)
    return remembered or queued, remembered if remembered or queued else bool(before.operations)


# A stopped transceiver that an answer has removed from the set.

REMOVED = {
    "removeTrack": ("ok", False),
    "direction other": ("State", False),
    "stop": ("ok", False),
    "setStreams": ("ok", True),
    "addTrack again": ("ok", True),
    "replaceTrack of kind": ("State", False),
    "replaceTrack of another kind": ("Type", False),
    "setParameters": ("State", False),
}


@pytest.mark.parametrize("row", REMOVED)
def test_methods_of_a_removed_transceiver(row: str) -> None:
    before = removed()
    assert [one.id for one in before.removed] == ["t1"]
    word, updates = REMOVED[row]
    call = make(before, 1, row)
    after = called(before, call)
    if call.method in PROMISED:
        assert {found for found, _ in outcomes(after, 1)} == {ERRORS.get(word, word)}
    else:
        thrown = after.outcome.error if isinstance(after.outcome, Throw) else "ok"
        assert thrown == ERRORS.get(word, word)
    assert (UPDATE_TASK in after.tasks) is updates


@cache
def removed() -> Connection:
    state = reach("done", "", busy=False)
    offer = remote_offer(state)
    rejected = tuple(replace(one, rejected=True) for one in offer.sections)
    offer = replace(offer, sections=rejected)
    arguments = Arguments(type=SdpType.OFFER, description=offer)
    state = settled(called(state, Call(300, "setRemoteDescription", arguments)))
    return settled(called(state, Call(301, "setLocalDescription")))


def test_the_grid_has_every_method() -> None:
    assert {row.partition(" ")[0] for row, *_ in GRID} == set(_methods())


def _methods() -> tuple[str, ...]:
    from negotiation.model import METHODS

    return tuple(METHODS)


# Laws.

DIRECTIONS = [one for one in Direction if one is not Direction.STOPPED]
ROWS = sorted({row for row, *_ in GRID})


@given(st.sampled_from(DIRECTIONS), st.sampled_from(DIRECTIONS), st.sampled_from(DIRECTIONS))
def test_the_algebra_of_directions(a: Direction, b: Direction, c: Direction) -> None:
    assert a.reversed.reversed is a
    assert a & b is b & a
    assert a & a is a
    assert (a & b) & c is a & (b & c)
    assert a & Direction.SENDRECV is a
    assert a & Direction.INACTIVE is Direction.INACTIVE
    assert (a & b).reversed is a.reversed & b.reversed
    assert Direction.of(sends=a.sends, receives=a.receives) is a
    assert (a.reversed.sends, a.reversed.receives) == (a.receives, a.sends)
    assert operator.and_(a, Direction.STOPPED) is Direction.INACTIVE


def walked(choices: list[int]) -> list[Connection]:
    """A random walk: each number picks a step of the user agent or, after those, a call."""
    state = settled(called(SPECIFICATION.initial(), make(Connection(), 100, "addTrack again")))
    states = [state]
    for number, choice in enumerate(choices):
        options = [after for _, after in SPECIFICATION.successors(state)]
        row = ROWS[choice // 4 % len(ROWS)]
        if choice % 4 == 0 or not options:
            options = calls(state, row, 1000 + number) or options
        if options:
            state = options[choice % len(options)]
            states.append(state)
    return states


def calls(state: Connection, row: str, number: int) -> list[Connection]:
    if "without a track" in row:
        return []
    return list(SPECIFICATION.call(state, make(state, number, row)))


WALKS = st.integers(0, 1_000_000).map(
    lambda seed: [Random(seed + n).randrange(10_000) for n in range(80)]
)


@given(WALKS)
@settings(max_examples=60, deadline=None)
def test_states_are_values_and_steps_never_raise(choices: list[int]) -> None:
    for state in walked(choices):
        again = copy.deepcopy(state)
        assert again == state
        assert hash(again) == hash(state)
        for _, after in SPECIFICATION.successors(state):
            list(SPECIFICATION.successors(after))


@given(WALKS)
@settings(max_examples=40, deadline=None)
def test_a_call_that_throws_changes_nothing(choices: list[int]) -> None:
    state = walked(choices)[-1]
    for row in ROWS:
        for after in calls(state, row, 5000):
            if isinstance(after.outcome, Throw):
                kept = replace(after, outcome=None, turn=state.turn, entered=state.entered)
                assert kept == state


# Folding of update tasks: two that follow one another directly cannot be told from one.


class Unfolded(Specification):
    def queue_update(self, connection: Connection) -> Connection:
        return replace(connection, tasks=(*connection.tasks, UPDATE_TASK))


SCRIPTED = (
    "addTransceiver",
    "addTrack new",
    "restartIce",
    "setStreams",
    "stop",
    "direction other",
    "createDataChannel first",
    "createOffer",
    "setLocalDescription",
    "setLocalDescription rollback",
    "setRemoteDescription offer",
    "close",
)


def sequences(specification: Specification, rows: tuple[str, ...]) -> set[tuple[Label, ...]]:
    """What can be observed in any schedule if these calls are made in this order, at any time."""
    first = called(SPECIFICATION.initial(), make(Connection(), 100, "addTrack again"))
    todo: list[tuple[Connection, int, tuple[Label, ...]]] = [(first, 0, ())]
    found, seen = set(), set()
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        state, done, told = here
        steps = list(specification.successors(state))
        if not steps and done == len(rows):
            found.add(told)
        for label, after in steps:
            visible = () if isinstance(label, Internal) else (label,)
            todo.append((after, done, told + visible))
        if done < len(rows) and specification.may_script_run(state):
            call = make(state, done, rows[done])
            todo += [(x, done + 1, (*told, call)) for x in specification.call(state, call)]
    return found


@given(st.lists(st.sampled_from(SCRIPTED), max_size=4).map(tuple))
@settings(max_examples=40, deadline=None)
def test_folding_update_tasks_cannot_be_observed(rows: tuple[str, ...]) -> None:
    assert sequences(Specification(), rows) == sequences(Unfolded(), rows)


def test_the_unfolded_model_has_something_to_fold() -> None:
    state = settled(called(Connection(), make(Connection(), 100, "addTrack again")))
    for number in (1, 2):
        (state,) = Unfolded().call(replace(state, outcome=None), make(state, number, "setStreams"))
    assert state.tasks == (UPDATE_TASK, UPDATE_TASK)

"""What became of each offer at one end: who set it, what began it, and how it ended.

Descriptions take effect in the order in which they were set, because the operations chain is a
queue. So the calls are gone through in that order with the signaling table, and what the recording
shows decides: settlements, events, states that were read, and the state of the model where it can
be in one only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from negotiation.model import SdpType, Side, SignalingState
from negotiation.model.signaling import TRANSITIONS

from ..traces import format
from ..traces.profiles import profile_named
from .evidence import Beginning, Beginnings, Evidence, Point, Seen

SETTING = {"setLocalDescription": Side.LOCAL, "setRemoteDescription": Side.REMOTE}
ROLLBACK = "rollback"

Outcome = Literal[
    "completed", "rolled back", "superseded", "refused", "closed", "unfinished", "unknown"
]
"""How an offer ended at one end. `refused`: setting it failed; `closed`: the connection was.
`unknown`: it ended, and the recording does not show how."""

_TARGETS = {(str(row.source), row.side, str(row.type)): str(row.target) for row in TRANSITIONS}


class End(msgspec.Struct, frozen=True):
    """What became of an offer at one end.

    `side` is how it was set, `sdp` its text, `called` the call that set it and `offered` when it
    took effect (None: it did not, or the recording does not show it; both are None where the
    recording began later). `provisional` is when a provisional answer first took effect, `ended`
    when the offer was no longer pending; `error` is why it was refused, `by` what ended it where
    that was no answer.
    """

    peer: str
    side: Side
    sdp: str | None
    began: Beginning | None
    called: Point | None
    offered: Point | None
    ended: Point | None
    outcome: Outcome
    provisional: Point | None = None
    error: str | None = None
    by: str = ""

    @property
    def first(self) -> Point:
        """The earliest that is known of it."""
        return self.called or self.offered or self.ended or Point(0, 0.0)


class _Setting:
    """A call of set*Description, and how it settled."""

    def __init__(self, seen: Seen, call: format.Call) -> None:
        given = call.args.description or format.DescriptionRef()
        self.side = SETTING[call.method]
        self.type = given.type
        self.sdp = given.sdp
        self.called = seen.point
        self.settled: Point | None = None
        self.error: str | None = None
        self.resolved_type: str | None = None


def ends_of(name: str, peer: format.Peer, seen: Iterable[Seen]) -> tuple[End, ...]:
    """The offers that a peer set, in the order in which they were: each with what became of it."""
    return tuple(_Reader(name, peer, list(seen)).ends())


def may_miss(peer: format.Peer) -> bool:
    """Whether a recording may lack calls that set descriptions."""
    return peer.begins == "unknown" or bool(profile_named(peer.profile).hidden & SETTING.keys())


class _Reader:
    """Goes through the settings of one peer in their order."""

    def __init__(self, name: str, peer: format.Peer, seen: list[Seen]) -> None:
        profile = profile_named(peer.profile)
        begins_unknown = peer.begins == "unknown"
        self._peer = name
        self._seen = seen
        self._evidence = Evidence(seen)
        self._tells_settlements = {"resolve", "reject"} <= profile.labels
        events, reads = profile.events, profile.reads
        self._tells_states = "signalingstatechange" in events or "signalingState" in reads
        self._state = self._evidence.first_state if begins_unknown else str(SignalingState.STABLE)
        self._closed = next((one.point for one in seen if _closes(one)), None)
        self._beginnings = Beginnings(seen)
        self._effect = 0
        self._open: End | None = None
        self._ends: list[End] = []
        self._may_miss = may_miss(peer)
        if begins_unknown:
            self._open = self._unseen(self._state or "", None)

    def ends(self) -> Iterator[End]:
        for one in _settings(self._seen):
            self._correct(one.called.line)
            self._take(one)
        self._correct(None)
        if self._open is not None:
            if self._closed is not None:
                self._end("closed", self._closed)
            else:
                self._end("unfinished", None)
        return iter(sorted(self._ends, key=lambda one: one.first.line))

    def _correct(self, until: int | None) -> None:
        """What is seen goes before what was concluded: something may have happened unseen."""
        if self._may_miss:
            for point, state in self._evidence.between(self._effect, until):
                self._saw(point, state)
            return
        last = self._evidence.last(until)
        if last is not None and last[0].line > self._effect and last[1] != self._state:
            first = self._evidence.first(last[1], self._effect, until)
            self._saw(first or last[0], last[1])

    def _saw(self, point: Point, state: str) -> None:
        """The peer was in a state, whatever brought it there."""
        if state in (self._state, SignalingState.CLOSED):
            return
        if self._open is not None and state not in _PENDING[self._open.side]:
            self._end("unknown", point)
        self._move(state, point.line)
        if self._open is None and self._may_miss:
            self._open = self._unseen(state, point)

    def _unseen(self, state: str, offered: Point | None) -> End | None:
        """The offer that is pending in a state, of which no call was recorded."""
        side = next((side for side, pending in _PENDING.items() if state in pending), None)
        if side is None:
            return None
        began = None
        if side is Side.LOCAL and offered is not None:
            began = self._beginnings.of(None, offered)
        return End(self._peer, side, None, began, None, offered, None, "unfinished")

    def _take(self, setting: _Setting) -> None:
        type = self._type(setting)
        target = self._target(setting.side, type)
        if setting.error is not None:
            self._refused(setting, type)
            return
        effect = self._effect_of(setting, target)
        if effect is None:
            if type == SdpType.OFFER:
                self._never_set(setting)
            return
        self._apply(setting, type, effect)
        if type == SdpType.ROLLBACK or target is not None:
            self._move(target or str(SignalingState.STABLE), effect.line)

    def _type(self, setting: _Setting) -> str | None:
        if setting.type is not None or setting.side is Side.REMOTE:
            return setting.type
        if self._state is None:
            return setting.resolved_type
        answers = self._state in (
            SignalingState.HAVE_REMOTE_OFFER,
            SignalingState.HAVE_LOCAL_PRANSWER,
        )
        return str(SdpType.ANSWER if answers else SdpType.OFFER)

    def _target(self, side: Side, type: str | None) -> str | None:
        """The state that the table leads to; None: it leads nowhere."""
        type = type or ""
        if self._state is None:
            return _ANYWHERE.get((side, type))
        source = self._state
        if (source, side, type) == (SignalingState.HAVE_LOCAL_OFFER, Side.REMOTE, SdpType.OFFER):
            source = str(SignalingState.STABLE)  # the local offer is rolled back before
        return _TARGETS.get((source, side, type))

    def _effect_of(self, setting: _Setting, target: str | None) -> Point | None:
        """When the description took effect; None: it did not, as far as can be seen."""
        after = max(setting.called.line, self._effect)
        until = None if setting.settled is None else setting.settled.line
        changes = target is not None and target != self._state
        if changes and target is not None:
            shown = self._evidence.first(target, after, until)
            if shown is not None:
                return shown
        if setting.settled is not None:
            return setting.settled
        if self._tells_settlements or target is None or (changes and self._tells_states):
            return None
        is_closed = self._closed is not None and self._closed.line < setting.called.line
        return None if is_closed else setting.called

    def _apply(self, setting: _Setting, type: str | None, effect: Point) -> None:
        match type:
            case SdpType.OFFER:
                self._offered(setting, effect)
            case SdpType.ROLLBACK:
                self._end("rolled back", effect, by=ROLLBACK)
            case SdpType.PRANSWER if self._open is not None and self._open.provisional is None:
                self._open = _replace(self._open, provisional=effect)
            case SdpType.ANSWER if self._open is not None:
                self._end("completed", effect)
            case SdpType.ANSWER if self._state is None:
                side = Side.LOCAL if setting.side is Side.REMOTE else Side.REMOTE
                end = End(self._peer, side, None, None, None, None, effect, "completed")
                self._ends.append(end)

    def _offered(self, setting: _Setting, effect: Point) -> None:
        if self._open is not None and self._open.side is setting.side:
            self._end("superseded", effect, by="another offer")
        elif self._open is not None and setting.side is Side.REMOTE:
            self._end("rolled back", effect, by="the other's offer")
        else:
            self._end("superseded", effect, by="an offer of the other side")
        self._open = self._new(setting, effect)

    def _refused(self, setting: _Setting, type: str | None) -> None:
        settled = setting.settled
        if type == SdpType.OFFER:
            refused = self._new(setting, None)
            error = setting.error
            self._ends.append(_replace(refused, outcome="refused", error=error, ended=settled))
        is_glare = type == SdpType.OFFER and setting.side is Side.REMOTE
        if settled is None or not is_glare or self._state != SignalingState.HAVE_LOCAL_OFFER:
            return
        # The implicit rollback stays, although the offer for which it was made was refused.
        point, state = self._evidence.last(settled.line) or (setting.called, "")
        if point.line > setting.called.line and state == SignalingState.STABLE:
            self._end("rolled back", settled, by="the other's offer")
            self._move(state, point.line)

    def _never_set(self, setting: _Setting) -> None:
        end = self._new(setting, None)
        if self._closed is not None:
            end = _replace(end, outcome="closed", ended=self._closed)
        self._ends.append(end)

    def _new(self, setting: _Setting, effect: Point | None) -> End:
        is_local = setting.side is Side.LOCAL
        began = self._beginnings.of(setting.called, effect) if is_local else None
        return End(
            self._peer,
            setting.side,
            setting.sdp,
            began,
            setting.called,
            effect,
            None,
            "unfinished",
        )

    def _end(self, outcome: Outcome, ended: Point | None, *, by: str = "") -> None:
        if self._open is not None:
            self._ends.append(_replace(self._open, outcome=outcome, ended=ended, by=by))
            self._open = None

    def _move(self, state: str, line: int) -> None:
        if state == SignalingState.STABLE != self._state:
            self._beginnings.returned(line)
        self._state = state
        self._effect = max(self._effect, line)


_replace = msgspec.structs.replace

_PENDING = {
    Side.LOCAL: (SignalingState.HAVE_LOCAL_OFFER, SignalingState.HAVE_REMOTE_PRANSWER),
    Side.REMOTE: (SignalingState.HAVE_REMOTE_OFFER, SignalingState.HAVE_LOCAL_PRANSWER),
}
"""The states in which an offer of a side is pending."""

_ANYWHERE = {(row.side, str(row.type)): str(row.target) for row in TRANSITIONS}
"""Where a description leads that was taken in a state that is not known."""


def _closes(seen: Seen) -> bool:
    is_call = isinstance(seen.one, format.Call) and seen.one.method == "close"
    return is_call or seen.state == SignalingState.CLOSED


def _settings(seen: Iterable[Seen]) -> list[_Setting]:
    """The settings in the order of their calls, each with how it settled."""
    found: dict[int, _Setting] = {}
    for each in seen:
        match each.one:
            case format.Call(id=id, method=method) if method in SETTING:
                found[id] = _Setting(each, each.one)
            case format.Resolve(call=id) if id in found:
                found[id].settled = found[id].settled or each.point
                _resolved(found[id], each.one)
            case format.Reject(call=id) | format.Throw(call=id) if id in found:
                found[id].settled = each.point
                found[id].error = each.one.error
    return list(found.values())


def _resolved(setting: _Setting, resolve: format.Resolve) -> None:
    if resolve.description is not None:
        setting.resolved_type = resolve.description.type
        setting.sdp = setting.sdp or resolve.description.sdp

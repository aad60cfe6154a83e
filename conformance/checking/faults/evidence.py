"""What the second pass looks at: calls with their endings, descriptions that were set, the end."""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.clocks import counts_from_1970
from negotiation.conformance.traces.said import SETTLED
from negotiation.model import SignalingState

from ..findings import Diagnosis
from ..frontier import Frontier
from ..peers import Moment
from ..relations import Text
from ..seen import Made
from ..subjects import is_not_with
from ..words import is_failure

Found = tuple[str, int, Diagnosis]
"""A finding of this pass: the peer, the line, and what is wrong."""

SETTING = ("setLocalDescription", "setRemoteDescription")
MESSAGES = (format.Send, format.Receive)
WRONG_STATE = "InvalidStateError"

remembered = functools.lru_cache(maxsize=1 << 16)


def is_refused_otherwise(moment: Moment) -> bool:
    """Whether a call was refused that is made in a wrong state, and told so by another error."""
    diagnosis = moment.diagnosis
    if diagnosis is None or diagnosis.id not in ("OP-ERROR", "CALL-ERROR"):
        return False
    others = (one for one in diagnosis.expected if not one.endswith(WRONG_STATE))
    return is_not_with(diagnosis.about, WRONG_STATE) and not any(map(is_failure, others))


class Setting(msgspec.Struct, frozen=True):
    """A description that was set, or should have been: its call, and how that ended if it did.

    `type` is None where it cannot be told; `text` is the id of the SDP text.
    """

    peer: str
    side: str
    type: str | None
    text: str | None
    made: Moment
    ended: Moment | None

    @property
    def is_applied(self) -> bool:
        """Whether the promise was fulfilled."""
        return self.ended is not None and isinstance(self.ended.said.observation, format.Resolve)

    @property
    def error(self) -> str | None:
        """The error that it was rejected with."""
        one = None if self.ended is None else self.ended.said.observation
        return one.error if isinstance(one, format.Reject | format.Throw) else None

    def is_of(self, side: str, *types: str) -> bool:
        """Whether a description of one of these types was set from this side."""
        return self.side == side and self.type in types


class Evidence:
    """One trace, as the second pass reads it. What is worked out is worked out once.

    `asked_times`: something depended on how much time had passed. Of another recording, that says
    the same at other times, it may not be true. So this is the only module of the second pass that
    reads the times of moments.
    """

    def __init__(
        self, moments: Sequence[Moment], header: format.Header, texts: Mapping[str, Text]
    ) -> None:
        self.moments = moments
        self.header = header
        self._texts = texts
        self.asked_times = False
        self.telling = [one for one in moments if one.said.telling]
        self.messages = [one for one in self.telling if isinstance(one.said.observation, MESSAGES)]

    def passed(self, earlier: Moment, later: Moment) -> float:
        """The milliseconds between two observations."""
        self.asked_times = True
        return later.t - earlier.t

    @functools.cached_property
    def made(self) -> dict[int, Moment]:
        """The calls, by id."""
        return {one.said.begins: one for one in self.moments if one.said.begins is not None}

    @functools.cached_property
    def ended(self) -> dict[int, Moment]:
        """How calls ended, by id: the settlement, or what was thrown."""
        return {one.said.call: one for one in self.moments if one.said.ends & SETTLED}

    @functools.cached_property
    def settings(self) -> dict[str, list[Setting]]:
        """The descriptions that each peer set, in the order of the calls."""
        told: dict[str, list[Setting]] = {peer: [] for peer in self.header.peers}
        for moment in self.moments:
            one = moment.said.observation
            if isinstance(one, format.Call) and one.method in SETTING:
                told[one.peer].append(_setting(moment, one, self.ended.get(one.id)))
        return told

    def applied(self, peer: str) -> list[Setting]:
        """What a peer set successfully, in the order in which it was."""
        return self._applied[peer]

    @functools.cached_property
    def _applied(self) -> dict[str, list[Setting]]:
        return {
            peer: sorted(
                (one for one in settings if one.is_applied),
                key=lambda one: one.ended.line if one.ended else 0,
            )
            for peer, settings in self.settings.items()
        }

    @functools.cached_property
    def answered(self) -> dict[tuple[str, str], str | None]:
        """The text of the offer that a peer had set when it set an answer: (peer, its text).

        None where that answer was set to several offers: some stacks' texts tell the second in
        which they were made, and no more.
        """
        told: dict[tuple[str, str], str | None] = {}
        for peer, settings in self._applied.items():
            offer = None
            for one in settings:
                if one.is_of("remote", "offer"):
                    offer = one.text
                elif one.side == "local" and one.text is not None:
                    key = peer, one.text
                    told[key] = offer if told.get(key, offer) == offer else None
        return told

    def sections(self, text: str | None) -> tuple[format.SectionSummary, ...] | None:
        """The m-sections of an SDP text; None where it was not recorded, or is no SDP."""
        known = None if text is None else self._texts.get(text)
        return None if known is None or known.summary.problem else known.summary.sections

    def of(self, peer: str) -> Sequence[Moment]:
        """A peer's observations."""
        return self._own[peer]

    def after(self, peer: str, line: int) -> Iterator[Moment]:
        """A peer's observations after a line."""
        own = self._own[peer]
        return itertools.islice(own, bisect.bisect_right(own, line, key=_line_of), None)

    def before(self, peer: str, line: int) -> Iterator[Moment]:
        """A peer's observations before a line, the last first."""
        own = self._own[peer]
        return map(own.__getitem__, range(bisect.bisect_left(own, line, key=_line_of) - 1, -1, -1))

    @functools.cached_property
    def _own(self) -> dict[str, list[Moment]]:
        own: dict[str, list[Moment]] = {peer: [] for peer in self.header.peers}
        for moment in self.moments:
            own[moment.said.peer].append(moment)
        return own

    @functools.cached_property
    def last(self) -> dict[str, Moment]:
        """The last observation of each peer, remarks aside."""
        told: dict[str, Moment] = {}
        for moment in self.moments:
            if not isinstance(moment.said.observation, format.Mark):
                told[moment.said.peer] = moment
        return told


def _line_of(moment: Moment) -> int:
    return moment.line


def _setting(moment: Moment, call: format.Call, ended: Moment | None) -> Setting:
    given = call.args.description
    side = "local" if call.method == SETTING[0] else "remote"
    resolved = None if ended is None else ended.said.observation
    set_ = resolved.description if isinstance(resolved, format.Resolve) else None
    type = given.type if given is not None else None
    if type is None and side == "local":
        type = (set_.type if set_ is not None else None) or _implicit(ended)
    text = given.sdp if given is not None else None
    if text is None and set_ is not None and side == "local":
        text = set_.sdp
    return Setting(call.peer, side, type or ("offer" if given else None), text, moment, ended)


def _implicit(ended: Moment | None) -> str | None:
    """The type of what setLocalDescription() has set, by the state that it left."""
    states = states_of(ended.after) if ended is not None else frozenset()
    if states == {SignalingState.HAVE_LOCAL_OFFER}:
        return "offer"
    return "answer" if states == {SignalingState.STABLE} else None


@remembered
def states_of(frontier: Frontier) -> frozenset[SignalingState]:
    """The signaling states that the model could be in."""
    return frozenset(one.connection.signaling_state for one in frontier)


def called(moment: Moment) -> Made | None:
    """The call that an observation is, as the model takes it; None where it is no such."""
    return moment.seen if isinstance(moment.seen, Made) else None


def seconds(moment: Moment) -> str:
    """When it was, for people."""
    return f"t = {moment.t / 1000:.1f} s"


def at(moment: Moment) -> str:
    """Where it is, for people; without the time where that is a date."""
    if counts_from_1970(moment.t):
        return f"line {moment.line}"
    return f"line {moment.line}, {seconds(moment)}"

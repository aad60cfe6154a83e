"""The state of one peer connection: every slot that the algorithms read, and where execution is.

A state is a value: frozen, hashable, compared by what it holds. The second half of it is the part
of the event loop that concerns this connection: the queued tasks, the task that is running and
what is left of it, and the microtasks of its checkpoint.

Values are made of older values, never in a circle. So the garbage collector need not look at them
(`gc=False`), of which a checker remembers very many.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from .description import Description, is_fresh
from .enums import Direction, Kind, SignalingState
from .labels import Arguments, Configuration, Return, Throw

replace = msgspec.structs.replace


class Transceiver(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An RTCRtpTransceiver with its sender and receiver.

    `streams` is the sender's [[AssociatedMediaStreamIds]], `track` its [[SenderTrack]];
    `remote_streams` the receiver's [[AssociatedRemoteMediaStreams]]. `created_by_add_track` is
    JSEP's condition for association, `track_added` tells that addTrack ever attached a track,
    `has_sent` that [[CurrentDirection]] ever had a sending value. `last_stable_jsep_mid` and
    `created_with_pending` are what a rollback needs to know of the time before the pending offer.
    """

    id: str
    kind: Kind
    direction: Direction
    current_direction: Direction | None = None
    fired_direction: Direction | None = None
    mid: str | None = None
    jsep_mid: str | None = None
    stopping: bool = False
    stopped: bool = False
    streams: tuple[str, ...] = ()
    track: str | None = None
    created_by_add_track: bool = False
    track_added: bool = False
    has_sent: bool = False
    remote_streams: tuple[str, ...] = ()
    last_stable_remote_streams: tuple[str, ...] = ()
    last_stable_jsep_mid: str | None = None
    created_with_pending: bool = False


class Outcome(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """How a promise is settled: rejected with `error`, or fulfilled (with `description`)."""

    error: str | None = None
    description: Description | None = None


class Stage(StrEnum):
    """What an operation is doing. After `WAITING` it is the first of the chain."""

    WAITING = "waiting"
    CREATING = "creating a description"
    APPLYING = "applying a description"
    ADDING_CANDIDATE = "adding a candidate"
    REPLACING_TRACK = "replacing a track"
    TRACK_REPLACED = "track replaced"
    SETTLED = "settled"


class Operation(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An operation in the chain.

    `description` is the one that is being applied; `next_description` the remote offer that follows
    an implicit rollback. `transceivers` is "a shallow copy of the set of transceivers" (their ids).
    `in_parallel` tells that its work is under way and its task not yet queued.
    """

    call: int
    method: str
    arguments: Arguments
    stage: Stage = Stage.WAITING
    in_parallel: bool = False
    description: Description | None = None
    next_description: Description | None = None
    transceivers: tuple[str, ...] = ()


class Task(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A queued task of the networking task source: `of` an operation's or a call's, if any."""

    name: str
    of: int | None = None


class Microtask(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A microtask: "settled" (the operation's promise is), "reaction" (the caller's), "remove" (the
    finished operation from the chain) or "continue" (an operation's fulfillment steps).

    `chained` tells a reaction to a promise of the chain from one to a promise that was returned
    settled: the order among unrelated promises is a freedom.
    """

    name: str
    call: int
    outcome: Outcome = Outcome()
    chained: bool = True


class Step(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """What is left to do in the running task: fire an event, or settle an operation's promise."""

    event: str | None = None
    transceiver: str | None = None
    streams: tuple[str, ...] = ()
    outcome: Outcome = Outcome()


class Turn(StrEnum):
    """Who has the event loop: nobody, a script of the application, or a task of the user agent."""

    IDLE = "idle"
    SCRIPT = "script"
    TASK = "task"


class Connection(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An RTCPeerConnection. Defaults are the constructor's (#dom-rtcpeerconnection).

    `transceiver_count` names the next transceiver; `removed` are those that left the set.
    `channel_ids` are the ids of negotiated data channels, `channels` counts all that were created,
    `has_answered_data` tells that others may have been given ids since, or may have been closed.
    `configuration` is None where the one that the constructor was given is not known.
    `ice_configuration_changed` is JSEP's "needs-ice-restart": new credentials may be offered.
    `replaced_offer_restarts_ice`: the pending remote offer replaced one that restarted ICE.
    `applied_remote_credentials` are the mids and credentials of all remote descriptions that ever
    were applied, in the reading that asks for them. `parameters` are the calls of setParameters
    that have not been settled, each with the number of queued tasks that come before any that its
    work may queue.

    `turn`, `steps` and `microtasks` are the running task: `entered` tells that application code has
    run in it (and may go on in its microtasks), `dispatching` which event's handlers are running,
    `outcome` what the call in progress is about to return or throw.
    """

    signaling_state: SignalingState = SignalingState.STABLE
    is_closed: bool = False
    negotiation_needed: bool = False
    operations: tuple[Operation, ...] = ()
    update_negotiation_needed_flag_on_empty_chain: bool = False
    current_local_description: Description | None = None
    current_remote_description: Description | None = None
    pending_local_description: Description | None = None
    pending_remote_description: Description | None = None
    last_created_offer: Description | None = None
    last_created_answer: Description | None = None
    local_ice_credentials_to_replace: frozenset[str] = frozenset()
    transceivers: tuple[Transceiver, ...] = ()
    removed: tuple[Transceiver, ...] = ()
    transceiver_count: int = 0
    channels: int = 0
    channel_ids: frozenset[int] = frozenset()
    has_answered_data: bool = False
    configuration: Configuration | None = Configuration()
    ice_configuration_changed: bool = False
    replaced_offer_restarts_ice: bool = False
    set_local_description_called: bool = False
    parameters: tuple[tuple[int, int], ...] = ()
    applied_remote_credentials: frozenset[tuple[str, str]] = frozenset()
    tasks: tuple[Task, ...] = ()
    turn: Turn = Turn.IDLE
    entered: bool = False
    dispatching: str | None = None
    steps: tuple[Step, ...] = ()
    microtasks: tuple[Microtask, ...] = ()
    outcome: Return | Throw | None = None

    @property
    def remote_description(self) -> Description | None:
        """The remoteDescription attribute: the pending one if there is one, else the current."""
        return self.pending_remote_description or self.current_remote_description

    @property
    def local_description(self) -> Description | None:
        """The localDescription attribute."""
        return self.pending_local_description or self.current_local_description

    def described(self) -> tuple[Description | None, ...]:
        """The four descriptions of the attributes."""
        return (
            self.current_local_description,
            self.current_remote_description,
            self.pending_local_description,
            self.pending_remote_description,
        )

    def transceiver(self, id: str | None) -> Transceiver | None:
        """The transceiver of this name, in the set or removed from it."""
        everyone = (*self.transceivers, *self.removed)
        return next((one for one in everyone if one.id == id), None)

    def with_mid(self, mid: str) -> Transceiver | None:
        """The transceiver in the set whose JSEP mid property is this."""
        return next((one for one in self.transceivers if one.jsep_mid == mid), None)

    def ever_with_mid(self, mid: str) -> Transceiver | None:
        """The transceiver whose JSEP mid property is this, or was when it left the set."""
        removed = (one for one in reversed(self.removed) if one.jsep_mid == mid)
        return self.with_mid(mid) or next(removed, None)

    def updated(self, transceiver: Transceiver) -> Connection:
        """This state with one transceiver changed, wherever it is."""
        return replace(
            self,
            transceivers=_with(self.transceivers, transceiver),
            removed=_with(self.removed, transceiver),
        )

    def descriptions(self) -> Iterator[Description]:
        """Every description that the state holds, in no order that means anything."""
        slots = (
            *self.described(),
            self.last_created_offer,
            self.last_created_answer,
            *(one.description for one in self.operations),
            *(one.next_description for one in self.operations),
            *(one.arguments.description for one in self.operations),
            *(one.outcome.description for one in self.microtasks),
            *(one.outcome.description for one in self.steps),
        )
        return (description for description in slots if description is not None)

    def fresh_names(self) -> frozenset[str]:
        """All names that the model invented and nobody has observed yet."""
        everyone = (*self.transceivers, *self.removed)
        names = {mid for one in everyone for mid in (one.jsep_mid, one.last_stable_jsep_mid)}
        names |= self.local_ice_credentials_to_replace
        for description in self.descriptions():
            names |= {description.sdp, *description.ice, *(one.mid for one in description.sections)}
        return frozenset(name for name in names if name is not None and is_fresh(name))


def _with(transceivers: tuple[Transceiver, ...], changed: Transceiver) -> tuple[Transceiver, ...]:
    if all(one.id != changed.id for one in transceivers):
        return transceivers
    return tuple(changed if one.id == changed.id else one for one in transceivers)

"""Transceivers: making them, stopping them, and the remote tracks and streams that they carry."""

from __future__ import annotations

import msgspec

from .enums import Direction, Kind
from .flag import NegotiationNeeded
from .source import effect, guard
from .state import Connection, Step, Transceiver, replace

STOP = "#dfn-stop-the-rtcrtptransceiver"
REMOTE_TRACKS = "#process-remote-tracks"


class TrackChanges(msgspec.Struct, frozen=True):
    """What the specification calls addList, removeList and trackEventInits, as steps to fire."""

    removed: tuple[Step, ...] = ()
    added: tuple[Step, ...] = ()
    tracks: tuple[Step, ...] = ()

    def __add__(self, other: TrackChanges) -> TrackChanges:
        return TrackChanges(
            self.removed + other.removed, self.added + other.added, self.tracks + other.tracks
        )

    def steps(self) -> tuple[Step, ...]:
        """The events, in the order in which they fire."""
        return self.removed + self.added + self.tracks


class Transceivers(NegotiationNeeded):
    """The rules of transceivers."""

    @effect("#dfn-create-an-rtcrtptransceiver", "1, 4, 5, 6, 8, 9, 11, 12, 13")
    def create_transceiver(
        self, connection: Connection, kind: Kind, direction: Direction
    ) -> tuple[Connection, Transceiver]:
        """Create a transceiver and add it to the set of transceivers."""
        count = connection.transceiver_count + 1
        made = Transceiver(id=f"t{count}", kind=kind, direction=direction)
        everyone = (*connection.transceivers, made)
        return replace(connection, transceivers=everyone, transceiver_count=count), made

    @effect("#dfn-stop-sending-and-receiving", "6, 7")
    def stop_sending_and_receiving(self, transceiver: Transceiver) -> Transceiver:
        """Set [[Direction]] to "inactive" and [[Stopping]] to true."""
        return replace(transceiver, direction=Direction.INACTIVE, stopping=True)

    @effect(STOP, "2, 3, 5, 6, 7")
    def stop_transceiver(self, transceiver: Transceiver) -> Transceiver:
        """Set [[Stopped]], and clear [[CurrentDirection]] and the remote streams."""
        if not transceiver.stopping:
            transceiver = self.stop_sending_and_receiving(transceiver)
        return replace(
            transceiver,
            stopped=True,
            current_direction=None,
            remote_streams=(),
            last_stable_remote_streams=(),
        )

    @effect("#set-description", "4.6.12.3.7, 4.6.13.1.1")
    def remove_transceiver(self, connection: Connection, transceiver: Transceiver) -> Connection:
        """Remove the transceiver from the connection's set of transceivers."""
        rest = tuple(one for one in connection.transceivers if one.id != transceiver.id)
        return replace(connection, transceivers=rest, removed=(*connection.removed, transceiver))

    @effect("#set-description", "4.6.11.1.7.4, 4.6.11.2.14.2")
    def set_current_direction(self, transceiver: Transceiver, direction: Direction) -> Transceiver:
        """Set [[CurrentDirection]]; whoever has once sent cannot be reused by addTrack."""
        return replace(
            transceiver,
            current_direction=direction,
            has_sent=transceiver.has_sent or direction.sends,
        )

    @effect(REMOTE_TRACKS, "1, 2, 5")
    def process_remote_tracks(
        self, transceiver: Transceiver, direction: Direction, msids: tuple[str, ...]
    ) -> tuple[Transceiver, TrackChanges]:
        """Set the streams, decide whether a track is added or removed, set [[FiredDirection]]."""
        changed, changes = self.set_associated_remote_streams(transceiver, msids)
        if self.is_remote_track_added(transceiver, direction, changes):
            changes = changes + TrackChanges(
                tracks=(Step("track", changed.id, changed.remote_streams),)
            )
        return replace(changed, fired_direction=direction), changes

    @guard(REMOTE_TRACKS, "2")
    def is_remote_track_added(
        self, transceiver: Transceiver, direction: Direction, changes: TrackChanges
    ) -> bool:
        """Receiving begins, or a stream was added."""
        fired = transceiver.fired_direction
        begins = direction.receives and not (fired is not None and fired.receives)
        return begins or bool(changes.added)

    @effect("#set-associated-remote-streams", "5, 6, 7")
    def set_associated_remote_streams(
        self, transceiver: Transceiver, msids: tuple[str, ...]
    ) -> tuple[Transceiver, TrackChanges]:
        """Set [[AssociatedRemoteMediaStreams]]; the differences become addtrack and removetrack."""
        before = transceiver.remote_streams
        changes = TrackChanges(
            removed=_stream_steps("removetrack", transceiver, before, without=msids),
            added=_stream_steps("addtrack", transceiver, msids, without=before),
        )
        return replace(transceiver, remote_streams=msids), changes


def _stream_steps(
    event: str, transceiver: Transceiver, streams: tuple[str, ...], *, without: tuple[str, ...]
) -> tuple[Step, ...]:
    return tuple(
        Step(event, transceiver.id, (stream,)) for stream in streams if stream not in without
    )

"""The enumerations of webrtc-pc that negotiation reads. Values are the specification's strings."""

from __future__ import annotations

from enum import StrEnum


class SignalingState(StrEnum):
    """RTCSignalingState (#rtcsignalingstate-enum)."""

    STABLE = "stable"
    HAVE_LOCAL_OFFER = "have-local-offer"
    HAVE_REMOTE_OFFER = "have-remote-offer"
    HAVE_LOCAL_PRANSWER = "have-local-pranswer"
    HAVE_REMOTE_PRANSWER = "have-remote-pranswer"
    CLOSED = "closed"


class SdpType(StrEnum):
    """RTCSdpType (#rtcsdptype)."""

    OFFER = "offer"
    PRANSWER = "pranswer"
    ANSWER = "answer"
    ROLLBACK = "rollback"


class Side(StrEnum):
    """Whose description is set: setLocalDescription's or setRemoteDescription's."""

    LOCAL = "local"
    REMOTE = "remote"


class Kind(StrEnum):
    """What an m-section is for: the two kinds of MediaStreamTrack, or data channels."""

    AUDIO = "audio"
    VIDEO = "video"
    APPLICATION = "application"


class Direction(StrEnum):
    """RTCRtpTransceiverDirection (#dom-rtcrtptransceiverdirection), with the algebra on it."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"
    STOPPED = "stopped"

    @property
    def sends(self) -> bool:
        """Whether media flows from the end whose point of view this is."""
        return self in (Direction.SENDRECV, Direction.SENDONLY)

    @property
    def receives(self) -> bool:
        """Whether media flows to the end whose point of view this is."""
        return self in (Direction.SENDRECV, Direction.RECVONLY)

    @property
    def reversed(self) -> Direction:
        """The same direction from the other end's point of view."""
        return Direction.of(sends=self.receives, receives=self.sends)

    def __and__(self, other: Direction) -> Direction:
        """Both directions at once (JSEP's intersection, for answers)."""
        return Direction.of(
            sends=self.sends and other.sends, receives=self.receives and other.receives
        )

    @staticmethod
    def of(*, sends: bool, receives: bool) -> Direction:
        """The direction that sends and receives as told."""
        if sends:
            return Direction.SENDRECV if receives else Direction.SENDONLY
        return Direction.RECVONLY if receives else Direction.INACTIVE

"""Names that mean nothing but "the same again", replaced by others throughout a recording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation

from .recorded import Recording, replace

Names = Mapping[str, str]

_MID = re.compile(r"(?m)^(a=mid:)(\S+)")
_BUNDLE = re.compile(r"(?m)^(a=group:BUNDLE)((?: \S+)*)")


def fresh(names: Iterable[str | None], prefix: str) -> dict[str, str]:
    """New names for these, none of which was one before."""
    known = sorted({one for one in names if one is not None})
    free = (f"{prefix}{n}" for n in range(2 * len(known) + 1))
    unused = (one for one in free if one not in known)
    return dict(zip(known, unused, strict=False))


# Mids.


def mids(recording: Recording) -> set[str | None]:
    """The mids that are told of anywhere."""
    sections = (one for sdp in recording.sdps.values() for one in sdp.summary.sections)
    bundled = (one for sdp in recording.sdps.values() for one in sdp.summary.bundle)
    found = {*(one.mid for one in sections), *bundled}
    for one in recording.told:
        if one.state is not None:
            found.update(each.mid for each in one.state.transceivers or ())
        if isinstance(one, format.Call) and one.args.candidate is not None:
            found.add(one.args.candidate.sdpMid)
        if isinstance(one, format.Send) and one.candidate is not None:
            found.add(one.candidate.sdpMid)
    return found - {None}


def with_mids(recording: Recording, names: Names) -> Recording:
    """With other mids, in the texts too."""
    sdps = {id: _text_with_mids(one, names) for id, one in recording.sdps.items()}
    told = tuple(_with_mids(one, names) for one in recording.told)
    return replace(recording, sdps=sdps, told=told)


def _text_with_mids(sdp: format.Sdp, names: Names) -> format.Sdp:
    def bundle(match: re.Match[str]) -> str:
        return match[1] + "".join(f" {names.get(one, one)}" for one in match[2].split())

    summary = replace(
        sdp.summary,
        sections=tuple(replace(one, mid=_of(names, one.mid)) for one in sdp.summary.sections),
        bundle=tuple(names.get(one, one) for one in sdp.summary.bundle),
    )
    text = _MID.sub(lambda found: found[1] + names.get(found[2], found[2]), sdp.text)
    return replace(sdp, text=_BUNDLE.sub(bundle, text), summary=summary)


def _with_mids(one: AnyObservation, names: Names) -> AnyObservation:
    state = one.state
    if state is not None and state.transceivers:
        read = tuple(replace(each, mid=_of(names, each.mid)) for each in state.transceivers)
        one = replace(one, state=replace(state, transceivers=read))
    return _with_candidate(one, lambda it: replace(it, sdpMid=_of(names, it.sdpMid)))


def _with_candidate(
    one: AnyObservation, named: Callable[[format.Candidate], format.Candidate]
) -> AnyObservation:
    if isinstance(one, format.Call) and one.args.candidate is not None:
        return replace(one, args=replace(one.args, candidate=named(one.args.candidate)))
    if isinstance(one, format.Send) and one.candidate is not None:
        return replace(one, candidate=named(one.candidate))
    return one


def _of(names: Names, name: str | None) -> str | None:
    return None if name is None else names.get(name, name)


# Streams.


def streams(recording: Recording) -> set[str | None]:
    """The names of the streams that are told of anywhere."""
    sections = (one for sdp in recording.sdps.values() for one in sdp.summary.sections)
    found: set[str | None] = {name for one in sections for name in one.msids}
    for one in recording.told:
        if isinstance(one, format.Call):
            found.update(one.args.streams or ())
        if isinstance(one, format.Event):
            found.update(one.streams or ())
    return found


def with_streams(recording: Recording, names: Names) -> Recording:
    """With other streams. A text may call them by ids that the recorder has other names for."""

    def named(told: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if told is None else tuple(names.get(one, one) for one in told)

    def otherwise(one: AnyObservation) -> AnyObservation:
        if isinstance(one, format.Call) and one.args.streams is not None:
            return replace(one, args=replace(one.args, streams=named(one.args.streams)))
        if isinstance(one, format.Event):
            return replace(one, streams=named(one.streams))
        return one

    def text(sdp: format.Sdp) -> format.Sdp:
        sections = [replace(one, msids=named(one.msids)) for one in sdp.summary.sections]
        summary = replace(sdp.summary, sections=tuple(sections))
        return replace(sdp, summary=summary)

    sdps = {id: text(one) for id, one in recording.sdps.items()}
    return replace(recording, sdps=sdps, told=tuple(map(otherwise, recording.told)))


# ICE credentials.


def credentials(recording: Recording) -> set[str | None]:
    """What the ICE credentials are called."""
    sections = (one for sdp in recording.sdps.values() for one in sdp.summary.sections)
    found = {one.ice for one in sections}
    for one in recording.told:
        if isinstance(one, format.Call) and one.args.candidate is not None:
            found.add(one.args.candidate.usernameFragment)
    return found - {None}


def with_credentials(recording: Recording, names: Names) -> Recording:
    """With other names for ICE credentials."""

    def named(it: format.Candidate) -> format.Candidate:
        return replace(it, usernameFragment=_of(names, it.usernameFragment))

    def text(sdp: format.Sdp) -> format.Sdp:
        sections = [replace(one, ice=_of(names, one.ice)) for one in sdp.summary.sections]
        return replace(sdp, summary=replace(sdp.summary, sections=tuple(sections)))

    told = tuple(_with_candidate(one, named) for one in recording.told)
    return replace(recording, sdps={id: text(one) for id, one in recording.sdps.items()}, told=told)


# Ids of SDP texts, calls, tasks, messages and tracks.


def with_texts(recording: Recording, names: Names) -> Recording:
    """With other ids of the SDP texts."""

    def referring(told: format.DescriptionRef | None) -> format.DescriptionRef | None:
        return None if told is None else replace(told, sdp=_of(names, told.sdp))

    def otherwise(one: AnyObservation) -> AnyObservation:
        if isinstance(one, format.Call) and one.args.description is not None:
            arguments = replace(one.args, description=referring(one.args.description))
            return replace(one, args=arguments)
        if isinstance(one, format.Resolve | format.Send | format.Receive):
            return replace(one, description=referring(one.description))
        return one

    sdps = {names[id]: replace(one, id=names[id]) for id, one in recording.sdps.items()}
    return replace(recording, sdps=sdps, told=tuple(map(otherwise, recording.told)))


def with_calls(recording: Recording, ids: Mapping[int, int]) -> Recording:
    """With other ids of the calls."""

    def otherwise(one: AnyObservation) -> AnyObservation:
        match one:
            case format.Call():
                return replace(one, id=ids[one.id])
            case format.Return() | format.Throw() | format.Resolve() | format.Reject():
                return replace(one, call=ids[one.call])
            case format.Idle():
                return replace(one, pending=tuple(ids[id] for id in one.pending))
        return one

    return replace(recording, told=tuple(map(otherwise, recording.told)))


def with_messages(recording: Recording, names: Names) -> Recording:
    """With other names of the signaling messages."""

    def otherwise(one: AnyObservation) -> AnyObservation:
        if isinstance(one, format.Send | format.Receive):
            return replace(one, message=names.get(one.message, one.message))
        return one

    return replace(recording, told=tuple(map(otherwise, recording.told)))


def tracks(recording: Recording) -> set[str | None]:
    """The names of the tracks, without their kinds."""
    calls = (one for one in recording.told if isinstance(one, format.Call))
    return {one.args.track.partition(":")[2] for one in calls if one.args.track is not None}


def with_tracks(recording: Recording, names: Names) -> Recording:
    """With other names of the tracks."""

    def otherwise(one: AnyObservation) -> AnyObservation:
        if not isinstance(one, format.Call) or one.args.track is None:
            return one
        kind, colon, name = one.args.track.partition(":")
        track = f"{kind}{colon}{names.get(name, name)}"
        return replace(one, args=msgspec.structs.replace(one.args, track=track))

    return replace(recording, told=tuple(map(otherwise, recording.told)))

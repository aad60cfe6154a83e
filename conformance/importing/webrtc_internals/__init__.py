"""Dumps of chrome://webrtc-internals, of every generation; plain or gzipped.

One JSON object: `PeerConnections` with an `updateLog` each, `getUserMedia`, `UserAgent`. What the
browser's page writes changed over the years, and the names tell which generation it is:

* A (2014 to M86): `signalingStateChange`, `SignalingStateStable`, times of day alone.
* B (M95 to M140): `signalingstatechange`, `stable`, `type: offer, sdp: ...`; the later ones with
  `timestamp` beside the time of day.
* C (M142): state values and descriptions are JSON inside the string.
* D (M144 to M150): event names begin with `on`.
* E (seen in M156): `addTrack`, `addTransceiver`, `restartIce` and `ontrack` are told too.

What is in a dump is not what JavaScript saw, and what is done about it:

* A and E tell the change of the signaling state before the settlement, as JavaScript does; B, C and
  D after it. The dump itself shows which, and it is put in order.
* All but E tell the signaling state again where a description did not change it: that is no event.
* A text that cannot be parsed fails at once, behind no other call: of the open calls it is the
  latest.
* What is told after `close` comes from the layer below: no script sees it. It is left out; so is a
  change to `closed`, which is no event.
* `addIceCandidate` is told when it has ended, and only so. It counts as called there, and as
  settled when everything has settled that was called before that.
* E tells calls in a task of its own, so that the settlement of an earlier one may come before, what
  is called right before `close` is missing, and `negotiationneeded` may come some entries late: an
  early one, before a rollback's end, looks as if it came after it.
* A local description whose type the signaling state does not expect is not told where no created
  one could be meant; no call is told that throws, or that comes after `close`.
* E does not tell a set*Description whose text could not be parsed, but its failure: both are told.
* A dump has no names of errors: they are concluded from messages.
* A page that was opened late begins each record with what was set, and the states, without
  settlements (B and later); an A only begins in the middle. Where more is settled than was called,
  the first settlements are of calls that nobody saw.
* A second page that is opened later has the same told in the middle of each record, as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from ..entries import BrokenOffError, Dump
from ..json_events import Event, json_events
from .records import Records
from .walking import Walk

_MEMBERS = ((b'"PeerConnections"', b"{"), (b'"getUserMedia"', b"["))
"""Members of the outermost object, by which a dump is known; whatever others there are."""

_MOST_DUMPS = 100
"""How many dumps are read in one file."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[][{}]', re.DOTALL)


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is such a dump: by the names of its outermost members."""
    if head.lstrip()[:1] != b"{":
        return False
    depth, last = 0, b""
    for found in _TOKEN.finditer(head):  # the rest of the file may be damaged
        token = found[0]
        if depth == 1 and (last, token) in _MEMBERS:
            return True
        depth += (token in b"{[") - (token in b"}]")
        last = token
    return False


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the unpacked dump; its statistics pass by.

    Several dumps in a row are read as one: of both ends of a call, say.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    records, is_whole = Records(dump), False
    walk = Walk(records)
    try:
        for event, value in _to_the_end(json_events(stream, several=True)):
            is_whole = walk.take(event, value)
            if is_whole:
                records.finish()
                records = Records(dump)
                walk = Walk(records)
    finally:
        if not is_whole:
            records.finish()


def _to_the_end(events: Iterator[Event]) -> Iterator[Event]:
    """The events of whole documents, and of one that breaks off.

    What follows a whole one, and is no JSON at all, is somebody's remark.
    """
    depth = documents = 0
    while True:
        try:
            event = next(events, None)
        except BrokenOffError:
            if depth or not documents:
                raise
            return
        if event is None:
            return
        depth += (event[0][:6] == "start_") - (event[0][:4] == "end_")
        documents += depth == 0
        if documents > _MOST_DUMPS:
            raise BrokenOffError(f"more than {_MOST_DUMPS} dumps in one file")
        yield event

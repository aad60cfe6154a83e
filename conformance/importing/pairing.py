"""The two ends of a call, found in one dump by the descriptions that they exchanged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .entries import Called, Connection, Given, Settled

UFRAG = "a=ice-ufrag:"

Key = tuple[str, ...]
"""What a description is recognised by, whatever an application has changed in it."""


def paired(connections: Iterable[Connection]) -> Iterator[tuple[Connection, ...]]:
    """Each connection once: with the one at its other end where the dump has both, else alone.

    Two are ends of one call where each has set remotely what the other has set locally.
    """
    every = list(connections)
    others = dict(_matched(every))
    done: set[str] = set()
    for one in every:
        if one.name in done:
            continue
        other = others.get(one.name)
        done |= {one.name} if other is None else {one.name, other.name}
        yield (one,) if other is None else (one, other)


def _matched(connections: list[Connection]) -> Iterator[tuple[str, Connection]]:
    """Pairs, the ones that share most first."""
    locals_: dict[Key, list[int]] = {}
    remotes: list[set[Key]] = []
    for number, one in enumerate(connections):
        local, remote = _keys(one)
        remotes.append(remote)
        for key in local:
            locals_.setdefault(key, []).append(number)
    shared: Counter[tuple[int, int]] = Counter()
    ways: dict[tuple[int, int], set[int]] = {}
    for number, remote in enumerate(remotes):
        for key in remote:
            for other in locals_.get(key, ())[:_MOST_ALIKE]:
                if other != number:
                    pair = (min(number, other), max(number, other))
                    shared[pair] += 1
                    ways.setdefault(pair, set()).add(number)
    taken: set[int] = set()
    for (a, b), _ in sorted(shared.items(), key=lambda one: (-one[1], one[0])):
        if not {a, b} & taken and _is_call(connections[a], connections[b], ways[a, b]):
            taken |= {a, b}
            yield connections[a].name, connections[b]
            yield connections[b].name, connections[a]


_MOST_ALIKE = 8
"""With how many connections one is compared that have set the same description."""


def _is_call(one: Connection, other: Connection, receiving: set[int]) -> bool:
    """Both have received from the other, or the one that has not never received anything."""
    return len(receiving) == 2 or not (_keys(one)[1] and _keys(other)[1])


def _keys(connection: Connection) -> tuple[set[Key], set[Key]]:
    """What was set locally, and remotely."""
    local: set[Key] = set()
    remote: set[Key] = set()
    created: set[Key] = set()
    for method, given in (*connection.in_force, *_told(connection)):
        key = key_of(given.sdp)
        if key is None:
            continue
        if method == "setRemoteDescription":
            remote.add(key)
        elif method == "setLocalDescription":
            local.add(key)
        else:
            created.add(key)
    return local or created, remote


def _told(connection: Connection) -> Iterator[tuple[str, Given]]:
    for entry in connection.entries:
        if isinstance(entry, Called | Settled) and entry.description is not None:
            yield entry.method, entry.description


def key_of(sdp: str | None) -> Key | None:
    """The session id of the o= line, and the ICE user name fragments; None: there are none."""
    if not sdp:
        return None
    lines = sdp.splitlines()
    sessions = [line.split()[1:2] for line in lines if line.startswith("o=")]
    fragments = {line[len(UFRAG) :].strip() for line in lines if line.startswith(UFRAG)}
    if not sessions or not sessions[0] or not fragments:
        return None
    return (*sessions[0], *sorted(fragments))

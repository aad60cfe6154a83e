"""Following one recording: along a known path as long as there is one, and examined from there.

A `Path` is all that a recording has said so far, but for numbers, times and SDP texts. Recordings
of the same program on the same stack go the same way, and each is examined only where it turns off.
"""

from __future__ import annotations

import math
from collections.abc import Hashable

from .decoding import Memory, line_from
from .format import Header, Idle, Line, Sdp
from .ledger import Ledger, RefusedError
from .paths import NOWHERE
from .said import Said


class Trail:
    """Where one recording is: `n` observations, the `latest` time of each peer, its `path`.

    Whoever takes a known step of the path, while it `is_known`, keeps these three up to date.
    """

    def __init__(self, header: Header, memory: Memory) -> None:
        self.n = 0
        self.latest = dict.fromkeys(header.peers, -math.inf)
        self.path = memory.paths.start(header)
        self._header = header
        self._memory = memory
        self._ledger: Ledger | None = None

    @property
    def is_known(self) -> bool:
        """Whether another recording went the same way so far."""
        return self._ledger is None

    def take(self, text: bytes) -> tuple[int, float, Said | Sdp]:
        """The line's number, time and content (of an SDP text 0, 0 and the text).

        Raises:
            RefusedError: it is wrong, or does not fit what came before it.
        """
        line: Line | None = self._memory.sdp(text)
        if line is None:
            known = self._memory.known(text, self.n + 1)
            if known is not None:
                said, t = known
                self._go(text, said, self.n + 1, t)
                return self.n, t, said
            line = line_from(text)
        if isinstance(line, Header):
            what = "a second header; write each trace to a file of its own"
            raise RefusedError("kind", what)
        if isinstance(line, Sdp):
            self._go_by_text(text, line)
            return 0, 0.0, line
        said = self._memory.said(text, line)
        self._go(text, said, line.n, line.t)
        return line.n, line.t, said

    def _go(self, text: bytes, said: Said, n: int, t: float) -> None:
        key = self._key(text, said) if n == self.n + 1 else None
        after = None
        if key is not None and self.is_known and t >= self.latest.get(said.peer, math.inf):
            after = self.path.step(key)
        if after is None:
            self._examined().admit(said, n, t)
        self._step(key, said, text)
        self.n = n
        self.latest[said.peer] = max(t, self.latest[said.peer])

    def _go_by_text(self, text: bytes, line: Sdp) -> None:
        key = (line.id, line.summary)
        if not self.is_known or self.path.step(key) is None:
            self._examined().admit_text(line)
            self._memory.keep_summary(text, line)
        self._step(key, line, b"")

    def _key(self, text: bytes, said: Said) -> Hashable:
        """Under what the step is known, None if under nothing."""
        if isinstance(said.observation, Idle):
            return said.alike
        parts = text.split(b",", 3)
        if len(parts) < 4 or not parts[1].startswith(b'"n":') or not parts[2].startswith(b'"t":'):
            return None
        start, rest = parts[0], parts[3]
        taken = self.path.step(rest)
        return rest if taken is None or taken[2] == start else (start, rest)

    def _step(self, key: Hashable, said: Said | Sdp, text: bytes) -> None:
        known = None if key is None else self.path.step(key)
        if key is None or self.path is NOWHERE:
            self.path = NOWHERE
        elif known is not None:
            self.path = known[1]
        else:
            start = self._memory.paths.shared(text.partition(b",")[0])
            self.path = self._memory.paths.extended(self.path, key, said, start)

    def _examined(self) -> Ledger:
        """The ledger, with all that was said on the known path."""
        if self._ledger is None:
            self._ledger = Ledger(self._header, self.n, self.latest)
            for said in reversed(list(self.path.so_far())):
                if isinstance(said, Sdp):
                    self._ledger.admit_text(said)
                else:
                    self._ledger.admit_references(said)
        return self._ledger

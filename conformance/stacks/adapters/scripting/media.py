"""Tracks and streams without camera, microphone or permission."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def _values_of(node: Any, key: str) -> Iterator[Any]:
    """All values of this key, anywhere in the program."""
    if isinstance(node, list):
        for each in node:
            yield from _values_of(each, key)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name != key:
                yield from _values_of(value, key)
            else:
                yield from value if isinstance(value, list) else [value]


class Media:
    """The tracks and streams that a program names.

    They are made before it begins, so that making one never takes time inside an observed task.
    """

    def __init__(
        self,
        program: dict[str, Any],
        new_track: Callable[[str], Any],
        new_stream: Callable[[], Any],
    ) -> None:
        scripts = [program["steps"], program.get("handlers", [])]
        named = [name for name in _values_of(scripts, "track") if isinstance(name, str)]
        self._tracks = {name: new_track(name.partition(":")[0]) for name in dict.fromkeys(named)}
        streams = dict.fromkeys(_values_of(scripts, "streams"))
        self._streams = {name: new_stream() for name in streams}

    def end(self) -> None:
        """Stops the tracks."""
        for track in self._tracks.values():
            track.stop()

    def track(self, name: str) -> Any:
        """The track of that name, None if the program has none."""
        return self._tracks.get(name)

    def stream(self, name: str) -> Any:
        """The stream of that name."""
        return self._streams[name]

    def stream_names(self) -> dict[str, str]:
        """MediaStream id -> the program's name: stacks choose the ids themselves."""
        return {stream.id: name for name, stream in self._streams.items()}

    def name_of_stream(self, stream: Any) -> str:
        """The program's name of a stream, or its id if the program did not make it."""
        return self.stream_names().get(stream.id, str(stream.id))

"""Recordings by stack, version and program, as their headers name them: folders mean nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..errors import TraceError, UsageError, did_you_mean
from ..importing.opening import find_recordings, open_recording
from .versions import is_within, version_key

Progress = Callable[[int, int], None]
"""Is told how many traces are done, of how many."""


class Catalogue:
    """The recordings in which every peer is one stack, in one version.

    Where a program was recorded several times, the last one (in the order of the names) counts.
    Traces that cannot be read are none.
    """

    def __init__(self, folders: Sequence[str], progress: Progress | None = None) -> None:
        self.folders = tuple(folders)
        self._files: dict[str, dict[str, dict[str, str]]] = {}
        files = find_recordings(folders)
        for done, file in enumerate(files, start=1):
            self._take(file)
            if progress is not None:
                progress(done, len(files))

    def _take(self, file: str) -> None:
        try:
            with open_recording(file) as reader:
                header = reader.header
        except TraceError:
            return
        stacks = {(peer.stack.name, peer.stack.version) for peer in header.peers.values()}
        if header.program is not None and len(stacks) == 1:
            ((name, version),) = stacks
            programs = self._files.setdefault(name, {}).setdefault(version, {})
            programs[header.program] = file

    def versions(self, stack: str) -> list[str]:
        """The versions of a stack that are recorded, the oldest first.

        Raises:
            UsageError: it is not recorded.
        """
        if stack not in self._files:
            where = ", ".join(self.folders)
            known = ", ".join(sorted(self._files)) or "nothing"
            hint = did_you_mean(stack, self._files, f"recorded there is {known}")
            raise UsageError(f"there is no recording of {stack!r} in {where}; {hint}")
        return sorted(self._files[stack], key=version_key)

    def chosen(self, named: str) -> tuple[str, str]:
        """The stack and version that STACK or STACK@VERSION names: of several the newest.

        Raises:
            UsageError: there is none.
        """
        stack, _, asked = named.partition("@")
        versions = self.versions(stack)
        if not asked:
            return stack, versions[-1]
        try:
            fitting = [one for one in versions if is_within(one, asked)]
        except ValueError:
            fitting = [one for one in versions if one == asked]
        if not fitting:
            listed = ", ".join(versions)
            raise UsageError(f"{named}: this version is not recorded; there are {listed}")
        return stack, fitting[-1]

    def holds(self, stack: str) -> bool:
        """Whether the stack is recorded in any version."""
        return stack in self._files

    def versions_of(self, stack: str, program: str) -> dict[str, str]:
        """The files of one program on a stack, by versions."""
        versions = self._files.get(stack, {})
        return {version: files[program] for version, files in versions.items() if program in files}

    def programs(self, stack: str, version: str) -> dict[str, str]:
        """The files of a stack in a version, by the names of their programs."""
        return dict(sorted(self._files[stack][version].items()))

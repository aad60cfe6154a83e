"""The versions of a stack, to walk up and down: those recorded, and those that can be installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..programs.language import Program
from ..reports.bisected import Telling, UntoldError
from ..reports.versions import version_key
from ..stacks.installing import FetchError, StartError, install
from ..stacks.links import StackError
from ..stacks.preparing import ProgramError
from ..stacks.recording import LiveStack, Outcome
from ..stacks.registry import MissingStackError, UnknownStackError, row
from ..stacks.releases import Release, releases_of
from ..traces.recordings import Recordings
from ..traces.version_numbers import begins_with


class RecordedLadder:
    """The versions of which there is a recording, by their files."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = dict(files)

    @property
    def versions(self) -> Sequence[str]:
        """All versions, the oldest first."""
        return sorted(self._files, key=version_key)

    @property
    def recorded(self) -> Sequence[str]:
        """All of them."""
        return self.versions

    def recording(self, version: str, telling: Telling) -> str:
        """The recording of a version."""
        return self._files[version]


class InstallingLadder:
    """As well those that can be installed: such a version is fetched and recorded when it is asked.

    New recordings are written to `output`, as STACK/VERSION/PROGRAM.jsonl.
    """

    def __init__(
        self,
        stack: str,
        program: Program,
        files: Mapping[str, str],
        output: Path,
    ) -> None:
        self._stack = stack
        self._program = program
        self._files = dict(files)
        self._output = output
        self._releases: dict[str, Release] = {
            release.version: release
            for release in releases_of(stack)
            if not any(begins_with(version, release.version) for version in files)
        }

    @property
    def versions(self) -> Sequence[str]:
        """All versions, the oldest first."""
        return sorted([*self._files, *self._releases], key=version_key)

    @property
    def recorded(self) -> Sequence[str]:
        """Those of which there is a recording by now."""
        return sorted(self._files, key=version_key)

    def recording(self, version: str, telling: Telling) -> str:
        """The recording of a version; it is made if there is none."""
        if version not in self._files:
            self._files[version] = self._made(self._releases[version], telling)
        return self._files[version]

    def _made(self, release: Release, telling: Telling) -> str:
        try:
            it = install(release, lambda doing: telling(f"{release.name}: {doing}"))
            telling(f"{release.name}: recording")
            with LiveStack(row(f"{release.stack}@{it.version}")) as live:
                return self._recorded(live, self._output / release.stack / it.version)
        except (FetchError, StartError, StackError, ProgramError) as error:
            raise UntoldError(str(error)) from None
        except (MissingStackError, UnknownStackError) as error:
            raise UntoldError(str(error)) from None

    def _recorded(self, live: LiveStack, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        with Recordings(folder) as recordings:
            ended = live.run(
                self._program, lambda program, line: recordings.take(program.name, line)
            )
            recordings.finish()
        if ended.outcome is not Outcome.COMPLETE:
            raise UntoldError(f"{ended.outcome}: {ended.detail}")
        return str(folder / f"{self._program.name}.jsonl")

"""The bare scripts: which stacks have one, and how a stack is started with it.

Where the recorder is `recorder.js`, in pages and in Node, `bare.js` takes the place of one of its
modules, and all others are the recorder's own; so does `bare_pion` with files of Pion's recorder.
Another stack's script is `bare_STACK.py`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from negotiation.conformance import stacks
from negotiation.conformance.stacks.adapters.pion_recorder import building
from negotiation.conformance.stacks.browsers import FAMILIES, browser
from negotiation.conformance.stacks.links import Link
from negotiation.conformance.stacks.pages import PageLink
from negotiation.conformance.stacks.processes import ProgramLink
from negotiation.conformance.stacks.registry import StackRow
from negotiation.conformance.stacks.server import PageServer

HERE = Path(__file__).parent
RECORDER = Path(stacks.__path__[0])
REPLACED = "serving.js"


def has_bare_script(stack: StackRow) -> bool:
    """Whether there is one for the stack."""
    if stack.recorder == "pion":
        return _is_go(stack.executable())
    return stack.kind == "browser" or stack.recorder == "node" or _script(stack).is_file()


@asynccontextmanager
async def bare(stack: StackRow) -> AsyncIterator[Link]:
    """A second instance of the stack, in which the bare script runs."""
    executable = stack.located()
    async with AsyncExitStack() as running:
        link: Link
        if stack.kind == "browser":
            server = await running.enter_async_context(_BareServer())
            link = PageLink(browser(executable, FAMILIES[stack.family], server.address), server)
        else:
            link = ProgramLink(running.enter_context(_command(stack, executable)))
        await running.enter_async_context(link)
        await link.first()
        yield link


@contextmanager
def _command(stack: StackRow, executable: Path) -> Iterator[tuple[str, ...]]:
    """What starts the bare script of a stack that is a program of its own."""
    if stack.recorder == "node":
        with _replaced(RECORDER, {REPLACED: HERE / "bare.js"}) as folder:
            command = stack.command(executable)
            yield tuple(part.replace(str(RECORDER), str(folder)) for part in command)
    elif stack.recorder == "pion":
        if not _is_go(executable):
            raise SystemExit("the bare script for Pion is built: it needs Go itself")
        with _replaced(building.SOURCE, _files(HERE / "bare_pion")) as folder:
            yield (str(building.built(str(executable), folder)),)
    elif _script(stack).is_file():
        yield (str(executable), str(_script(stack)))
    else:
        raise SystemExit(f"there is no bare script for {stack.title}")


def _is_go(executable: Path | None) -> bool:
    """Whether this is the compiler, and no recorder that is built already."""
    return executable is not None and executable.name == "go"


def _script(stack: StackRow) -> Path:
    return HERE / f"bare_{stack.name}.py"


class _BareServer(PageServer):
    """Serves the recorder's page with the bare script in it."""

    def __init__(self) -> None:
        super().__init__()
        self._contents = {**self._contents, REPLACED: (HERE / "bare.js").read_bytes()}


def _files(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in folder.iterdir()}


@contextmanager
def _replaced(recorder: Path, files: Mapping[str, Path]) -> Iterator[Path]:
    """A folder with the recorder's files, and these in place of those of their names."""
    with tempfile.TemporaryDirectory(prefix="negotiation-") as made:
        folder = Path(made) / "scripts"
        shutil.copytree(recorder, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        for name, path in files.items():
            shutil.copy(path, folder / name)
        yield folder

"""The bare scripts: which stacks have one, and how a stack is started with it.

Where the recorder is `recorder.js`, in pages and in Node, `bare.js` takes the place of one of its
modules, and all others are the recorder's own. Another stack's script is `bare_STACK.py`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from negotiation.conformance import stacks
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
        elif stack.recorder == "node":
            folder = running.enter_context(_replaced())
            command = (part.replace(str(RECORDER), folder) for part in stack.command(executable))
            link = ProgramLink(tuple(command))
        elif _script(stack).is_file():
            link = ProgramLink((str(executable), str(_script(stack))))
        else:
            raise SystemExit(f"there is no bare script for {stack.title}")
        await running.enter_async_context(link)
        await link.first()
        yield link


def _script(stack: StackRow) -> Path:
    return HERE / f"bare_{stack.name}.py"


class _BareServer(PageServer):
    """Serves the recorder's page with the bare script in it."""

    def __init__(self) -> None:
        super().__init__()
        self._contents = {**self._contents, REPLACED: (HERE / "bare.js").read_bytes()}


@contextmanager
def _replaced() -> Iterator[str]:
    """A folder with the recorder's modules and the bare script among them: Node follows links."""
    with tempfile.TemporaryDirectory(prefix="negotiation-") as made:
        folder = Path(made) / "scripts"
        shutil.copytree(RECORDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        shutil.copy(HERE / "bare.js", folder / REPLACED)
        yield str(folder)

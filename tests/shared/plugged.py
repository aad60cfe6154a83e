"""Runs of pytest with the plugin, as somebody has it who has installed the package."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

CONFTEST = '''
import asyncio, inspect
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Runs asynchronous tests, where no plugin does."""
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        names = pyfuncitem._fixtureinfo.argnames
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True
'''

CALLS = """
import asyncio
from negotiation.conformance.mutations import MUTATIONS
from negotiation.conformance.programs.model_stack import AS_STACK
from model_connection import RTCPeerConnection, following

Deaf = following(MUTATIONS["set_negotiation_needed_and_fire/sets-without-firing"].make(AS_STACK))

async def call(a, b):
    a.addTransceiver("audio")
    await a.setLocalDescription(await a.createOffer())
    await b.setRemoteDescription(a.localDescription)
    await b.setLocalDescription(await b.createAnswer())
    await a.setRemoteDescription(b.localDescription)
"""
"""A call between two connections that do what the model does, and a broken class of them."""


OTHERS = {
    "anyio": "anyio",
    "asyncio": "asyncio",
    "base_url": "base_url",
    "html": "html",
    "hypothesis": "hypothesispytest",
    "playwright": "playwright",
    "xdist": "xdist",
}
"""Plugins that may be installed, too; a run has none but those that it asks for."""


def as_installed(folder: Path) -> str:
    """Makes a folder which, in PYTHONPATH, makes the plugin one that is installed."""
    info = folder / "negotiation_plugin-0.dist-info"
    info.mkdir(parents=True)
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 0\n")
    entry = "[pytest11]\nnegotiation = negotiation.conformance.plugin\n"
    info.joinpath("entry_points.txt").write_text(entry)
    return str(folder)


class Plugged:
    """Runs pytest in a folder of its own."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester = pytester
        self.results = pytester.path / "negotiation-results"
        installed = as_installed(pytester.path / "installed")
        paths = [str(ROOT / ".src"), str(ROOT / "tests" / "shared"), installed]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
        monkeypatch.syspath_prepend(installed)
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            monkeypatch.delenv(name, raising=False)
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(calls=CALLS)

    def run(
        self, test: str, *arguments: str, plugins: Sequence[str] = (), warnings: str = "error"
    ) -> pytest.RunResult:
        """Runs a file of tests, with warnings as errors, and with these of the other plugins."""
        if {"anyio", "asyncio"} & set(plugins):
            self.pytester.makeconftest("")  # somebody else runs asynchronous tests
        self.pytester.makepyfile(test_it=test)
        blocked = [f"-pno:{OTHERS[name]}" for name in OTHERS if name not in plugins]
        strict = ["-pno:cacheprovider", f"-W{warnings}", "--strict-markers", "--strict-config"]
        if plugins:  # they want a process of their own: this one has imported them
            return self.pytester.runpytest_subprocess(*strict, *blocked, *arguments)
        return self.pytester.runpytest_inprocess(*strict, *blocked, *arguments)

    def kept(self) -> list[str]:
        """The names of the files that were kept."""
        return sorted(one.name for one in self.results.rglob("*") if one.is_file())

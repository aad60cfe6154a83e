"""Browsers: started headless in a fresh empty profile, and removed without a trace.

Nothing of the user's own browser is touched: profile, home and temporary folder are new, and the
browser is killed by its own process group. Negotiation needs no network, so that candidates and
name look-ups are switched off: recordings hold no addresses, and nothing is asked of any server.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from types import TracebackType

import msgspec

from .guarding import Guard
from .links import StackError

_CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-breakpad",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # its name in older versions
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Without collected garbage a long run ends in "Cannot create so many PeerConnections".
    "--js-flags=--expose-gc",
    # Builds of headless_shell leave after the page has loaded unless somebody could be debugging.
    "--remote-debugging-port=0",
)

_FIREFOX_PREFERENCES: Mapping[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.tabs.unloadOnLowMemory": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.min_background_timeout_value": 4,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "media.autoplay.default": 0,
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-manager.url": "",
    "media.peerconnection.ice.relay_only": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disabled": True,
    "network.dns.disablePrefetch": True,
    "network.http.speculative-parallel-limit": 0,
    "network.prefetch-next": False,
    "privacy.reduceTimerPrecision": False,
    "services.settings.server": "data:,#none",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "toolkit.telemetry.server": "",
    "toolkit.telemetry.unified": False,
    "trailhead.firstrun.didSeeAboutWelcome": True,
}

_LONGEST_TEMPORARY = 35


class BrowserError(StackError):
    """A browser could not be started, or did not open its page."""


class Family(msgspec.Struct, frozen=True):
    """How the browsers of a family are started.

    `arguments` gives the command line for a profile folder and an address; `files` are written into
    the profile before.
    """

    arguments: Callable[[Path, str], tuple[str, ...]]
    files: Mapping[str, str] = {}


def _chromium(profile: Path, address: str) -> tuple[str, ...]:
    return (*_CHROMIUM_FLAGS, f"--user-data-dir={profile}", address)


def _qtwebengine(profile: Path, address: str) -> tuple[str, ...]:
    """The executable is a Python interpreter, and the browser the adapter that it runs."""
    start = Path(__file__).parent / "adapters" / "start.py"
    flags = (each for each in _CHROMIUM_FLAGS if not each.startswith("--headless"))
    return (str(start), "qtwebengine.show", str(profile), address, *flags)


def _firefox(profile: Path, address: str) -> tuple[str, ...]:
    return ("--headless", "--no-remote", "--new-instance", "--profile", str(profile), address)


def _user_js(preferences: Mapping[str, bool | int | str]) -> str:
    lines = (
        f'user_pref("{name}", {msgspec.json.encode(value).decode()});'
        for name, value in preferences.items()
    )
    return "\n".join(lines) + "\n"


FAMILIES: Mapping[str, Family] = {
    "chromium": Family(_chromium),
    "qtwebengine": Family(_qtwebengine),
    "firefox": Family(_firefox, {"user.js": _user_js(_FIREFOX_PREFERENCES)}),
}


class Browser:
    """An asynchronous context manager: a running browser that shows one page.

    Leaving the context, for whatever reason, kills the browser's process group and removes its
    profile; a guard does both when this process is killed.
    """

    def __init__(self, executable: Path, family: Family, address: str) -> None:
        self._executable = executable
        self._family = family
        self._address = address
        self._folder: Path | None = None
        self._guard: Guard | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Browser:
        self._folder = Path(tempfile.mkdtemp(prefix="negotiation-", dir=_short_folder()))
        try:
            self._guard = Guard(self._folder)
            self._process = await self._started(self._folder)
            self._guard.watch(self._process.pid)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    @contextlib.asynccontextmanager
    async def while_it_runs(self) -> AsyncIterator[None]:
        """Ends what is awaited in this context with a BrowserError when the browser exits."""
        task, process = asyncio.current_task(), self._process
        if process is None or task is None:
            raise BrowserError("the browser was not started: enter its context first")
        exit = asyncio.ensure_future(process.wait())
        exit.add_done_callback(lambda done: done.cancelled() or task.cancel())
        try:
            yield
        except asyncio.CancelledError:
            if not exit.done() or task.uncancel() > 0:
                raise
            said = self.last_words() or "nothing"
            raise BrowserError(
                f"{self._executable} exited with {exit.result()}; it said: {said}"
            ) from None
        finally:
            exit.cancel()

    @property
    def process(self) -> int | None:
        """The id of the browser's process, which is its process group's too."""
        return None if self._process is None else self._process.pid

    def last_words(self) -> str:
        """The end of what the browser wrote to its standard error."""
        if self._folder is None:
            return ""
        with contextlib.suppress(OSError):
            return (self._folder / "log").read_text("utf-8", "replace")[-1000:].strip()
        return ""

    async def _started(self, folder: Path) -> asyncio.subprocess.Process:
        profile = folder / "profile"
        for each in (profile, folder / "tmp"):
            each.mkdir()
        for name, text in self._family.files.items():
            (profile / name).write_text(text, "utf-8")
        with (folder / "log").open("wb") as log:
            try:
                return await asyncio.create_subprocess_exec(
                    str(self._executable),
                    *self._family.arguments(profile, self._address),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=_environment(folder),
                    start_new_session=True,
                )
            except OSError as error:
                raise BrowserError(f"{self._executable} cannot be started: {error}") from error

    async def _stop(self) -> None:
        # The kill comes first and awaits nothing, so that no second interrupt can prevent it.
        # No politeness: the profile is thrown away, and a hung browser would not listen.
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
        if self._folder is not None:
            _remove(self._folder)
        if self._guard is not None:
            self._guard.dismiss()


def _short_folder() -> str | None:
    """Where temporary folders go; None is the usual place.

    Chromium dies when the path of its socket, some 70 characters below, is longer than 107.
    """
    usual = tempfile.gettempdir()
    return "/tmp" if len(usual) > _LONGEST_TEMPORARY and os.path.isdir("/tmp") else None


def _environment(folder: Path) -> dict[str, str]:
    own = {"HOME": folder, "TMPDIR": folder / "tmp", "XDG_CONFIG_HOME": folder / "config"}
    own |= {"XDG_CACHE_HOME": folder / "cache", "XDG_RUNTIME_DIR": folder / "tmp"}
    flags = {"MOZ_HEADLESS": "1", "MOZ_CRASHREPORTER_DISABLE": "1"}
    return {**os.environ, **{name: str(path) for name, path in own.items()}, **flags}


def _remove(folder: Path) -> None:
    """Removes the folder although processes that were just killed may not have let go of it yet."""
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return

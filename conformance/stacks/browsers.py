"""Browsers: started headless in a fresh empty profile, and removed without a trace.

Nothing of the user's own browser is touched: profile, home and temporary folder are new, and the
browser is killed by its own process group. Negotiation needs no network, so that candidates and
name look-ups are switched off: recordings hold no addresses, and nothing is asked of any server.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from .children import Child, Manner

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
    "dom.testing.testutils.enabled": True,  # TestUtils.gc(), for programs that collect garbage
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


def browser(executable: Path, family: Family, address: str) -> Child:
    """A browser that is still to be started, with a page in a fresh profile; see `Child`."""

    def prepare(folder: Path) -> None:
        for each in (folder / "profile", folder / "tmp"):
            each.mkdir()
        for name, text in family.files.items():
            (folder / "profile" / name).write_text(text, "utf-8")

    def command(folder: Path) -> tuple[str, ...]:
        return (str(executable), *family.arguments(folder / "profile", address))

    manner = Manner(below=_short_folder(), environment=_environment, prepare=prepare, at=os.curdir)
    return Child(command, manner)


def _short_folder() -> str | None:
    """Where temporary folders go; None is the usual place.

    Chromium dies when the path of its socket, some 70 characters below, is longer than 107.
    """
    usual = tempfile.gettempdir()
    return "/tmp" if len(usual) > _LONGEST_TEMPORARY and os.path.isdir("/tmp") else None


def _environment(folder: Path) -> Mapping[str, str]:
    own = {"HOME": folder, "TMPDIR": folder / "tmp", "XDG_CONFIG_HOME": folder / "config"}
    own |= {"XDG_CACHE_HOME": folder / "cache", "XDG_RUNTIME_DIR": folder / "tmp"}
    flags = {"MOZ_HEADLESS": "1", "MOZ_CRASHREPORTER_DISABLE": "1"}
    return {**{name: str(path) for name, path in own.items()}, **flags}

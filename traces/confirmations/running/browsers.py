"""Browsers: a page on loopback imports the scripts, one after another."""

from __future__ import annotations

import contextlib
import http.server
import importlib.util
import json
import os
import queue
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .fetched import release
from .results import HERE, SCRIPT_SECONDS, Result, Stack, StackError

START_SECONDS = 60
CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    "--js-flags=--expose-gc",
    # Builds of headless_shell leave after the page has loaded unless somebody could be debugging.
    "--remote-debugging-port=0",
)
FIREFOX_PREFERENCES: Mapping[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.min_background_timeout_value": 4,
    "dom.testing.testutils.enabled": True,
    "extensions.update.enabled": False,
    "media.autoplay.default": 0,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.prefetch-next": False,
    "services.settings.server": "data:,#none",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "trailhead.firstrun.didSeeAboutWelcome": True,
}
ENVIRONMENT = {
    "MOZ_CRASHREPORTER_DISABLE": "1",
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
}
QT_SHOWS = """
import sys
from PySide6.QtCore import QUrl
from PySide6.QtWebEngineCore import QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication
*flags, address = sys.argv[1:]
application = QApplication(["show", "--webEngineArgs", *flags])
profile = QWebEngineProfile()
view = QWebEngineView(profile)
view.load(QUrl(address))
view.show()
application.exec()
"""
QT_FLAGS = ("--disable-gpu", "--autoplay-policy=no-user-gesture-required")
QT_VERSION = "from PySide6.QtWebEngineCore import qWebEngineVersion; print(qWebEngineVersion())"
PAGE = """<!doctype html>
<meta charset="utf-8">
<title>confirmations</title>
<script type="module">
const Plain = RTCPeerConnection;
if (new Plain().getConfiguration().sdpSemantics === "plan-b") { // Chromium, long ago
  window.RTCPeerConnection = class extends Plain {
    constructor(configuration) { super({ sdpSemantics: "unified-plan", ...configuration }); }
  };
}
const tell = (path, value) =>
  fetch(path, { method: "POST", body: JSON.stringify(value) }).then((response) => response.json());
const late = (ms) => new Promise((resolve) => setTimeout(resolve, ms, "it did not end in time"));
async function runAll() { // older browsers have no await at a module's top
  let next = await tell("begin", navigator.userAgent);
  while (next !== null) {
    let specified = null;
    let seen;
    try {
      const script = await import(`./${next}.js`);
      specified = script.specified;
      seen = await Promise.race([script.seen(), late(LIMIT)]);
    } catch (error) {
      seen = `it failed: ${error}`;
      specified = null;
    }
    next = await tell("result", { slug: next, specified, seen });
  }
}
runAll();
</script>
"""


class Server(http.server.ThreadingHTTPServer):
    """Serves the page and the scripts below a path nobody can guess, and collects results."""

    daemon_threads = True

    def __init__(self, slugs: Sequence[str]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.path = f"/{secrets.token_urlsafe(16)}/"
        self.told: queue.Queue[Result | None] = queue.Queue()
        self.left = list(slugs)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.path}"

    def following(self) -> str | None:
        """The next script, None when all have run."""
        return self.left.pop(0) if self.left else None


class Handler(http.server.BaseHTTPRequestHandler):
    """One request of the page."""

    server: Server

    def do_GET(self) -> None:
        """The page or a script."""
        name = self.path.removeprefix(self.server.path)
        if self.path == self.server.path:
            limit = str(SCRIPT_SECONDS * 1000)
            self._reply(PAGE.replace("LIMIT", limit).encode(), "text/html")
        elif re.fullmatch(r"[a-z0-9-]+\.js", name) and (HERE / name).is_file():
            self._reply((HERE / name).read_bytes(), "text/javascript")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """A result, or the page's beginning; the reply names the next script."""
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == self.server.path + "begin":
            self.server.told.put(None)
        elif self.path == self.server.path + "result":
            self.server.told.put(Result(told["slug"], told["specified"], str(told["seen"])))
        else:
            self.send_error(404)
            return
        self._reply(json.dumps(self.server.following()).encode(), "application/json")

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def _reply(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def run_browser(family: str, path: str, slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts in a browser with a fresh profile."""
    server = Server(slugs)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [path, *arguments(family, Path(folder)), server.address]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": folder, **ENVIRONMENT},
            start_new_session=True,
        )
        try:
            yield from collected(server, process, slugs)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            server.shutdown()
            server.server_close()


def collected(
    server: Server, process: subprocess.Popen[bytes], slugs: Sequence[str]
) -> Iterator[Result]:
    """Each result as it arrives."""
    told(server, process, START_SECONDS)
    for _ in slugs:
        result = told(server, process, 2 * SCRIPT_SECONDS)
        if result is not None:
            yield result


def told(server: Server, process: subprocess.Popen[bytes], seconds: float) -> Result | None:
    """What the page tells next."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(queue.Empty):
            return server.told.get(timeout=0.5)
        if process.poll() is not None:
            raise StackError(f"the browser ended with {process.returncode}")
    raise StackError(f"the page said nothing for {seconds} s")


def arguments(family: str, folder: Path) -> list[str]:
    """The browser's arguments; its profile is written into the folder."""
    profile = folder / "profile"
    profile.mkdir()
    if family == "qtwebengine":  # the executable is a Python that has PySide6
        return ["-c", QT_SHOWS, *QT_FLAGS]
    if family == "chromium":
        return [*CHROMIUM_FLAGS, f"--user-data-dir={profile}"]
    lines = (f'user_pref("{k}", {json.dumps(v)});\n' for k, v in FIREFOX_PREFERENCES.items())
    (profile / "user.js").write_text("".join(lines), "utf-8")
    return ["--headless", "--no-remote", "--profile", str(profile)]


def on_path(names: Sequence[str]) -> str:
    """The first of these that is on the PATH."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise StackError(f"it is not on the PATH (looked for {', '.join(names)})")
    return found


def browser_version(path: str) -> str:
    """What its option --version tells."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(?:\.\d+)+\w*", said)
    return found[0] if found else ""


def browser(family: str, names: Sequence[str], asked: str) -> Stack:
    """The browser on the PATH, or a release of it that was fetched."""
    if not asked:
        path = on_path(names)
        return Stack("js", browser_version(path), partial(run_browser, family, path))
    version, folder, record = release(family, asked)
    path = str(folder / record["executable"])
    return Stack("js", version, partial(run_browser, family, path))


def qtwebengine(asked: str) -> Stack:
    """The PySide6 that this Python has, or a release of it that was fetched."""
    if not asked and importlib.util.find_spec("PySide6") is not None:
        said = subprocess.run(
            [sys.executable, "-c", QT_VERSION], capture_output=True, text=True, check=False
        ).stdout
        return Stack("js", said.strip(), partial(run_browser, "qtwebengine", sys.executable))
    return browser("qtwebengine", (), asked or "6")

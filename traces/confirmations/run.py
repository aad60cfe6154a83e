"""Confirms what is said of stacks: runs the scripts of this folder in the plain stack.

    python run.py chromium chromium@131 firefox wrtc webrtcbin pion werift
                  libdatachannel [--only SLUG...] [--all]

chromium@131 is the newest release that begins so of those that `negotiation stacks install` has
fetched. Needs nothing but Python 3.11 and the stack. README.md says what a script looks like.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fnmatch
import http.server
import importlib.util
import inspect
import itertools
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TRACES = HERE.parent
EXPECTATIONS = "expectations.json"

NO_SCRIPTS = ("run", "main")
MORE_TRIES = 4
SCRIPT_SECONDS = 15
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


class StackError(Exception):
    """A stack is not here, or could not be started."""


@dataclass(frozen=True)
class Result:
    """What one script told; `specified` is None where it failed."""

    slug: str
    specified: str | None
    seen: str

    @property
    def verdict(self) -> str:
        """In one word, what was seen."""
        if self.specified is None:
            return "fails"
        return "conforms" if self.seen == self.specified else "departs"


@dataclass(frozen=True)
class Stack:
    """How a stack is found and run; `run` gives the results of the scripts named.

    The scripts are in the folder `home`, and the expectations that they confirm are above it.
    """

    suffix: str
    version: str
    run: Callable[[Sequence[str]], Iterator[Result]]
    home: Path = HERE


# Browsers: a page on loopback imports the scripts, one after another.


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


def release(stack: str, asked: str) -> tuple[str, Path, Mapping[str, str]]:
    """The newest release whose version begins so: its version, its folder and its record."""
    parent = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = Path(os.environ.get("NEGOTIATION_CACHE") or Path(parent) / "negotiation")
    there = [
        (path.parent.name, path.parent, json.loads(path.read_text("utf-8")))
        for path in (cache / stack).glob("[!.]*/release.json")
        if path.parent.name == asked or fulfils(path.parent.name, asked)
    ]
    if not there:
        raise StackError(f"it is not here; run: negotiation stacks install {stack}@{asked}")
    return max(there, key=lambda each: numbers(each[0]))


# Python: each script is imported in a process of its own, by this Python or another.


def run_wrtc(slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts with the package wrtc."""
    return run_python(sys.executable, HERE, slugs)


def run_webrtcbin(slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts with the Python that has GStreamer."""
    return run_python(python_with_gi(), WEBRTCBIN, slugs)


def run_python(python: str, home: Path, slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts in this folder, with this Python."""
    for slug in slugs:
        yield result_of(slug, [python, str(Path(__file__)), "--child", str(home / f"{slug}.py")])


def result_of(slug: str, command: Sequence[str]) -> Result:
    """What a script told that a command runs."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SCRIPT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Result(slug, None, "it did not end in time")
    # A stack may say something too, and may crash when the process ends.
    found = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    if found is None:
        last = (done.stderr.strip() or "no word").splitlines()[-1]
        return Result(slug, None, f"it failed with {done.returncode}: {last}")
    return Result(slug, *json.loads(found[1]))


def run_child(path: Path) -> None:
    """Runs one Python script here and prints what it told."""
    sys.path.insert(0, str(path.parent))
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("script", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    seen = script.seen()
    if inspect.iscoroutine(seen):
        seen = asyncio.run(seen)
    print("\nRESULT", json.dumps([script.SPECIFIED, seen]), flush=True)
    os._exit(0)


def wrtc(asked: str) -> Stack:
    """The package that this Python has."""
    if asked:
        raise StackError("run it with the Python that has this version, and name no version")
    if importlib.util.find_spec("webrtc") is None:
        raise StackError(
            f"`import webrtc` fails in {sys.executable}; install it there with "
            "`python -m pip install wrtc` (a virtual environment is best), and use that Python"
        )
    from importlib.metadata import version

    return Stack("py", version("wrtc"), run_wrtc)


WEBRTCBIN = TRACES / "webrtcbin" / "confirmations"
WEBRTCBIN_VERSION = """
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
print(Gst.ElementFactory.find("webrtcbin").get_plugin().get_version())
"""


def python_with_gi() -> str:
    """The interpreter that NEGOTIATION_WEBRTCBIN names, else this one or the system's."""
    given = os.environ.get("NEGOTIATION_WEBRTCBIN")
    for python in [given] if given else [sys.executable, "/usr/bin/python3"]:
        with contextlib.suppress(OSError):
            if not subprocess.run([python, "-c", "import gi"], capture_output=True).returncode:
                return python
    raise StackError("no Python here has `gi` (python3-gi); NEGOTIATION_WEBRTCBIN may name one")


def webrtcbin(asked: str) -> Stack:
    """The element of this machine's GStreamer."""
    if asked:
        raise StackError("there is one GStreamer on a machine; name no version")
    command = [python_with_gi(), "-c", WEBRTCBIN_VERSION]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode:
        raise StackError("GStreamer has no webrtcbin here (gstreamer1.0-plugins-bad)")
    return Stack("py", said.stdout.strip(), run_webrtcbin, WEBRTCBIN)


AIORTC = TRACES / "aiortc" / "confirmations"


def aiortc(asked: str) -> Stack:
    """A release, the package of the Python that NEGOTIATION_AIORTC names, or of this one."""
    python = os.environ.get("NEGOTIATION_AIORTC") or sys.executable
    if asked:
        _, folder, record = release("aiortc", asked)
        python = str(folder / record["executable"])
    told = "import aiortc, importlib.metadata as known; print(known.version('aiortc'))"
    said = subprocess.run([python, "-c", told], capture_output=True, text=True, check=False)
    if said.returncode:
        raise StackError(f"`import aiortc` fails in {python} (`python -m pip install aiortc`)")
    return Stack("py", said.stdout.strip(), partial(run_python, python, AIORTC), AIORTC)


# Go: one program is built of all scripts, and runs each in a process of its own.

GO_SOURCES = Path("/usr/share/gocode")
GO_INSTALL = "apt-get install --no-install-recommends golang-go golang-github-pion-webrtc.v3-dev"
PION = TRACES / "pion" / "confirmations"


def run_pion(slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts with Debian's package of Pion."""
    with tempfile.TemporaryDirectory() as folder:
        program = built_by_go(Path(folder), PION)
        for slug in slugs:
            try:
                done = subprocess.run(
                    [program, slug],
                    capture_output=True,
                    text=True,
                    timeout=SCRIPT_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                yield Result(slug, None, "it did not end in time")
                continue
            lines = done.stdout.splitlines()
            if done.returncode or len(lines) != 2:
                last = (done.stderr.strip() or "no word").splitlines()[0]
                yield Result(slug, None, f"it failed with {done.returncode}: {last}")
            else:
                yield Result(slug, *lines)


def built_by_go(folder: Path, scripts: Path) -> Path:
    """The program made of these scripts; it is where the packages are found without modules."""
    tree = folder / "src" / "confirmations"
    shutil.copytree(scripts, tree)
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": f"{folder}:{GO_SOURCES}"}
    program = folder / "program"
    done = subprocess.run(
        ["go", "build", "-o", str(program), "."],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(done.stderr)
    return program


def pion(asked: str) -> Stack:
    """Debian's package."""
    if asked:
        raise StackError("there is one package of it on a machine; name no version")
    if shutil.which("go") is None or not (GO_SOURCES / "src/github.com/pion/webrtc").is_dir():
        raise StackError(f"it is not here; install it with `{GO_INSTALL}`")
    package = "golang-github-pion-webrtc.v3-dev"
    command = ["dpkg-query", "--show", "--showformat=${Version}", package]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return Stack("go", said.partition("-")[0], run_pion, PION)


# Node: each script is imported in a process of its own, by `node.mjs`.


def run_node(package: str, folder: Path, home: Path, slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts in this folder, with the package that is installed in another."""
    for slug in slugs:
        command = ["node", str(HERE / "node.mjs"), package, str(folder), str(home / f"{slug}.mjs")]
        yield result_of(slug, command)


def node_package(name: str, package: str, asked: str) -> Stack:
    """The package in the folder that a variable names, in this one, or a release of it."""
    variable = "NEGOTIATION_" + re.sub(r"\W", "_", name).upper()
    folder = release(name, asked)[1] if asked else Path(os.environ.get(variable) or ".")
    manifest = folder / "node_modules" / package / "package.json"
    if not manifest.is_file():
        raise StackError(f"there is no {manifest}; npm install {package}, or set {variable}")
    version = json.loads(manifest.read_text("utf-8"))["version"]
    home = TRACES / name / "confirmations"
    return Stack("mjs", version, partial(run_node, package, folder, home), home)


STACKS: Mapping[str, Callable[[str], Stack]] = {
    "chromium": partial(browser, "chromium", ("chromium", "chromium-browser", "google-chrome")),
    "firefox": partial(browser, "firefox", ("firefox-esr", "firefox")),
    "qtwebengine": qtwebengine,
    "wrtc": wrtc,
    "webrtcbin": webrtcbin,
    "aiortc": aiortc,
    "pion": pion,
    "werift": partial(node_package, "werift", "werift"),
    "roamhq-wrtc": partial(node_package, "roamhq-wrtc", "@roamhq/wrtc"),
    "libdatachannel": partial(node_package, "libdatachannel", "node-datachannel"),
}


# What is said of the stacks, and what comes out.


def claimed(stack: str, version: str) -> set[str]:
    """The scripts (file names) that the expectations of this version of the stack rest on."""
    files = TRACES.rglob(EXPECTATIONS)
    rows = [row for file in files for row in json.loads(file.read_text("utf-8"))]
    return {
        row["confirmed"]
        for row in rows
        if row.get("confirmed")
        and any(fnmatch.fnmatchcase(stack, pattern) for pattern in stacks_of(row))
        and all(fulfils(version, part) for part in (row.get("versions") or ">=0").split(","))
    }


def stacks_of(row: Mapping[str, Any]) -> Sequence[str]:
    """The patterns of the stacks that a row is about."""
    named = row.get("stack") or "*"
    return [named] if isinstance(named, str) else named


def fulfils(version: str, comparison: str) -> bool:
    """Whether a version is as ">=106" says, or begins with the numbers of "156"."""
    found = re.fullmatch(r"\s*(>=|<=|==|>|<)?\s*(\S+)\s*", comparison)
    assert found is not None, f"no version: {comparison!r}"
    ours, bound = numbers(version), numbers(found[2])
    if found[1] is None:
        return ours[: len(bound)] == bound
    pairs = itertools.zip_longest(ours, bound, fillvalue=0)
    a, b = zip(*pairs, strict=True)
    return bool({">=": a >= b, "<=": a <= b, "==": a == b, ">": a > b, "<": a < b}[found[1]])


def numbers(version: str) -> list[int]:
    """The numbers of a version."""
    return [int(part) for part in re.findall(r"(?:^|(?<=\.))\d+", version)]


def again(stack: Stack, first: Result) -> Result:
    """The result, of some more tries where it should depart and did not.

    What a stack's threads decide may come out as specified now and then.
    """
    result = first
    for _ in range(MORE_TRIES):
        if result.verdict == "departs":
            break
        print(f"  {result.verdict:9} {result.slug}: tried again", flush=True)
        result = next(iter(stack.run([first.slug])), result)
    return result


def scripts(stack: Stack) -> list[str]:
    """The scripts that there are for a stack."""
    found = (path.stem for path in stack.home.glob(f"*.{stack.suffix}"))
    return sorted(
        stem for stem in found if stem not in ("run", "main") and not stem.startswith("_")
    )


def report(name: str, only: Sequence[str], tell_unclaimed: bool) -> bool:
    """Runs the scripts for a stack and prints what came out; whether all is as claimed."""
    kind, _, asked = name.partition("@")
    stack = STACKS[kind](asked)
    claims = claimed(kind, stack.version)
    there = scripts(stack)
    slugs = [slug for slug in there if not only or slug in only]
    print(f"{kind} {stack.version}: {len(slugs)} scripts, {len(claims)} claims", flush=True)
    fine = True
    for first in stack.run(slugs):
        file = f"{first.slug}.{stack.suffix}"
        result = again(stack, first) if file in claims else first
        print(f"  {result.verdict:9} {file}")
        if result.specified is not None:
            print(f"            specified: {result.specified}")
        print(f"            seen:      {result.seen}", flush=True)
        if result.verdict != "departs" and file in claims:
            print("            WRONG: it should depart")
            fine = False
        elif tell_unclaimed and result.verdict == "departs" and file not in claims:
            print("            no expectation rests on it")
    for file in sorted(claims - {f"{slug}.{stack.suffix}" for slug in there}):
        print(f"  WRONG: {file} is named as a confirmation, and does not exist")
        fine = False
    return fine


def main() -> int:
    """0: all is as claimed; 1: it is not; 2: wrong usage, or a stack is not here."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("stacks", nargs="*", metavar="STACK[@VERSION]", help=", ".join(STACKS))
    parser.add_argument("--only", nargs="+", default=[], metavar="SLUG", help="only these scripts")
    parser.add_argument(
        "--all", action="store_true", help="say also which departures no expectation rests on"
    )
    parser.add_argument("--child", metavar="PATH", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        run_child(Path(options.child))
        return 0
    kinds = {name.partition("@")[0] for name in options.stacks}
    if not kinds or not kinds <= set(STACKS):
        parser.error(f"name stacks: {', '.join(STACKS)}")
    unknown = [slug for slug in options.only if not any(TRACES.rglob(f"confirmations/{slug}.*"))]
    if unknown:
        parser.error(f"there is no script {', '.join(unknown)}")
    fine = True
    for name in options.stacks:
        try:
            fine = report(name, options.only, options.all) and fine
        except StackError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())

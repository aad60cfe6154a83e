"""The recorder's page with a library of the rtcstats family in it, and the sink it tells.

The page is the recorder's own; the library's modules are put before its script, so that they wrap
RTCPeerConnection before anything is made. What the library sends is what its server would write.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from negotiation.conformance.stacks import server

_SECONDS = 60


def package(name: str, version: str, folder: Path) -> Mapping[str, str]:
    """The scripts of a package from npm, by their names; skips the test where it cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not here")
    packing = subprocess.run(
        [npm, "pack", "--silent", f"{name}@{version}"],
        cwd=folder,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    packed = list(folder.glob("*.tgz"))
    if packing.returncode or not packed:
        pytest.skip(f"npm has no {name}@{version} to give: {packing.stderr[-200:].decode()}")
    with tarfile.open(fileobj=io.BytesIO(packed[0].read_bytes())) as archive:
        members = [one for one in archive.getmembers() if one.name.endswith(".js")]
        return {
            one.name.removeprefix("package/"): content.read().decode()
            for one in members
            if (content := archive.extractfile(one)) is not None
        }


def as_script(modules: Mapping[str, str], names: Sequence[str], start: str) -> str:
    """CommonJS modules and what starts them, as one script; `start` calls them `modules.NAME`."""
    parts = ["const modules = {};"]
    for name in names:
        of_it = json.dumps(name.removesuffix(".js"))
        parts.append(
            f"(() => {{ const module = {{exports: {{}}}}; const exports = module.exports;\n"
            f"{modules[name]}\nmodules[{of_it}] = module.exports; }})();"
        )
    return "\n".join([*parts, start, ""])


_IMPORT = re.compile(r"^import\s[^;]*?from\s[^;]*;", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{[^}]*\};", re.MULTILINE)


def as_one(modules: Mapping[str, str], names: Sequence[str], start: str) -> str:
    """ES modules whose names do not clash, and what starts them, as one script.

    A function that is a module's default is called as the module is.
    """
    parts = []
    for name in names:
        plain = _EXPORT_LIST.sub("", _IMPORT.sub("", modules[name]))
        called = name.rpartition("/")[2].removesuffix(".js").replace("-", "_")
        plain = plain.replace("export default function(", f"function {called}(")
        parts.append(re.sub(r"^export ", "", plain, flags=re.MULTILINE))
    return "\n".join([*parts, start, ""])


@contextlib.contextmanager
def with_library(script: str) -> Iterator[None]:
    """The page is served with this script in it."""
    served = server._contents
    with pytest.MonkeyPatch.context() as patch:

        def contents(first: str = "") -> Mapping[str, bytes]:
            whole = dict(served(first))
            page = whole["page.js"].decode()
            imports, body = page.split("\nconst ", 1)
            whole["page.js"] = f"{imports}\n{{\n{script}}}\nconst {body}".encode()
            return whole

        patch.setattr(server, "_contents", contents)
        yield


class Sink:
    """Takes what libraries send, a message a line, of each page by itself; an address for them."""

    def __init__(self, protocols: Sequence[str]) -> None:
        self.pages: list[list[str]] = []
        self._server: Server = serve(
            self._take,
            "127.0.0.1",
            0,
            subprotocols=list(protocols) or None,  # type: ignore[arg-type]
            compression=None,
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Sink:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(5)

    @property
    def address(self) -> str:
        """Where to send to."""
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"

    def _take(self, connection: ServerConnection) -> None:
        lines: list[str] = []
        self.pages.append(lines)
        with contextlib.suppress(ConnectionClosed):
            for message in connection:
                lines.append(str(message))

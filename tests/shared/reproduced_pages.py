"""Pages of reproductions, opened in a real browser from a server on loopback."""

from __future__ import annotations

import asyncio
import http.server
import queue
import threading
from collections.abc import Mapping

from negotiation.conformance.stacks.browsers import FAMILIES, browser
from negotiation.conformance.stacks.registry import StackRow

PATIENCE = 60
TELLING = """
<script>
const waiting = setInterval(() => {
  const log = document.getElementById("out").textContent;
  if (!/^(DEPARTS|AS SPECIFIED|ANOTHER COURSE)$|Uncaught/m.test(log)) return;
  clearInterval(waiting);
  fetch("/told", { method: "POST", body: log });
}, 50);
</script>
"""
"""What is put behind a page, so that the text that it shows is told."""

REPORTING = """
add_completion_callback((tests, harness) => {
  const told = tests.map(({ status, message }) => (status === 0 ? "PASS" : `FAIL: ${message}`));
  fetch("/told", { method: "POST", body: told.join("\\n") || `harness: ${harness.message}` });
});
"""
"""The testharnessreport.js, which vendors write themselves."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.told: queue.Queue[str] = queue.Queue()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        text = self.server.files.get(self.path)
        if text is None:
            self.send_error(404)
        else:
            self._reply(text, "text/javascript" if self.path.endswith(".js") else "text/html")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        told = self.rfile.read(length).decode()
        self._reply("", "text/plain")
        self.server.told.put(told)  # now the browser may be killed

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _reply(self, text: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())


def told_by(row: StackRow, files: Mapping[str, str]) -> str:
    """What the page "/" tells when the browser opens it."""
    server = _Server(files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        return asyncio.run(_opened(row, server))
    finally:
        server.shutdown()
        server.server_close()


async def _opened(row: StackRow, server: _Server) -> str:
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    async with browser(row.located(), FAMILIES[row.family], address):
        return await asyncio.to_thread(server.told.get, timeout=PATIENCE)

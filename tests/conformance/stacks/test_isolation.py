"""Loopback only: what is started there has no other network; elsewhere it is said why."""

from __future__ import annotations

import inspect
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from negotiation.conformance.stacks import isolation
from negotiation.conformance.stacks.isolation import loopback_only

NAMESPACE = "/proc/thread-self/ns/net"

# In a process of its own: who is not root cannot come back.
PROGRAM = """
import subprocess
with loopback_only() as reason:
    print(reason)
    print(*(name for _, name in socket.if_nameindex()))
    print(os.getuid())
    server = socket.create_server(("127.0.0.1", 0))
    connect = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)"
    subprocess.run([sys.executable, "-c", connect, str(server.getsockname()[1])], check=True)
    print("connected")
"""
NOBODY = 65534


@pytest.mark.parametrize("user", [None, NOBODY])
def test_a_process_that_is_started_there_reaches_only_loopback(user: int | None) -> None:
    if user is not None and os.getuid() != 0:
        pytest.skip("only root can run it as somebody else")
    # Not this interpreter, which may be in a folder that nobody else can read.
    python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
    ran = subprocess.run(
        [python, "-c", inspect.getsource(isolation) + PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=user,
    )
    reason, *rest = ran.stdout.splitlines() or [ran.stderr]
    if reason:
        pytest.skip(f"no network namespace can be made here: {reason}")
    assert rest == ["lo", str(os.getuid() if user is None else user), "connected"], ran.stderr


def in_a_thread(body: Iterator[None]) -> None:
    thread = threading.Thread(target=lambda: list(body))
    thread.start()
    thread.join()


def test_root_comes_back() -> None:
    if os.name != "posix" or os.getuid() != 0:
        pytest.skip("only root can come back")
    seen: list[str] = []

    def body() -> Iterator[None]:
        seen.append(os.readlink(NAMESPACE))
        with loopback_only() as reason:
            seen.append(reason or os.readlink(NAMESPACE))
        seen.append(os.readlink(NAMESPACE))
        yield

    in_a_thread(body())
    before, within, after = seen
    assert before == after
    if within.startswith("net:"):
        assert within != before


def test_where_it_is_not_allowed_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(flags: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(isolation, "_unshare", refused)
    with loopback_only() as reason:
        assert reason == "the system does not allow it (Operation not permitted)"
        assert len(socket.if_nameindex()) >= 1


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with loopback_only() as reason:
        assert reason == "only Linux has network namespaces"

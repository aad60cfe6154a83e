"""Loopback only: stacks are recorded where nothing can leave the machine.

Negotiation needs no network. On Linux the thread that records moves into a network namespace of its
own, which has a loopback interface and no other. What it makes there stays there: the recorder's
server, the stacks that it starts, and their processes, so that they reach each other and nobody
else. Root may do so; others where the system lets them make user namespaces, and then there is no
way back for the process.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

_NEW_USER = 0x10000000
_NEW_NETWORK = 0x40000000
_GET_FLAGS = 0x8913
_SET_FLAGS = 0x8914
_UP = 1
_REQUEST = struct.Struct("16sH14x")
_OWN = "/proc/thread-self/ns/net"


@contextlib.contextmanager
def loopback_only() -> Iterator[str]:
    """Within the context this thread, and what it starts, has no network but loopback.

    Gives why it is not so, "" where it is: then everything else is as it would be without.
    """
    if not sys.platform.startswith("linux"):
        yield "only Linux has network namespaces"
        return
    with contextlib.ExitStack() as closing:
        try:
            before = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
            closing.callback(os.close, before)
            _leave()
            closing.callback(_return, before)
            _raise_loopback()
        except OSError as error:
            closing.close()
            yield f"the system does not allow it ({error.strerror})"
            return
        yield ""


def _leave() -> None:
    """Moves this thread into an empty network namespace."""
    user, group = os.getuid(), os.getgid()
    try:
        _unshare(_NEW_NETWORK)
    except PermissionError:
        _unshare(_NEW_USER | _NEW_NETWORK)
        # Without a mapping, everything that this user owns would be nobody's.
        for name, told in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            Path("/proc/thread-self", name).write_text(told, "ascii")


def _unshare(flags: int) -> None:
    _checked(ctypes.CDLL(None, use_errno=True).unshare(flags))


def _return(before: int) -> None:
    """Moves this thread back; whoever made a user namespace for it may not, and stays."""
    with contextlib.suppress(PermissionError):
        _checked(ctypes.CDLL(None, use_errno=True).setns(before, _NEW_NETWORK))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno() or errno.EPERM
        raise OSError(number, os.strerror(number))


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = fcntl.ioctl(any_socket, _GET_FLAGS, _REQUEST.pack(b"lo", 0))
        _, flags = _REQUEST.unpack(asked)
        fcntl.ioctl(any_socket, _SET_FLAGS, _REQUEST.pack(b"lo", flags | _UP))

"""A remote offer that has its m-sections the other way round is refused.

RFC 3264, 8: m-lines keep their places in later offers. One in which they do not is invalid content
(#set-description, 4.6.6). webrtcbin applies it, and create-answer asserts that the mids are where
they were, which ends the process.
"""

import subprocess
import sys

SPECIFIED = "rejected, stable; the process lives"


def seen() -> str:
    """What becomes of the process, told from another one."""
    done = subprocess.run([sys.executable, "-B", __file__], capture_output=True, text=True)
    end = "lives" if done.returncode == 0 else "is aborted"
    return "; ".join([*said(done.stdout), f"the process {end}"])


def said(output: str) -> list[str]:
    """The lines but for those of the assertion."""
    return [line for line in output.splitlines() if not line.startswith(("Bail out", "**"))]


def main() -> None:
    """Negotiates audio and video, and then video and audio."""
    from _plain import Peer, described, section

    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0), section("video", 1)))
    peer.set("local", peer.create("answer"))
    end = peer.set("remote", described("offer", section("video", 1), section("audio", 0)))
    print(f"{end}, {peer.state}", flush=True)
    if end == "resolved":
        peer.create("answer")


if __name__ == "__main__":
    main()

"""createAnswer, called twice, changes nothing for later offers.

#dom-rtcpeerconnection-createanswer: an answer is created and kept; nothing else changes. webrtcbin
adds a transceiver for the same m-line each time, and create-offer asserts that there is one.
"""

import subprocess
import sys

SPECIFIED = "stable; offer; the process lives"


def seen() -> str:
    """What becomes of the process, told from another one."""
    done = subprocess.run([sys.executable, "-B", __file__], capture_output=True, text=True)
    end = "lives" if done.returncode == 0 else "is aborted"
    return "; ".join([*said(done.stdout), f"the process {end}"])


def said(output: str) -> list[str]:
    """The lines but for those of the assertion."""
    return [line for line in output.splitlines() if not line.startswith(("Bail out", "**"))]


def main() -> None:
    """Answers, with an answer created twice, and then offers."""
    from _plain import Peer, described, section

    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0)))
    peer.create("answer")
    peer.set("local", peer.create("answer"))
    print(peer.state, flush=True)
    print(peer.ask("create-offer", None)[0], flush=True)


if __name__ == "__main__":
    main()

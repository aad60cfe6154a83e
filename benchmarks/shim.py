"""What the shim costs a page: the median time of a call, with it and without, in Chromium.

    python benchmarks/shim.py [--rounds 5]

Pages with the shim and without take turns in one run, so that both meet with the same machine. A
call's time is that of many calls one after another, divided by their number: a page's clock is
coarser than one call. Of calls that return promises it is the time until they have returned.
"""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from negotiation.conformance.shim.script import ShimOptions, shim
from negotiation.conformance.stacks.registry import row

CALLS = 200
ARGUMENTS = ("--no-sandbox", "--js-flags=--expose-gc")
WORK = {
    "new RTCPeerConnection() and close()": (
        "",
        "const p = new RTCPeerConnection(); p.close();",
        20,
    ),
    "addTransceiver": ("const pc = new RTCPeerConnection();", "pc.addTransceiver('audio');", 20),
    "direction =": (
        "const t = new RTCPeerConnection().addTransceiver('audio');",
        "t.direction = i % 2 ? 'sendonly' : 'sendrecv';",
        CALLS,
    ),
    "restartIce": ("const pc = new RTCPeerConnection();", "pc.restartIce();", CALLS),
    "createDataChannel": (
        "const pc = new RTCPeerConnection();",
        "pc.createDataChannel('c');",
        CALLS,
    ),
    "createOffer (until it returns)": (
        "const pc = new RTCPeerConnection(); pc.addTransceiver('audio');",
        "pc.createOffer();",
        50,
    ),
    "signalingState (not recorded)": (
        "const pc = new RTCPeerConnection();",
        "pc.signalingState;",
        CALLS,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    variants = {
        "without": None,
        "with": shim(),
        "with, no reads": shim(ShimOptions(transceivers=False, descriptions=False)),
    }
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        executable = str(row("chromium").located())
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        told: dict[str, dict[str, list[float]]] = {
            name: {variant: [] for variant in variants} for name in WORK
        }
        for _ in range(rounds):
            for name, work in WORK.items():
                for variant, text in variants.items():
                    told[name][variant] += times(browser, text, *work)
        report(browser.version, told)
        browser.close()


def times(browser: Any, text: str | None, before: str, body: str, calls: int) -> list[float]:
    """Microseconds of a call, some times over, in a page of its own."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.route("**", lambda route: route.fulfill(body="<p>", content_type="text/html"))
        if text is not None:
            page.add_init_script(text)
        page.goto("http://page.test/")
        measured: list[float] = page.evaluate(f"""async () => {{
            const told = [];
            for (let n = 0; n < 7; n += 1) {{
              {before}
              const start = performance.now();
              for (let i = 0; i < {calls}; i += 1) {{ {body} }}
              told.push((performance.now() - start) * 1000 / {calls});
              await new Promise((resolve) => setTimeout(resolve, 30));
            }}
            return told.slice(2); }}""")
        return measured
    finally:
        context.close()


def report(version: str, told: dict[str, dict[str, list[float]]]) -> None:
    """A table of medians, in microseconds."""
    print(f"Chromium {version}, median microseconds a call")
    for name, variants in told.items():
        medians = {variant: statistics.median(each) for variant, each in variants.items()}
        added = medians["with"] - medians["without"]
        listed = "  ".join(f"{variant} {value:8.1f}" for variant, value in medians.items())
        print(f"{name:38} {listed}  added {added:7.1f}")


if __name__ == "__main__":
    main()

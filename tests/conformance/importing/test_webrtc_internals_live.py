"""Dumps that the real chrome://webrtc-internals saves, beside what the recorder in the page saw.

The page of the recorder runs in the same browser. What of its traces the profile can show at all
has to be in the dump, in the same order, and the same has to be found of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from devtools import Browser, GoneError
from internals_page import EXPORT, InternalsPage

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.stacks.recording import Recording, Session, Settings
from negotiation.conformance.stacks.registry import (
    MissingStackError,
    StackRow,
    page_row,
    row,
)
from negotiation.conformance.traces.format import (
    AnyObservation,
    Call,
    Event,
    Header,
    Line,
    Observation,
    Reject,
    Resolve,
    Sdp,
)
from negotiation.conformance.traces.profiles import Profile, profile_named
from negotiation.conformance.traces.projection import project
from negotiation.conformance.traces.reading import Trace, read_trace

pytestmark = pytest.mark.live

BROWSERS = ("chromium", "chromium@150", "chromium@78", "chromium@72")
"""Generations E, D and A; older releases are looked for in the cache (`negotiation stacks`)."""

PROGRAMS = (
    "first-change",
    "offer-and-answer-of-two-peers",
    "order-on-return-to-stable",
    "implicit-rollback",
    "glare-in-which-both-ends-yield",
    "perfect-negotiation-without-glare",
    "perfect-negotiation-glare-seen-by-the-polite-end-first",
    "perfect-negotiation-restart-ice-at-both-ends",
    "perfect-negotiation-rolled-back-change-comes-back",
    "naive-handlers-of-two-peers",
    "data-channels-of-two-peers",
    "provisional-answers-of-two-peers",
    "broken-answer-in-the-wrong-state",
    "add-track-reuses-an-unsent-sender",
    "answers-that-do-not-fit-their-offer",
    "restart-ice-after-negotiation",
    "rollback-of-a-local-offer-with-nothing-left",
    "calls-after-close-that-reject",
    "close-in-the-provisional-states",
    "local-offer-and-remote-answer",
)


UNSEEN = {
    *("NN-EARLY", "GLARE-IGNORED", "GLARE-YIELDED", "GLARE-ERROR"),
    *("GLARE-BOTH-YIELDED", "ENDS-DIVERGED"),
}
"""What is found by messages between the ends, which no dump has, or by an order that E hides."""

BATCH = 0.8
"""Seconds: the browser tells the page what happened every half a second."""

HIDDEN = {"addIceCandidate", "removeTrack", "setConfiguration"}
"""Calls that are told, if at all, elsewhere in the order, or where they changed something."""


def executable(name: str) -> Path:
    try:
        path = row(name).executable()
    except MissingStackError as missing:
        pytest.skip(f"{name} is not here: {missing}")
    if path is None:
        pytest.skip(f"{name} is not here")
    return path


def as_old_as(program: Program, name: str) -> Program:
    """The program, for a browser that has no implicit descriptions where it is too old."""
    is_old = name in ("chromium@72", "chromium@78")
    return (written_out(program) or program) if is_old else program


class Run:
    """What was recorded of a program, and how the page's dump calls its peers."""

    def __init__(self, recording: Recording, connections: Sequence[str], dump: bytes) -> None:
        self.recording = recording
        self.dump = dump
        self.names = dict(zip(recording.program.peers, connections, strict=False))


class Saved:
    """All runs of a browser, and the RTCStats that its page saved in the end."""

    def __init__(self, runs: list[Run], export: bytes | None) -> None:
        self.runs = runs
        self.export = export


async def saved(name: str, programs: Iterable[str], folder: Path) -> Saved:
    """The programs, run while the page is open."""
    runs: list[Run] = []
    tabs = set()

    def show(address: str) -> None:
        tabs.add(asyncio.ensure_future(browser.tab(address)))

    async with Browser(executable(name)) as browser:
        page = await InternalsPage.open(browser, folder)
        stack: StackRow = page_row(name, "127.0.0.1:0")
        async with Session(stack, Settings(announce=show)) as session:
            # Old browsers die now and then; what they saved before is good.
            with contextlib.suppress(GoneError):
                await run_all(session, page, name, programs, runs)
            with contextlib.suppress(GoneError):
                if await page.has_export():
                    return Saved(runs, await page.save(EXPORT))
    return Saved(runs, None)


async def run_all(
    session: Session, page: InternalsPage, name: str, programs: Iterable[str], runs: list[Run]
) -> None:
    await session.run(load("close-before-the-event"))  # the recorder tries the browser out
    known = set(connections(await a_dump(page)))
    for each in programs:
        recording = await session.run(as_old_as(load(each), name))
        dump = await a_dump(page)
        new = [key for key in connections(dump) if key not in known]
        known |= set(new)
        # Old pages forget connections that were collected.
        if recording.lines and len(new) >= len(recording.program.peers):
            runs.append(Run(recording, new, dump))


async def a_dump(page: InternalsPage) -> bytes:
    await asyncio.sleep(BATCH)
    return await page.save()


def connections(dump: bytes) -> list[str]:
    text = gzip.decompress(dump) if dump.startswith(b"\x1f\x8b") else dump
    return list(json.loads(text)["PeerConnections"])


@pytest.fixture(scope="module", params=BROWSERS)
def everything(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    name: str = request.param
    try:
        folder = tmp_path_factory.mktemp("saved")
        return asyncio.run(saved(name, PROGRAMS, folder))
    except LookupError as missing:
        pytest.skip(f"{name}: {missing}")


def traces(dump: bytes) -> dict[str, Trace]:
    """The trace of each connection, by what the dump calls it."""
    imported = import_dump(io.BytesIO(dump))
    assert imported is not None
    assert imported.broken_off is None
    found: dict[str, Trace] = {}
    for call in imported.calls:
        trace = read_trace(io.BytesIO(call.trace))
        assert trace.error is None
        found.update(dict.fromkeys(trace.header.peers, trace))
    return found


def said(lines: Iterable[Line], peer: str, profile: Profile) -> list[str]:
    """Calls, settlements and events of a peer that this profile shows, until it is closed."""
    return list(_said(lines, peer, profile))


def _said(lines: Iterable[Line], peer: str, profile: Profile) -> Iterator[str]:
    methods: dict[int, str] = {}
    hidden = profile.hidden | HIDDEN
    for line in lines:
        if not isinstance(line, Observation) or line.peer != peer:
            continue
        if isinstance(line, Call):
            methods[line.id] = line.method
            if line.method == "close":
                return
            if line.method not in hidden:
                yield line.method
        elif isinstance(line, Resolve | Reject) and methods[line.call] not in hidden:
            how = "resolves" if isinstance(line, Resolve) else "rejects"
            yield f"{methods[line.call]} {how}"
        elif isinstance(line, Event) and line.name in profile.events:
            state = line.state.signalingState if line.state is not None else None
            yield line.name if line.name == "negotiationneeded" else f"{line.name} {state}"


def observations(trace: Trace) -> list[AnyObservation]:
    return [one for _, one in trace.observations]


def test_the_dump_tells_what_the_recorder_in_the_page_saw(everything: Saved) -> None:
    assert len(everything.runs) >= 6
    for run in everything.runs:
        found = traces(run.dump)
        for peer, name in run.names.items():
            trace = found[name]
            profile = profile_named(trace.header.peers[name].profile)
            assert trace.header.peers[name].begins == "constructed"
            expected = said(run.recording.lines, peer, profile)
            assert said(observations(trace), name, profile) == expected, run.recording.program.name


def test_the_export_tells_the_same(everything: Saved) -> None:
    if everything.export is None:
        pytest.skip("this generation saves no RTCStats")
    dump, export = traces(everything.runs[-1].dump), traces(everything.export)
    assert set(dump) <= set(export)
    for name, trace in dump.items():
        profile = profile_named(trace.header.peers[name].profile)
        assert said(observations(export[name]), name, profile) == said(
            observations(trace), name, profile
        )


def test_the_same_is_found(everything: Saved) -> None:
    checker = Checker()
    for run in everything.runs:
        found = traces(run.dump)
        name = next(iter(run.names.values()))
        trace = found[name]
        assert set(trace.header.peers) <= set(run.names.values()), "the ends of another call"
        profile = trace.header.peers[name].profile
        seen = findings(checker, seen_through(profile_named(profile), run.recording.lines))
        told: Iterable[Line] = (trace.header, *trace.sdps.values(), *observations(trace))
        if len(trace.header.peers) == len(run.names):
            program = run.recording.program.name
            assert findings(checker, told) - UNSEEN == seen - UNSEEN, program


def findings(checker: Checker, lines: Iterable[Line]) -> set[str]:
    return {one.id for one in checker.judge_lines("a trace", lines).findings}


def seen_through(profile: Profile, lines: Sequence[Line]) -> Iterator[Line]:
    """A recording as a recorder with this profile makes it; closed peers tell nothing more."""
    header = lines[0]
    assert isinstance(header, Header)
    peers = {
        name: msgspec.structs.replace(peer, profile=profile.name)
        for name, peer in header.peers.items()
    }
    yield msgspec.structs.replace(header, peers=peers)
    yield from (line for line in lines if isinstance(line, Sdp))
    seen = [line for line in lines if isinstance(line, Observation)]
    for _, one in project(_open(seen), profile):
        yield one  # type: ignore[misc]


def _open(seen: Iterable[Observation]) -> Iterator[Observation]:
    closed: set[str] = set()
    for one in seen:
        if one.peer not in closed:
            yield one
        if isinstance(one, Call) and one.method == "close":
            closed.add(one.peer)


SETUP = """(async () => {
  const made = () => new RTCPeerConnection({sdpSemantics: 'unified-plan'});
  const [a, b, c, d] = window.all = [made(), made(), made(), made()];
  a.addTransceiver('audio');
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  await a.setRemoteDescription(b.localDescription);
  c.addTransceiver('audio');
  await c.setLocalDescription(await c.createOffer());
  await d.setRemoteDescription(c.localDescription);
  await new Promise(done => setTimeout(done, 100));
})()"""

GOING_ON = """(async () => {
  const [a, b, c, d] = window.all;
  await d.setLocalDescription(await d.createAnswer());
  await c.setRemoteDescription(d.localDescription);
  a.addTransceiver('video');
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  await a.setRemoteDescription(b.localDescription);
})()"""


@pytest.mark.parametrize("name", BROWSERS)
def test_a_page_opened_late_is_known_to_be_late(name: str, tmp_path: Path) -> None:
    try:
        dump = asyncio.run(saved_late(name, tmp_path))
    except LookupError as missing:
        pytest.skip(f"{name}: {missing}")
    found = traces(dump)
    assert len(found) == 4
    checker = Checker()
    # Before there were snapshots, a record that begins between two negotiations may look whole.
    begins = [trace.header.peers[each].begins for each, trace in found.items()]
    assert begins.count("unknown") == (4 if "@7" not in name else 3)
    for trace in found.values():
        told = (trace.header, *trace.sdps.values(), *observations(trace))
        assert not findings(checker, told) - {"NN-EARLY"}


async def saved_late(name: str, folder: Path) -> bytes:
    async with Browser(executable(name)) as browser:
        tab = await browser.tab("about:blank")
        await tab.evaluate(SETUP)
        page = await InternalsPage.open(browser, folder)
        await asyncio.sleep(BATCH)
        await tab.evaluate(GOING_ON)
        await asyncio.sleep(BATCH)
        return await page.save()


@pytest.mark.parametrize("name", BROWSERS)
def test_a_second_page_that_is_opened_meanwhile_changes_nothing(name: str, tmp_path: Path) -> None:
    try:
        dump = asyncio.run(saved_twice_opened(name, tmp_path))
    except LookupError as missing:
        pytest.skip(f"{name}: {missing}")
    checker = Checker()
    for trace in traces(dump).values():
        assert {peer.begins for peer in trace.header.peers.values()} == {"constructed"}
        told = (trace.header, *trace.sdps.values(), *observations(trace))
        assert not findings(checker, told) - {"NN-EARLY"}


async def saved_twice_opened(name: str, folder: Path) -> bytes:
    async with Browser(executable(name)) as browser:
        await InternalsPage.open(browser, folder)
        tab = await browser.tab("about:blank")
        await tab.evaluate(SETUP)
        await asyncio.sleep(BATCH)
        page = await InternalsPage.open(browser, folder)
        await asyncio.sleep(BATCH)
        await tab.evaluate(GOING_ON)
        await asyncio.sleep(BATCH)
        return await page.save()

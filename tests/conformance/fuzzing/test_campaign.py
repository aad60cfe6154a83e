"""Campaigns on doubles of stacks: what is known, what dies, what comes only now and then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
import pytest
from dying import Dying
from hypothesis.database import InMemoryExampleDatabase

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.fuzzing.campaign import CUTTING, Bounds, Campaign, Core, Listener
from negotiation.conformance.fuzzing.cases import Fault, read_case
from negotiation.conformance.fuzzing.generating import Generated
from negotiation.conformance.fuzzing.opening import judge
from negotiation.conformance.fuzzing.playing import OnModel, Played
from negotiation.conformance.fuzzing.saving import Cases
from negotiation.conformance.fuzzing.shrinking import without_one
from negotiation.conformance.fuzzing.supports import Supported, kind_of
from negotiation.conformance.mutations import MUTATIONS
from negotiation.conformance.programs.language import Do, Program
from negotiation.conformance.programs.model_stack import AS_STACK
from negotiation.conformance.stacks.taking import Outcome

MUTATION = "return_to_stable/skipped"


def generated(number: int, seed: int = 1) -> list[Program]:
    with Generated(seed) as programs:
        return list(islice(programs, number))


@pytest.fixture(scope="module")
def programs() -> list[Program]:
    return generated(60)


def different(programs: list[Program]) -> int:
    """How many there are: the same program is not played twice."""
    return len({msgspec.json.encode(one) for one in programs})


def broken() -> OnModel:
    return OnModel(judge(), lambda: MUTATIONS[MUTATION].make(AS_STACK))


def dying(every: int = 1) -> Dying:
    return Dying("restartIce", "createDataChannel", every=every)


class Lacking:
    """Like the model, but it lacks some calls and says so, all at once."""

    def __init__(self, *lacks: str) -> None:
        self._lacks = lacks
        self._model = OnModel(Checker())
        self.asked: list[Program] = []

    def play(self, program: Program) -> Played:
        self.asked.append(program)
        missing = [one for one in self._missing(program) if one in self._lacks]
        if missing:
            verdict = Checker().judge_lines("x", self._model.play(program).lines[:1])
            return Played(program, (), verdict, Outcome.UNSUPPORTED, ", ".join(missing))
        return self._model.play(program)

    def _missing(self, program: Program) -> Iterator[str]:
        for script in (*(one.do for one in program.steps), *(one.do for one in program.handlers)):
            for item in script:
                implicit = item.call == "setLocalDescription" and item.description is None
                yield "setLocalDescription()" if implicit else str(item.call)


class Remembering(Listener):
    def __init__(self) -> None:
        self.cores: list[Core] = []

    def found(self, core: Core) -> None:
        self.cores.append(core)


def campaign(
    player: object, programs: Sequence[Program], known: frozenset[Fault] = frozenset()
) -> tuple[Campaign, list[Core]]:
    listener = Remembering()
    one = Campaign(Supported(player), known.__contains__, Bounds(), listener=listener)  # type: ignore[arg-type]
    one.run(programs)
    return one, listener.cores


def test_a_new_fault_is_cut_confirmed_and_minimal(programs: list[Program]) -> None:
    _, cores = campaign(broken(), programs)
    assert {"NN-MISSED"} <= {one.fault.id for one in cores}
    for core in cores:
        assert core.confirmed == 3
        assert core.minimal
        for smaller in without_one(core.played.program):
            assert core.fault not in broken().play(smaller).faults


def test_what_is_known_is_counted_and_stops_nothing(programs: list[Program]) -> None:
    first, cores = campaign(broken(), programs)
    missed = next(one.fault for one in cores if one.fault.id == "NN-MISSED")
    second, others = campaign(broken(), programs, frozenset({missed}))
    assert missed not in {one.fault for one in others}
    assert second.tally.known == {missed}
    assert second.tally.times[missed] == first.tally.times[missed]
    assert {one.fault for one in others} == {one.fault for one in cores} - {missed}


def test_a_stack_that_dies_and_hangs_loses_nothing(programs: list[Program]) -> None:
    one, cores = campaign(dying(), programs)
    found = {core.fault.id: core for core in cores}
    assert set(found) == {"STACK-DIED", "STACK-HUNG"}
    assert one.tally.programs == different(programs)
    assert one.tally.troubles["died: it is gone"] > 0
    for id, call in (("STACK-DIED", "restartIce"), ("STACK-HUNG", "createDataChannel")):
        (step,) = found[id].played.program.steps
        assert [item.call for item in step.do] == [call]


def test_what_comes_only_now_and_then_is_told_as_that(programs: list[Program]) -> None:
    _, cores = campaign(dying(every=3), programs)
    assert cores
    assert all(one.confirmed < 3 and not one.minimal for one in cores)


def test_what_a_stack_lacks_is_found_out_and_left_out(programs: list[Program]) -> None:
    stack = Lacking("restartIce", "setConfiguration", "setLocalDescription()")
    one, cores = campaign(stack, programs)
    assert not cores
    lacking = {kind[0] for kind in one.tally.lacking}
    assert lacking == {"restartIce", "setConfiguration", "setLocalDescription"}
    last = [item.call for step in stack.asked[-1].steps for item in step.do]
    assert not {"restartIce", "setConfiguration"} & set(last)
    written_out = [program for program in stack.asked if program.name.endswith("-written-out")]
    assert written_out
    assert one.tally.programs == different(programs)


class Apart:
    """Like the broken model, but as two stacks are: both peers are there; B lacks a call."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def play(self, program: Program) -> Played:
        reason = "" if len(program.peers) == 2 else "it has 1 peers, and there are 2 stacks"
        done = [item.call for step in program.steps if step.peer == "B" for item in step.do]
        reason = reason or ("B lacks it" if "addTransceiver" in done else "")
        played = broken().play(program)
        if not reason:
            return played
        self.reasons.append(reason)
        verdict = Checker().judge_lines("x", played.lines[:1])
        return Played(program, (), verdict, Outcome.UNSUPPORTED, reason)


def test_a_case_of_two_stacks_has_both_and_what_one_lacks_the_other_does() -> None:
    with Generated(1, apart=True) as endless:
        programs = list(islice(endless, 80))
    stack, listener = Apart(), Remembering()
    one = Campaign(Supported(stack, ("A", "B")), lambda fault: False, Bounds(), listener=listener)
    one.run(programs)
    assert {kind[0] for kind in one.tally.lacking} == {"addTransceiver"}
    assert {*stack.reasons} == {"B lacks it"}
    (core,) = (one for one in listener.cores if one.fault.id == "NN-MISSED")
    assert core.minimal
    assert core.played.program.peers == ("A", "B")
    assert len(core.played.program.steps) <= 6


def test_kinds_of_items_tell_apart_what_a_stack_may_lack() -> None:
    plain = kind_of(Do(call="addTrack", args={"track": "audio:a"}))
    assert plain != kind_of(Do(call="addTrack", args={"track": "audio:a", "streams": ["s1"]}))
    assert kind_of(Do(call="setLocalDescription")) == ("setLocalDescription", "implicit")


def test_of_two_faults_in_one_line_the_first_is_alone(programs: list[Program]) -> None:
    played = next(one for one in map(broken().play, programs) if one.faults)
    (first, finding), *_ = played.faults.items()
    beside = msgspec.structs.replace(finding, about="beside it")
    findings = (finding, beside, *played.verdict.findings)
    verdict = msgspec.structs.replace(played.verdict, findings=findings)
    two = msgspec.structs.replace(played, verdict=verdict)
    assert two.before(first) == ()
    assert two.before(Fault.of(beside)) == (first,)


def test_what_comes_behind_another_fault_waits_for_a_program_that_shows_it_alone(
    programs: list[Program],
) -> None:
    class Two:
        """The broken model; for some time its faults come behind another one of the stack's."""

        behind = True

        def play(self, program: Program) -> Played:
            played = broken().play(program)
            if not self.behind or not played.faults:
                return played
            first = min(played.verdict.findings, key=lambda one: one.line)
            other = msgspec.structs.replace(
                first, id="STATE-REPEATED", class_="departure", line=1, after=None
            )
            findings = (other, *played.verdict.findings)
            verdict = msgspec.structs.replace(played.verdict, findings=findings)
            return msgspec.structs.replace(played, verdict=verdict)

    showing = [one for one in programs if broken().play(one).faults]
    missed = next(iter(broken().play(showing[0]).faults))
    player, listener = Two(), Remembering()
    one = Campaign(Supported(player), lambda fault: False, Bounds(), listener=listener)

    def played() -> Iterator[Program]:
        yield showing[0]
        assert {core.fault.id for core in listener.cores} == {"STATE-REPEATED"}
        player.behind = False
        yield from showing[1:]

    one.run(played())
    cores = {core.fault: core for core in listener.cores}
    assert not cores[missed].behind
    assert len(listener.cores) == len(one.tally.cores)  # each is told once


def test_an_interrupted_campaign_keeps_what_waits(programs: list[Program]) -> None:
    listener = Remembering()
    one = Campaign(Supported(broken()), lambda fault: False, Bounds(), listener=listener)
    witness = next(each for each in map(broken().play, programs) if each.faults)
    fault = next(iter(witness.faults))
    one._waiting[fault] = witness, 3
    one.leave()
    (core,) = listener.cores
    assert (core.fault, core.confirmed, core.minimal, core.number) == (fault, 0, False, 3)


def test_what_still_waits_when_the_time_is_over_is_kept_as_it_was_seen(
    programs: list[Program],
) -> None:
    listener = Remembering()
    one = Campaign(Supported(broken()), lambda fault: False, Bounds(seconds=0), listener=listener)
    witness = next(each for each in map(broken().play, programs) if each.faults)
    fault = next(iter(witness.faults))
    one._waiting[fault] = witness, 3
    one.run([])
    (core,) = listener.cores
    assert (core.fault, core.played, core.repeated) == (fault, witness, 0)
    assert one.tally.runs == 0


def test_bounds_end_it(programs: list[Program]) -> None:
    few = Campaign(Supported(broken()), lambda fault: True, Bounds(programs=7))
    assert few.run(programs) == "as many programs as were asked for"
    assert few.tally.programs == 7
    none = Campaign(Supported(broken()), lambda fault: True, Bounds(seconds=0))
    assert none.run(programs) == "the time was over"
    assert none.tally.programs == 0


def test_a_database_hands_on_what_was_found(programs: list[Program]) -> None:
    database = InMemoryExampleDatabase()
    first = Campaign(Supported(broken()), lambda fault: False, Bounds(), database=database, key="m")
    first.run(programs)
    database.save(b"negotiation/m", b"not a program")
    second = Campaign(
        Supported(broken()), lambda fault: False, Bounds(), database=database, key="m"
    )
    second.run([])
    assert set(second.tally.cores) >= set(first.tally.cores)
    assert b"not a program" not in set(database.fetch(b"negotiation/m"))
    other = Campaign(Supported(broken()), lambda fault: False, Bounds(), database=database, key="n")
    other.run([])
    assert not other.tally.programs


def test_a_case_is_a_file_with_its_trace_beside_it(tmp_path: Path, programs: list[Program]) -> None:
    one, cores = campaign(broken(), programs)
    cases = Cases(tmp_path / "new", "model", "--stack model", 1)
    for core in cores:
        file = cases.save(core, one.tally)
        case = read_case(str(file))
        assert case.fault == core.fault
        assert "--replay" in case.found.replay
        verdict = Checker().judge(str(file.parent / case.trace))
        assert (case.line, case.message) in {(each.line, each.message) for each in verdict.findings}
        assert case.fault in broken().play(case.program).faults
    assert {case.fault for case in cases.known()} == {core.fault for core in cores}


def test_a_case_of_before_names_the_rule_of_its_call(
    tmp_path: Path, programs: list[Program]
) -> None:
    one, (core, *_) = campaign(broken(), programs)
    written = json.loads(
        Cases(tmp_path, "model", "--stack model", 1).save(core, one.tally).read_bytes()
    )
    about = "addIceCandidate: accepted, not InvalidStateError"
    written["fault"] = {"id": "OP-ACCEPTED", "anchor": "#set-description", "about": about}
    file = tmp_path / "before.case.json"
    file.write_text(json.dumps(written))
    assert read_case(str(file)).fault.anchor == "#dom-rtcpeerconnection-addicecandidate"


def test_a_cut_is_given_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("negotiation.conformance.fuzzing.campaign.time.monotonic", lambda: 100.0)
    one = Campaign(Supported(broken()), lambda fault: False, Bounds(seconds=50))
    for began, left in ((100.0, 55.0), (60.0, 15.0), (45.0, CUTTING), (0.0, CUTTING)):
        one._began = began
        assert one._for_cutting() == pytest.approx(left)

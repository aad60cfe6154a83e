"""The plugin in runs of pytest: connections that do what the model does, and broken ones."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest
from plugged import Plugged

from negotiation.conformance.cli import main

GREEN = """
    from calls import *

    async def test_a_call(negotiation):
        a = negotiation.watch(RTCPeerConnection(), "caller")
        b = negotiation.watch(RTCPeerConnection(), "callee")
        await call(a, b)
"""

RED = """
    from calls import *

    async def test_a_call(negotiation):
        a = negotiation.watch(Deaf(), "caller")
        b = negotiation.watch(RTCPeerConnection(), "callee")
        a.addTransceiver("audio")
"""


def test_a_call_that_conforms_passes_and_leaves_nothing(plugged: Plugged) -> None:
    result = plugged.run(GREEN)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["negotiation: 2 connections with 28 observations in 1 test: *"])
    assert not plugged.results.exists()


def test_a_departure_fails_the_test_and_not_its_teardown(plugged: Plugged) -> None:
    result = plugged.run(RED)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "NN-MISSED (*",
            "*connection-1caller.jsonl:4*(departure, blame: stack)",
            "*nothing happens any more, but negotiationneeded is still to come*",
            "Kept:",
            "FAILED test_it.py::test_a_call - Failed: NN-MISSED*",
        ]
    )
    assert [name for name in plugged.kept() if "replay" not in name] == [
        "connection-1caller.jsonl",
        "connection-2callee.jsonl",
    ]
    assert sum("replay.html" in name for name in plugged.kept()) == 2


@pytest.mark.parametrize("failing", ["assert 1 == 2", "__import__('pytest').fail('my own')"])
def test_a_failure_of_the_test_itself_stays_and_is_told_the_verdict(
    failing: str, plugged: Plugged
) -> None:
    result = plugged.run(f"{RED}        {failing}\n")
    result.assert_outcomes(failed=1)
    own = "*my own*" if "fail" in failing else "E*assert 1 == 2"
    result.stdout.fnmatch_lines([own, "*Captured negotiation call*", "NN-MISSED*"])


def test_a_failed_test_has_its_recording_though_it_conforms(plugged: Plugged) -> None:
    plugged.run(f"{GREEN}        assert 1 == 2\n").assert_outcomes(failed=1)
    assert "connection-1caller-2callee.jsonl" in plugged.kept()


@pytest.mark.parametrize(
    ("argument", "outcome", "told"),
    [
        ("--negotiation=report", {"passed": 1}, "*1 test with a wrong negotiation*"),
        ("--negotiation=off", {"passed": 1}, "*1 passed*"),
        ("-onegotiation_mode=report", {"passed": 1}, "*1 test with a wrong negotiation*"),
    ],
)
def test_the_mode(plugged: Plugged, argument: str, outcome: dict[str, int], told: str) -> None:
    result = plugged.run(RED, argument)
    result.assert_outcomes(**outcome)
    result.stdout.fnmatch_lines([told])
    assert plugged.results.exists() == ("off" not in argument)


def test_a_mode_that_there_is_not_is_told(plugged: Plugged) -> None:
    result = plugged.run(RED, "-onegotiation_mode=loud")
    assert result.ret != 0
    assert "negotiation_mode is 'loud'; write one of off, report, strict" in str(result.stdout)


def test_without_the_plugin_there_is_no_fixture(plugged: Plugged) -> None:
    result = plugged.run(RED, "-pno:negotiation")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'negotiation' not found*"])


def test_a_run_that_does_not_use_it_is_not_told_of_it(plugged: Plugged) -> None:
    result = plugged.run("def test_other():\n    pass\n")
    result.assert_outcomes(passed=1)
    assert "negotiation" not in str(result.stdout)


@pytest.mark.parametrize(("test", "lines"), [(GREEN, 0), (RED, 1)])
def test_quiet_means_quiet(plugged: Plugged, test: str, lines: int) -> None:
    told = plugged.run(test, "-q").outlines
    assert sum(line.startswith("negotiation:") for line in told) == lines


def test_an_expected_finding_passes_and_an_absent_one_fails(plugged: Plugged) -> None:
    expecting = 'negotiation.expect("NN-MISSED", "this class is deaf")'
    plugged.run(f"{RED}        {expecting}\n").assert_outcomes(passed=1)
    result = plugged.run(f"{GREEN}        {expecting}\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["NN-MISSED was expected, and did not come"])


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ('expect("NO-SUCH", "x")', "there is no finding 'NO-SUCH'; *"),
        ('expect("NN-MISSED", " ")', "the reason says nothing; *"),
        ("watch(3)", "*builtins.int is no peer connection: *"),
        ('watch(RTCPeerConnection(), "../x")', "*is no name; *"),
        ("watch_page(3)", "*builtins.int is no page of Playwright; *"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(plugged: Plugged, call: str, told: str) -> None:
    result = plugged.run(f"{GREEN}        negotiation.{call}\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*UsageError: {told}"])


def test_expectations_of_a_file_are_honoured(plugged: Plugged) -> None:
    row = {"id": "NN-MISSED", "program": "test_it.py::test_a_call", "reason": "it is deaf"}
    file = plugged.pytester.path / "known.json"
    file.write_text(json.dumps([row]))
    for given in (f"--negotiation-expectations={file}", "-onegotiation_expectations=known.json"):
        plugged.run(RED, given).assert_outcomes(passed=1)
    stale = plugged.run(GREEN, f"--negotiation-expectations={file}")
    stale.assert_outcomes(failed=1)
    stale.stdout.fnmatch_lines(["NN-MISSED was expected, and did not come"])
    plugged.run(
        RED.replace("a_call", "another"), f"--negotiation-expectations={file}"
    ).assert_outcomes(failed=1)


def test_traces_that_are_kept_are_judged_again_as_in_the_test(plugged: Plugged) -> None:
    expecting = 'negotiation.expect("NN-MISSED", "this class is deaf")'
    plugged.run(f"{RED}        {expecting}\n", "--negotiation-keep=all").assert_outcomes(passed=1)
    assert main(["check", str(plugged.results)]) == 0
    plugged.run(f"{GREEN}        {expecting}\n").assert_outcomes(failed=1)
    assert main(["check", str(plugged.results)]) == 1
    row = {"id": "NN-MISSED", "program": "*", "reason": "it is deaf"}
    given = plugged.pytester.path / "known.json"
    given.write_text(json.dumps([row]))
    arguments = ["--negotiation-keep=all", f"--negotiation-expectations={given}"]
    plugged.run(RED, *arguments).assert_outcomes(passed=1)
    assert main(["check", str(plugged.results)]) == 0
    plugged.run(RED).assert_outcomes(failed=1)
    assert main(["check", str(plugged.results)]) == 1


def test_expectations_beside_the_traces_are_found(plugged: Plugged) -> None:
    row = {"id": "NN-MISSED", "program": "*", "reason": "it is deaf"}
    plugged.results.mkdir()
    (plugged.results / "expectations.json").write_text(json.dumps([row]))
    plugged.run(RED).assert_outcomes(passed=1)
    plugged.run(GREEN).assert_outcomes(passed=1)


def test_a_test_that_records_nothing_fails(plugged: Plugged) -> None:
    result = plugged.run("def test_it(negotiation):\n    pass\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["Nothing was recorded: watch a connection*"])


OWN_TRACE = """
    import json
    def test_it(negotiation, tmp_path):
        peer = {{"stack": {{"name": "mine"}}, "recorder": "me 1"}}
        header = {{"kind": "header", "format": "negotiation-trace", "version": 1,
          "date": "2026-01-20", "peers": {{"A": peer}}}}
        observed = {{"n": 1, "t": 1, "peer": "A", {observed}}}
        file = negotiation.trace(tmp_path / "mine.jsonl")
        file.write_text(json.dumps(header) + chr(10) + json.dumps(observed) + chr(10))
"""
SPURIOUS = OWN_TRACE.format(observed='"kind": "event", "name": "negotiationneeded"')
UNDECIDED = OWN_TRACE.format(observed='"kind": "call", "id": 1, "method": "fly"')


def test_a_trace_of_the_test_s_own_is_judged(plugged: Plugged) -> None:
    result = plugged.run(SPURIOUS)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["NN-SPURIOUS (*", "*mine.jsonl:2 *"])


def test_a_trace_that_is_not_there_is_told(plugged: Plugged) -> None:
    result = plugged.run("def test_it(negotiation):\n    negotiation.trace('none.jsonl')\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["none.jsonl: *"])


def test_undecided_fails_unless_it_is_allowed(plugged: Plugged) -> None:
    result = plugged.run(UNDECIDED)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["undecided: *"])
    plugged.run(UNDECIDED, "--negotiation-allow-undecided").assert_outcomes(passed=1)
    plugged.run(UNDECIDED, "-onegotiation_allow_undecided=true").assert_outcomes(passed=1)


def test_each_test_has_a_folder_of_its_own(plugged: Plugged) -> None:
    test = """
    import pytest
    from calls import *

    @pytest.fixture
    def caller(negotiation):
        return negotiation.watch(RTCPeerConnection(), "caller")

    class TestCalls:
        @pytest.mark.parametrize("name", ["a/b", "../../up", "x" * 200, "\\N{SNOWMAN}"])
        async def test_a_call(self, name, caller, negotiation):
            await call(caller, negotiation.watch(RTCPeerConnection(), "callee"))
    """
    result = plugged.run(test, "--negotiation-keep=all", "--negotiation-output=out")
    result.assert_outcomes(passed=4)
    folders = list((plugged.pytester.path / "out").iterdir())
    assert len(folders) == 4
    assert all(len(one.name) < 90 and one.is_dir() for one in folders)
    result.stdout.fnmatch_lines(["  out/*.jsonl"])


def test_a_class_is_watched_for_as_long_as_the_test_runs(plugged: Plugged) -> None:
    test = """
    from calls import *

    async def test_watched(negotiation):
        negotiation.watch(RTCPeerConnection)
        await call(RTCPeerConnection(), RTCPeerConnection())

    async def test_not_watched():
        assert RTCPeerConnection.__init__.__qualname__ == "RTCPeerConnection.__init__"
        assert not hasattr(RTCPeerConnection.createOffer, "__wrapped__")
        await call(RTCPeerConnection(), RTCPeerConnection())
    """
    result = plugged.run(test)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["negotiation: 2 connections with 28 observations in 1 test: *"])


def test_xfail_and_skip_mean_what_they_mean(plugged: Plugged) -> None:
    test = RED.replace("async def", "@__import__('pytest').mark.xfail(strict=True)\n    async def")
    plugged.run(test).assert_outcomes(xfailed=1)
    skipping = f"{RED}        __import__('pytest').skip('not today')\n"
    plugged.run(skipping).assert_outcomes(skipped=1)


def test_a_fixture_of_somebody_else_s_with_this_name_is_theirs(plugged: Plugged) -> None:
    test = """
    import pytest

    @pytest.fixture
    def negotiation():
        return "mine"

    def test_it(negotiation):
        assert negotiation == "mine"
    """
    result = plugged.run(test)
    result.assert_outcomes(passed=1)
    assert "connections" not in str(result.stdout)


def test_a_fixture_that_is_asked_for_while_the_test_runs(plugged: Plugged) -> None:
    test = """
    from calls import *

    def test_it(request):
        async def main():
            negotiation = request.getfixturevalue("negotiation")
            negotiation.watch(Deaf()).addTransceiver("audio")
            await negotiation.settled()
        asyncio.run(main())
    """
    plugged.run(test).assert_outcomes(failed=1)


def test_a_synchronous_test_may_run_its_own_loop(plugged: Plugged) -> None:
    test = """
    from calls import *

    def test_it(negotiation):
        async def main():
            a = negotiation.watch(Deaf())
            a.addTransceiver("audio")
            await negotiation.settled()
        asyncio.run(main())
    """
    result = plugged.run(test)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["NN-MISSED*"])


def test_what_is_kept_is_in_the_junit_report(plugged: Plugged) -> None:
    plugged.run(RED, "--junitxml=report.xml")
    found = ElementTree.parse(plugged.pytester.path / "report.xml").iter("property")
    told = [(one.get("name"), one.get("value")) for one in found]
    assert [name for name, _ in told].count("negotiation_trace") == 2
    assert [name for name, _ in told].count("negotiation_replay") == 2
    for _, file in told:
        assert (plugged.pytester.path / str(file)).is_file()


def test_workers_of_xdist_do_not_meet(plugged: Plugged) -> None:
    pytest.importorskip("xdist")
    test = """
    import pytest
    from calls import *

    @pytest.mark.parametrize("n", range(6))
    async def test_a_call(negotiation, n):
        a = negotiation.watch(Deaf() if n % 2 else RTCPeerConnection())
        a.addTransceiver("audio")
    """
    result = plugged.run(test, "-n2", plugins=["xdist"])
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(["negotiation: 6 connections with * in 6 tests: 3 tests with *"])
    assert sum(name.endswith(".jsonl") for name in plugged.kept()) == 3


@pytest.mark.parametrize(
    ("plugin", "mark", "fixture"),
    [
        ("pytest_asyncio", "asyncio", ""),
        ("anyio", "anyio", "@pytest.fixture\n    def anyio_backend(): return 'asyncio'"),
    ],
)
@pytest.mark.parametrize("cls", ["Deaf", "RTCPeerConnection"])
def test_plugins_that_run_asynchronous_tests(
    plugged: Plugged, plugin: str, mark: str, fixture: str, cls: str
) -> None:
    pytest.importorskip(plugin)
    test = f"""
    import pytest
    from calls import *

    {fixture}

    @pytest.mark.{mark}
    async def test_a_call(negotiation):
        negotiation.watch({cls}()).addTransceiver("audio")
    """
    scope = ["-oasyncio_default_fixture_loop_scope=function"] if mark == "asyncio" else []
    result = plugged.run(test, *scope, plugins=[mark])
    result.assert_outcomes(passed=cls != "Deaf", failed=cls == "Deaf")


def test_pytest_html_has_links(plugged: Plugged) -> None:
    pytest.importorskip("pytest_html")
    plugged.run(RED, "--html=out/report.html", plugins=["html"])
    text = (plugged.pytester.path / "out" / "report.html").read_text()
    assert "../negotiation-results/" in text


def test_the_summary_tells_wrong_from_empty(plugged: Plugged) -> None:
    test = f"{RED}\n    def test_nothing(negotiation):\n        pass\n"
    told = plugged.run(test)
    told.stdout.fnmatch_lines(
        ["*in 2 tests: 1 test with a wrong negotiation, 1 test that recorded nothing, *"]
    )


def test_a_connection_that_several_tests_share(plugged: Plugged) -> None:
    test = """
    import pytest
    from calls import *

    @pytest.fixture(scope="module")
    def shared():
        return RTCPeerConnection()

    @pytest.mark.parametrize("n", [1, 2])
    async def test_it(shared, negotiation, n):
        negotiation.watch(shared).addTransceiver("audio")
    """
    plugged.run(test, "--negotiation-keep=all").assert_outcomes(passed=2)
    traces = [one.read_text() for one in plugged.results.rglob("*.jsonl")]
    assert sorted('"begins":"unknown"' in one for one in traces) == [False, True]
    assert [one.count('"method":"addTransceiver"') for one in traces] == [1, 1]


def test_what_is_expected_may_be_found_in_a_trace_of_the_test_s_own(plugged: Plugged) -> None:
    expecting = 'negotiation.expect("NN-SPURIOUS", "it is wrong on purpose")'
    plugged.run(f"{SPURIOUS}        {expecting}\n").assert_outcomes(passed=1)


def test_a_verdict_that_cannot_be_reached_is_told_beside_the_failure(plugged: Plugged) -> None:
    result = plugged.run(f"{RED}        assert 1 == 2\n", "--negotiation-expectations=none.json")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*assert 1 == 2", "*Captured negotiation call*", "none.json: *"])


def test_results_that_cannot_be_written_are_told(plugged: Plugged) -> None:
    plugged.results.write_text("in the way")
    for test in (RED, f"{RED}        assert 1 == 2\n"):
        result = plugged.run(test)
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*Not a directory: *"])
        result.stdout.no_fnmatch_line("*During handling*")


def test_classes_are_watched_one_beside_the_other(plugged: Plugged) -> None:
    test = """
    from calls import *

    class Caller(RTCPeerConnection): pass
    class Callee(RTCPeerConnection): pass

    async def test_it(negotiation):
        negotiation.watch(Caller)
        negotiation.watch(Callee)
        await call(Caller(), Callee())
        RTCPeerConnection()
    """
    result = plugged.run(test)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["negotiation: 2 connections with 28 observations in 1 test: *"])

"""The table of releases, and what names mean in it and in the cache."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from negotiation.conformance.stacks.installed import RECORD, Installed, cache, installed, remove
from negotiation.conformance.stacks.registry import (
    STACKS,
    MissingStackError,
    UnknownStackError,
    row,
    this_platform,
)
from negotiation.conformance.stacks.releases import (
    RELEASES,
    UnknownReleaseError,
    release,
    releases_of,
)
from negotiation.conformance.traces.version_numbers import begins_with


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEGOTIATION_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for each in STACKS:
        monkeypatch.delenv(each.variable, raising=False)
    return tmp_path / "cache"


def put(stack: str, version: str, executable: str = "chromium") -> Installed:
    made = Installed(stack, version, "npm x 1", executable)
    made.folder.mkdir(parents=True)
    (made.folder / RECORD).write_bytes(msgspec.json.encode(made))
    (made.folder / executable).write_text("#!/bin/sh\n")
    return made


def test_every_release_has_a_name_of_its_own() -> None:
    names = [each.name for each in RELEASES]
    assert len(set(names)) == len(names)
    for each in RELEASES:
        assert release(each.name) is each


def test_a_name_means_the_newest_that_begins_so() -> None:
    assert release("chromium").version.startswith("153.")
    assert release("chromium@131").version == "131.0.6778.0"
    assert release("chromium@131.0").version == "131.0.6778.0"
    assert release("firefox@140.12.0").at == "140"
    assert release("werift@0.24").at == "0.24.4"
    assert [each.version for each in releases_of("roamhq-wrtc")] == ["0.10.0", "0.8.0"]


def test_what_there_is_not_is_told_with_what_there_is() -> None:
    with pytest.raises(UnknownReleaseError, match=r"no chromium@13 to fetch; .* chromium@153, "):
        release("chromium@13")
    with pytest.raises(UnknownReleaseError, match=r"no release of 'chromiun'.*did you mean chromi"):
        release("chromiun@131")


def test_versions_begin_with_numbers_and_not_with_digits() -> None:
    assert begins_with("131.0.6778.0", "131")
    assert begins_with("140.12.0esr", "140.12")
    assert not begins_with("131.0.6778.0", "13")
    assert not begins_with("", "13")
    assert not begins_with("131.0", "")


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache() == tmp_path / "cache"
    monkeypatch.delenv("NEGOTIATION_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache() == tmp_path / "xdg" / "negotiation"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache() == tmp_path / ".cache" / "negotiation"


def test_a_version_is_the_newest_installed_one_that_begins_so() -> None:
    old, new = put("chromium", "131.0.6778.0"), put("chromium", "131.0.10000.0")
    put("chromium", "80.0.3987.0")
    assert installed("chromium", "131") == (new, old)
    named = row("chromium@131")
    assert named.located() == new.path
    stack = named.stack()
    assert (stack.name, stack.version) == ("chromium", "131.0.10000.0")
    assert stack.platform == f"{this_platform()}, npm x 1"
    assert row("chromium@131.0.6778").located() == old.path


def test_without_a_version_the_path_comes_first_then_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("chromium", "80.0.3987.0")
    newest = put("chromium", "131.0.6778.0")
    assert row("chromium").located() == newest.path
    assert row("chromium").stack().version == "131.0.6778.0"
    browser = executable(tmp_path / "bin" / "chromium", "echo Chromium 156.0.1.2")
    assert row("chromium").located() == browser
    assert row("chromium").stack().version == "156.0.1.2"
    other = executable(tmp_path / "bin" / "other", "echo Other 9.9")
    monkeypatch.setenv("NEGOTIATION_CHROMIUM", str(other))
    assert row("chromium").located() == other
    assert row("chromium@80").stack().version == "80.0.3987.0"


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_a_version_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(MissingStackError, match="`negotiation stacks install chromium@131`"):
        row("chromium@131")
    put("chromium", "80.0.3987.0")
    with pytest.raises(MissingStackError, match=r"no chromium@7. There are chromium@80\.0\.3987"):
        row("chromium@7")
    with pytest.raises(MissingStackError, match="no chromium@"):
        row("chromium@nonsense")
    with pytest.raises(UnknownStackError, match="there is no stack 'netscape'"):
        row("netscape@4")


def test_what_is_no_record_is_no_release(here: Path) -> None:
    made = put("chromium", "131.0.6778.0")
    (here / "chromium" / "132.0").mkdir()
    (here / "chromium" / "133.0").mkdir()
    (here / "chromium" / "133.0" / RECORD).write_text("{")
    (here / "chromium" / "134.0").mkdir()
    (here / "chromium" / "134.0" / RECORD).write_bytes(msgspec.json.encode(made))
    assert installed("chromium") == (made,)


def test_removing() -> None:
    made = put("chromium", "131.0.6778.0")
    remove(made)
    assert installed("chromium") == ()
    assert not made.folder.exists()

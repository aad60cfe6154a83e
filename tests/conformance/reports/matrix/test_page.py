"""The page: whole by itself, no text of a trace is markup, and it says what the matrix says."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
import pytest
from parsed_page import Parsed

from negotiation.conformance.reports.falsifying import altered, dropped
from negotiation.conformance.reports.links import command
from negotiation.conformance.reports.matrix.cells import Evidence, Matrix
from negotiation.conformance.reports.matrix.markdown import matrix_as_markdown
from negotiation.conformance.reports.matrix.page import matrix_as_page, page_data

if TYPE_CHECKING:
    from tests.conformance.reports.matrix.conftest import Expect, Record, Survey_

    from negotiation.conformance.traces.format import Line

EVIL = "</script></title><img src=x onerror=\"document.title='evil'\">"
EVIL += "<!--<script>document.title='evil'</script>&lt;'`|[a](javascript:x)\u2028\x1b[2J"
CHROMIUM = shutil.which("chromium")


def evil(lines: list[Line]) -> list[Line]:
    lines = dropped(kind="event", name="negotiationneeded")(lines)
    lines = altered({"kind": "throw", "error": EVIL, "message": EVIL}, kind="return")(lines)
    return altered({"program": EVIL, "note": EVIL}, kind="header")(lines)


@pytest.fixture
def hostile(record: Record, expect: Expect, surveyed: Survey_) -> Matrix:
    """Markup in every string that a trace or the expectations can have."""
    record("first-change", f"{EVIL.replace(' ', '')} {EVIL}", evil)
    Path("t/000.jsonl").rename("t/<b>'`$(x)\".jsonl")
    expect(
        {"id": "CALL-REJECTED", "program": "*", "reason": EVIL, "link": f"javascript:{EVIL}"},
        {"id": "NN-MISSED", "program": "*", "reason": EVIL, "link": f"https://x/{EVIL}"},
    )
    return surveyed()


def test_markup_in_every_string_makes_no_element(hostile: Matrix) -> None:
    page = matrix_as_page(hostile)
    template = Parsed(matrix_as_page(msgspec.structs.replace(hostile, **EMPTY)))
    assert Parsed(page).elements == template.elements
    data = json.loads(Parsed(page).texts["data"])
    assert data == json.loads(json.dumps(page_data(hostile)))
    assert data["programs"][0]["name"] == EVIL
    assert EVIL in data["known"][0]["reason"]
    between = page.partition('id="data">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\x1b") & set(between)


PARTS = ("columns", "rules", "programs", "recordings", "sightings", "evidence", "known")
EMPTY: dict[str, Any] = dict.fromkeys(PARTS, ())


def test_the_policy_admits_this_script_and_this_style_only(hostile: Matrix) -> None:
    parsed = Parsed(matrix_as_page(hostile))
    (policy,) = (
        told["content"] or ""
        for tag, told in parsed.elements
        if tag == "meta" and told.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for name in ("style", "script"):
        digest = hashlib.sha256(parsed.texts[name].encode()).digest()
        assert rules[f"{name}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert "unsafe" not in policy


def test_nothing_is_fetched(hostile: Matrix) -> None:
    parsed = Parsed(matrix_as_page(hostile))
    for tag, attributes in parsed.elements:
        assert tag not in {"link", "img", "iframe", "object", "base"}
        assert not {"src", "href", "srcset", "action", "style"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in parsed.texts["style"]
    assert "@import" not in parsed.texts["style"]
    makes_markup = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\("
    assert not re.search(makes_markup, parsed.texts["script"])


def test_packed_evidence_is_whole(hostile: Matrix) -> None:
    data = page_data(hostile)
    strings = data["strings"]
    assert len(set(strings)) == len(strings)
    for packed, evidence in zip(data["evidence"], hostile.evidence, strict=True):
        assert unpacked(packed, strings, evidence.anchor) == json.loads(
            msgspec.json.encode(evidence)
        )
    for told, one in zip(data["recordings"], hostile.recordings, strict=True):
        folder, name, after = (strings[place] for place in told[3:])
        for line in (1, 77):
            shown = f"negotiation replay {folder}{name}:{line}{after}"
            assert shown == command("replay", one.trace, line)


def unpacked(packed: list[Any], strings: list[str], anchor: str) -> dict[str, Any]:
    def text(place: int) -> str | None:
        return None if place < 0 else strings[place]

    def telling(value: Any) -> Any:
        return [text(one) for one in value] if isinstance(value, list) else text(value)

    lines = packed[5]
    told = [telling(value) for value in (*packed[:5], [], *packed[6:])]
    told[5] = [
        {"at": lines[at], "peer": text(lines[at + 1]), "observed": text(lines[at + 2])}
        for at in range(0, len(lines), 3)
    ]
    names = [one for one in Evidence.__struct_fields__ if one != "anchor"]
    return {"id": told[0], "anchor": anchor} | dict(zip(names, told, strict=True))


def test_markdown_holds_no_markup_of_a_trace(hostile: Matrix) -> None:
    told = matrix_as_markdown(hostile)
    assert not re.search(r"(?<!\\)[<`]img|(?<!\\)<|(?<!\\)\[a", told)
    assert all(line.isprintable() for line in told.splitlines())
    rows = [line for line in told.splitlines() if line.startswith("| \\<")]
    assert rows
    assert all(len(re.findall(r"(?<!\\)\|", row)) in (3, 8) for row in rows)


def test_the_size_stays_sane(record: Record, surveyed: Survey_) -> None:
    missed = dropped(kind="event", name="negotiationneeded")
    sizes = []
    for version in range(12):
        record("first-change", f"a {version}.0", missed)
        record("change-while-an-operation-is-outstanding", f"a {version}.0", missed)
        sizes.append(len(matrix_as_page(surveyed())))
    # What another version adds is where it was seen, not the evidence once more.
    assert sizes[-1] - sizes[0] < 11 * 500


def shown(page: str, fragment: str = "") -> str:
    """The page as Chromium has it after its script has run."""
    assert CHROMIUM is not None
    Path("page.html").write_text(page)
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"]
    address = f"file://{Path('page.html').resolve()}{fragment}"
    profile = f"--user-data-dir={Path('profile').resolve()}"
    ran = subprocess.run(
        [CHROMIUM, *options, profile, "--enable-logging=stderr", "--dump-dom", address],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, "HOME": os.getcwd()},
    )
    assert "CONSOLE" not in ran.stderr, ran.stderr
    return ran.stdout


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH")


@pytest.mark.live
@needs_chromium
def test_markup_stays_text_in_a_browser(hostile: Matrix) -> None:
    (row,) = (one for one in hostile.rules if one.id == "CALL-REJECTED")
    title = hostile.columns[0].title
    cell = quote(f"{title}|rule {row.id} {row.anchor}")
    parsed = Parsed(shown(matrix_as_page(hostile), f"#cell={cell}"))
    tags = [tag for tag, _ in parsed.elements]
    assert "img" not in tags
    assert tags.count("script") == 2
    assert ("dialog", "") in [(tag, told.get("open")) for tag, told in parsed.elements]
    links = [told["href"] or "" for tag, told in parsed.elements if tag == "a"]
    assert links
    assert all(one.startswith("https://") for one in links)
    assert parsed.texts["title"] == "Negotiation matrix"


@pytest.mark.live
@needs_chromium
def test_the_page_says_what_the_matrix_says(record: Record, surveyed: Survey_) -> None:
    missed = dropped(kind="event", name="negotiationneeded")
    record("first-change", "a 1", missed)
    record("change-while-an-operation-is-outstanding", "a 1", missed)
    record("first-change", "a 2")
    record("rollback-in-stable-is-refused", "a 3")
    matrix = surveyed()
    labels = re.findall(r'aria-label="(NN-MISSED, [^"]*)"', shown(matrix_as_page(matrix)))
    assert labels == [
        "NN-MISSED, a 1: departs in 2 programs of 2 judged, 2 not expected",
        "NN-MISSED, a 2: conforms in the program that shows it elsewhere",
        "NN-MISSED, a 3: unsupported: it was not recorded for this stack and version, or its "
        "recorder cannot see it",
    ]
    fragment = "#columns=a+1,a+2&rows=programs&differ=1&q=first"
    some = shown(matrix_as_page(matrix), fragment)
    assert "1 of 5 rows, 2 of 3 columns" in some

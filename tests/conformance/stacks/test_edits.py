"""The recorders' edits of SDP texts are those of the program language."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from negotiation.conformance.programs.language import DescriptionSource, Edit, SectionText
from negotiation.conformance.programs.texts import edit, render
from negotiation.conformance.stacks import preparing
from negotiation.conformance.stacks.adapters.scripting import texts

NODE = shutil.which("node")
SCRIPT = Path(preparing.__file__).parent / "edits.js"

TEXT = render(
    DescriptionSource(sections=(SectionText("audio"), SectionText("video", direction="recvonly")))
)
EDITS: tuple[tuple[Edit, ...], ...] = (
    (),
    (Edit(reject=1),),
    (Edit(direction=(0, "inactive")),),
    (Edit(remove=0), Edit(unmux=0)),
    (Edit(append="a=x"), Edit(append="nonsense")),
    (Edit(reject=0, direction=(1, "sendonly"), remove=0, unmux=0, append="a=last"),),
)
TEXTS = (
    TEXT,
    TEXT.replace("\r\n", "\n"),
    TEXT.replace("a=sendrecv\r\n", ""),
    TEXT.replace("a=sendrecv\r\n", "a=sendonly\r\na=inactive \r\n"),
    TEXT + "\r\n",
    TEXT.rstrip(),
)


CASES = [(text, edits) for text in TEXTS for edits in EDITS]
OTHER = TEXT.replace("a=mid:0", "a=mid:x").replace("a=mid:1\r\n", "")
MIDS = [(text, OTHER, indices) for text in TEXTS[:2] for indices in ((), (0,), (0, 1), (1, 2))]

needs_node = pytest.mark.skipif(NODE is None, reason="node is not here: no page script is run")


def told_by_the_page(function: str, cases: list[Any]) -> Any:
    program = (
        f"import {{{function}}} from {json.dumps(SCRIPT.as_uri())};"
        "import fs from 'fs';"
        "const cases = JSON.parse(fs.readFileSync(0, 'utf-8'));"
        f"console.log(JSON.stringify(cases.map((given) => {function}(...given))));"
    )
    done = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", program],
        input=msgspec.json.encode(cases),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


@needs_node
def test_the_page_edits_as_the_language_says() -> None:
    expected = [edit(text, edits) for text, edits in CASES]
    assert told_by_the_page("edited", CASES) == expected


def test_adapters_in_python_edit_as_the_language_says() -> None:
    for text, edits in CASES:
        assert texts.edited(text, msgspec.to_builtins(edits)) == edit(text, edits)


def test_an_edit_of_a_section_that_is_not_there_is_refused() -> None:
    with pytest.raises(texts.NoSuchSectionError, match="m-section 2, and there are 2"):
        texts.edited(TEXT, [{"reject": 2}])


@needs_node
def test_adapters_in_python_give_mids_as_the_page_does() -> None:
    given = [texts.with_mids_of(*case) for case in MIDS]
    assert told_by_the_page("withMidsOf", MIDS) == given
    assert any("a=group:BUNDLE x 1" in text for text in given)

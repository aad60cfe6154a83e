"""The page's edits of SDP texts are those of the program language."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from negotiation.conformance.programs.language import DescriptionSource, Edit, SectionText
from negotiation.conformance.programs.texts import edit, render
from negotiation.conformance.stacks import preparing

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


@pytest.mark.skipif(NODE is None, reason="node is not here: the page's scripts are not run")
def test_the_page_edits_as_the_language_says() -> None:
    cases = [(text, edits) for text in TEXTS for edits in EDITS]
    program = (
        f"import {{edited}} from {json.dumps(SCRIPT.as_uri())};"
        "import fs from 'fs';"
        "const cases = JSON.parse(fs.readFileSync(0, 'utf-8'));"
        "console.log(JSON.stringify(cases.map(([text, edits]) => edited(text, edits))));"
    )
    done = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", program],
        input=msgspec.json.encode(cases),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == [edit(text, edits) for text, edits in cases]

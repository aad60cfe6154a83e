"""Texts that programs invent, with the names and roles that the stack has chosen by then."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tried_programs import with_steps

from negotiation.conformance.stacks import preparing
from negotiation.conformance.stacks.adapters.scripting.texts import with_role
from negotiation.conformance.stacks.preparing import prepared

NODE = shutil.which("node")
SCRIPT = Path(preparing.__file__).parent / "edits.js"
ACTIVE = "v=0\r\na=setup:active\r\nm=audio 9 x 0\r\na=setup:active\r\n"
PASSIVE = ACTIVE.replace("active", "passive")
OFFER = ACTIVE.replace("active", "actpass")


def sources(call: str, *sections: dict[str, Any]) -> dict[str, Any]:
    source = {"type": "answer", "sections": sections}
    step = {"peer": "A", "do": [{"call": call, "description": source}]}
    description: dict[str, Any] = prepared(with_steps(step)).program["steps"][0]["do"][0][
        "description"
    ]
    return description


def test_sections_without_a_mid_are_to_be_fitted() -> None:
    some = sources("setRemoteDescription", {"kind": "audio"}, {"kind": "video", "mid": "v"})
    assert some["fit"] == (0,)
    assert sources("setRemoteDescription", {"kind": "audio", "mid": "a"})["fit"] == ()


def test_local_descriptions_are_as_the_program_says() -> None:
    assert "fit" not in sources("setLocalDescription", {"kind": "audio"})


ROLES = pytest.mark.parametrize(
    ("ours", "theirs", "text"),
    [
        ("", "", ACTIVE),
        ("", OFFER, ACTIVE),
        (OFFER, ACTIVE, PASSIVE),
        (OFFER, PASSIVE, ACTIVE),
        (PASSIVE, OFFER, PASSIVE),
        (ACTIVE, OFFER, ACTIVE),
    ],
)


@ROLES
def test_an_answer_keeps_its_role_in_an_adapter(ours: str, theirs: str, text: str) -> None:
    assert with_role(ACTIVE, ours, theirs) == text


@pytest.mark.skipif(NODE is None, reason="node is not here: the page's scripts are not run")
@ROLES
def test_an_answer_keeps_its_role(ours: str, theirs: str, text: str) -> None:
    program = (
        f"import {{withRole}} from {json.dumps(SCRIPT.as_uri())};"
        f"console.log(JSON.stringify(withRole(...{json.dumps([ACTIVE, ours, theirs])})));"
    )
    done = subprocess.run(
        [str(NODE), "--no-warnings", "--input-type=module", "-e", program],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == text

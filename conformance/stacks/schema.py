"""The JSON Schema of the recorder protocol, from the types; schema.json beside this file is it.

Run `python -m negotiation.conformance.stacks.schema` to write schema.json anew. The schema tells
what a message by itself may be; what the rules ask of a conversation, `trials` finds out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from ..programs.language import Program
from ..traces.format import LONGEST_LINE
from ..traces.schema import DIALECT, tidied
from .wire import Command, Message, Order

FILE = Path(__file__).with_name("schema.json")


def schema() -> dict[str, Any]:
    """The schema of one message: what a recorder says, or what it is told."""
    (said, *_), types = msgspec.json.schema_components(
        [Message, Order, Command, Program], ref_template="#/$defs/{name}"
    )
    ways = ({"required": [name]} for name in ("step", "message", "end"))
    types["Command"]["oneOf"] = list(ways)
    types["Order"]["properties"]["program"] = {"$ref": "#/$defs/Program"}
    types["Said"] = {"description": "What a recorder says.", "oneOf": said["anyOf"]}
    return {
        "$schema": DIALECT,
        "title": "A message of the recorder protocol",
        "description": (
            "A recorder says `Said`, and is told `Order`, and `Command` within a conducted "
            "program. Over standard input and output each is "
            f"one line of at most {LONGEST_LINE} bytes. Members that are not described are ignored."
        ),
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ("Said", "Order", "Command")],
        "$defs": {name: tidied(types[name]) for name in sorted(types)},
    }


def schema_text() -> str:
    """The text of schema.json."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")

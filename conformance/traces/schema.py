"""The JSON Schema of a trace's lines, made from the types; schema.json beside this file is it.

Run `python -m negotiation.conformance.traces.schema` to write schema.json anew. The schema tells
what a line by itself may be; what lines may not contradict each other in is the reader's business.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import msgspec

from .format import FORMAT, LONGEST_LINE, VERSION, Line

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = Path(__file__).with_name("schema.json")


def schema() -> dict[str, Any]:
    """The schema of one line: one of the kinds, each with the docstring of its type."""
    (line,), types = msgspec.json.schema_components([Line], ref_template="#/$defs/{name}")
    types["Header"]["properties"]["version"] = {"const": VERSION}
    types["Header"]["properties"]["peers"]["minProperties"] = 1
    return {
        "$schema": DIALECT,
        "title": f"A line of a {FORMAT}, version {VERSION}",
        "description": (
            "The first line is the header. Members that are not described are ignored. "
            f"A line has at most {LONGEST_LINE} bytes, and no name twice in one object. "
            "Integers are written without a fraction or an exponent."
        ),
        # The kinds exclude each other. (msgspec's "discriminator" is OpenAPI's, not JSON Schema's.)
        "oneOf": line["anyOf"],
        "$defs": {name: tidied(types[name]) for name in sorted(types)},
    }


def schema_text() -> str:
    """The text of schema.json."""
    return json.dumps(schema(), indent=2) + "\n"


def tidied(part: Any) -> Any:
    """A part of a schema, with tidy docstrings, and single choices as constants."""
    if isinstance(part, list):
        return [tidied(item) for item in part]
    if not isinstance(part, dict):
        return part
    tidy = {name: tidied(value) for name, value in part.items()}
    if isinstance(tidy.get("description"), str):
        tidy["description"] = inspect.cleandoc(tidy["description"])
    match tidy.get("enum"):
        case [only]:
            return {"const": only}
    return tidy


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")

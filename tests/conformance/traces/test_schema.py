from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from negotiation.conformance.traces import format as told
from negotiation.conformance.traces.schema import FILE, schema, schema_text

jsonschema = pytest.importorskip("jsonschema")

README = Path(__file__).parents[3] / "traces" / "README.md"
BLOCKS = re.findall(r"```jsonl\n(.*?)```", README.read_text("utf-8"), re.S)
EXAMPLES = [json.loads(line) for block in BLOCKS for line in block.splitlines()]


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft202012Validator(schema())


def test_the_committed_schema_is_the_one_the_types_make() -> None:
    regenerate = "run: python -m negotiation.conformance.traces.schema"
    assert FILE.read_text("utf-8") == schema_text(), regenerate


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_kind_is_described() -> None:
    kinds = get_args(told.Line)
    assert schema()["oneOf"] == [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds]
    for name, definition in schema()["$defs"].items():
        assert definition["description"], name
        assert "\n  " not in definition["description"], name


@pytest.mark.parametrize("line", EXAMPLES, ids=lambda line: f"{line['kind']}-{line.get('n', '')}")
def test_the_examples_of_the_readme_are_valid(line: dict[str, Any], validator: Any) -> None:
    validator.validate(line)
    validator.validate({**line, "a member of a later version": 1})


@pytest.mark.parametrize("line", EXAMPLES, ids=lambda line: f"{line['kind']}-{line.get('n', '')}")
def test_an_example_without_one_of_its_required_members_is_not(
    line: dict[str, Any], validator: Any
) -> None:
    definition = next(
        definition
        for definition in schema()["$defs"].values()
        if definition["properties"].get("kind") == {"const": line["kind"]}
    )
    for name in definition["required"]:
        without = copy.deepcopy(line)
        del without[name]
        assert not validator.is_valid(without), name


@pytest.mark.parametrize(
    "line",
    [
        {},
        [],
        {"kind": "unknown"},
        {"kind": "mark", "n": "1", "t": 0, "peer": "A", "text": ""},
        {"kind": "mark", "n": 1.5, "t": 0, "peer": "A", "text": ""},
        {"kind": "mark", "n": 1, "t": None, "peer": "A", "text": ""},
        {**EXAMPLES[0], "version": 2},
        {**EXAMPLES[0], "format": "har"},
        {**EXAMPLES[0], "peers": {}},
    ],
    ids=str,
)
def test_what_is_no_line(line: Any, validator: Any) -> None:
    assert not validator.is_valid(line)


def test_the_readme_names_every_field() -> None:
    """A field that is added to the types must be documented."""
    text = README.read_text("utf-8")
    names = {name for part in schema()["$defs"].values() for name in part["properties"]}
    assert {name for name in names if not re.search(rf"[`\"]{name}[`\"]", text)} == set()


def test_the_readme_and_the_programs_have_the_same_methods() -> None:
    programs = README.parents[1] / "docs" / "programs.md"
    tables = [re.findall(r"^\| (`[a-z].*?) \| (.*) \|$", file.read_text("utf-8"), re.M)
              for file in (programs, README)]  # fmt: skip
    methods = [{name for names, _ in table for name in re.findall(r"`(\w+)`", names)}
               for table in tables]  # fmt: skip
    assert "createOffer" in methods[0]
    assert methods[0] <= methods[1]

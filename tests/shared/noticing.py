"""Whether a parametrized test fails when the specification, or something else, is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from unittest.mock import patch

import pytest

from negotiation.model import Specification

Test = Callable[..., None]


@cache
def module_at(path: Path) -> ModuleType:
    """A module of tests, as a copy of its own."""
    found = spec_from_file_location(f"{path.stem}_noticing", path)
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_named(path: Path, name: str) -> FunctionType:
    """The test of this name of the module at a path."""
    test = getattr(module_at(path), name)
    assert isinstance(test, FunctionType)
    return test


test_named.__test__ = False  # type: ignore[attr-defined]


def cases_of(test: Test) -> Iterator[dict[str, Any]]:
    """The arguments of each case of a test: what its `parametrize` marks multiply to."""
    marks: list[pytest.Mark] = getattr(test, "pytestmark", [])
    each = [list(_rows_of(mark)) for mark in marks if mark.name == "parametrize"]
    for rows in product(*each):
        yield {name: value for row in rows for name, value in row.items()}


def _rows_of(mark: pytest.Mark) -> Iterator[dict[str, Any]]:
    names, values = mark.args[0], mark.args[1]
    if isinstance(names, str):
        yield from ({names: value} for value in values)
    else:
        yield from (dict(zip(names, value, strict=True)) for value in values)


def fails(test: Test) -> bool:
    """Whether any case of the test fails by an assertion; whatever else it raises is an error."""
    try:
        for case in cases_of(test):
            test(**case)
    except AssertionError:
        return True
    return False


def notices(test: FunctionType, broken: type[Specification]) -> bool:
    """Whether the test fails when its module's `Specification` is the broken one."""
    with patch.dict(test.__globals__, {"Specification": broken}):
        return fails(test)

"""Names of variables, from the names of programs."""

from __future__ import annotations

import re
from collections.abc import Container


def camel(wanted: str, reserved: Container[str]) -> str:
    """`camelCase`, as JavaScript has it."""
    words = re.findall(r"[A-Za-z0-9]+", wanted) or ["it"]
    first, *rest = words
    name = first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in rest)
    return _free(name, reserved)


def snake(wanted: str, reserved: Container[str]) -> str:
    """`snake_case`, as Python has it."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wanted)
    words = re.findall(r"[A-Za-z0-9]+", apart) or ["it"]
    return _free("_".join(words).lower(), reserved)


def _free(name: str, reserved: Container[str]) -> str:
    name = f"a{name}" if name[0].isdigit() else name
    return f"{name}_" if name in reserved else name

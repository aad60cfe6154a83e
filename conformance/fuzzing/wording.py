"""A program in words, as short as an application's code: for reports, and never run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from ..programs.language import DescriptionSource, Do, Program, SectionText

LONGEST_TEXT = 40


def in_words(program: Program) -> list[str]:
    """A line for each handler and each step."""
    several = len(program.peers) > 1
    return [*_handlers(program, several=several), *_steps(program, several=several)]


def _handlers(program: Program, *, several: bool) -> Iterator[str]:
    for one in program.handlers:
        who = f"{one.peer}.on" if several else "on"
        often = "" if one.times == 1 else f" ({one.times} times)"
        how = "" if one.via == "property" else ", a listener"
        yield f"{who}{one.event}{how}{often}: {script_in_words(one.do)}"


def _steps(program: Program, *, several: bool) -> Iterator[str]:
    for one in program.steps:
        if one.settle:
            yield "(nothing more happens)"
        else:
            who = f"{one.peer}: " if several else ""
            yield f"{who}{script_in_words(one.do)}"


def script_in_words(script: tuple[Do, ...]) -> str:
    """What is done in one task, or in a handler."""
    return "; ".join(map(item_in_words, script))


def item_in_words(item: Do) -> str:
    """One thing that is done."""
    condition = f"if ({' && '.join(item.when)}) " if item.when else ""
    return condition + _done(item)


def _done(item: Do) -> str:
    if item.send is not None:
        return f"send {item.send} ({_source(item.description)})"
    if item.receive is not None:
        return f"receive {item.receive}"
    if item.collect:
        return "collect garbage"
    if item.set is not None:
        return f"{item.set} = {_value(item)}"
    if item.call is None:
        told = msgspec.to_builtins(item)
        return json.dumps(told)
    name = f"{item.name} = " if item.name is not None else ""
    wait = "await " if item.wait else ""
    return f"{name}{wait}{_call(item)}"


def _value(item: Do) -> str:
    """What a flag is set to: whether one of the lists of conditions holds."""
    told = " || ".join(" && ".join(one) or "true" for one in item.to)
    return told or "false"


def _call(item: Do) -> str:
    args = dict(item.args)
    about = args.pop("transceiver", None)
    target = f"{about}." if about is not None else ""
    if item.call == "direction":
        return f'{target}direction = "{args["direction"]}"'
    told = [json.dumps(args.pop(name)) for name in ("kind", "track", "label") if name in args]
    told = [_shortened(one) for one in told]
    told += [_members(args)] if args else []
    told += [_source(item.description)] if item.description is not None else []
    return f"{target}{item.call}({', '.join(told)})"


def _members(args: dict[str, Any]) -> str:
    # The one dictionary of options, candidates and the like needs no name.
    value = next(iter(args.values())) if len(args) == 1 else None
    return _shortened(json.dumps(value if isinstance(value, dict) else args))


def _source(source: DescriptionSource | None) -> str:
    if source is None:
        return ""
    origin = _origin(source)
    told = [one for one in (source.type if origin != source.type else None, origin) if one]
    told += [f"edited: {_edit(one)}" for one in source.edits]
    return ", ".join(told)


def _origin(source: DescriptionSource) -> str:
    if source.of is not None:
        return f"{source.of[0]}.{source.of[1]}"
    if source.result is not None:
        return source.result
    if source.message is not None:
        return f"message {source.message}"
    if source.sections is not None:
        return f"[{', '.join(map(_section, source.sections))}]"
    if source.sdp is not None:
        return _shortened(json.dumps(source.sdp))
    return source.type or ""


def _section(section: SectionText) -> str:
    mid = "" if section.mid is None else f" mid {section.mid}"
    way = "rejected" if section.rejected else section.direction
    streams = f" in {' '.join(section.msids)}" if section.msids else ""
    return f"{section.kind}{mid} {way}{streams}"


def _edit(edit: Any) -> str:
    told = {name: value for name, value in msgspec.to_builtins(edit).items() if value is not None}
    return ", ".join(f"{name} {value}" for name, value in told.items())


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_TEXT * 3:
        return text
    return f"{text[:LONGEST_TEXT]}... ({len(text)} characters)"

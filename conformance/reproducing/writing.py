"""Straight code for a program: what its steps and handlers do, said in a language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from negotiation.conformance.errors import UsageError
from negotiation.conformance.programs.language import Do, Handler, Step
from negotiation.conformance.traces import format

from .describing import LAST, Descriptions
from .languages import Given, Language, Lines
from .sites import Site
from .subjects import Subject
from .transceivers import Transceivers
from .witnesses import Count, Outcome, Reading
from .wording import PROMISING

_PEER = re.compile(r"[A-Za-z]\w*")
_EVENTS = frozenset({"message", "negotiationneeded", "signalingstatechange", "track"})


class Code(msgspec.Struct, frozen=True):
    """The parts of a script: what is made first, then what is done."""

    opening: Lines
    body: Lines


def code_of(subject: Subject, language: Language) -> Code:
    """The code for the subject's program.

    Raises:
        UsageError: the program uses something that cannot be written; the message names it.
    """
    return _Writer(subject, language).code()


class _Writer:
    def __init__(self, subject: Subject, language: Language) -> None:
        self.subject = subject
        self.program = subject.program
        self.language = language
        self.wording = subject.wording
        self.sites = subject.sites
        alone = len(self.program.peers) == 1
        self.connections = {
            peer: "pc" if alone else language.name(peer.lower()) for peer in self.program.peers
        }
        self.calls = {
            one.id: one for _, one in subject.trace.observations if isinstance(one, format.Call)
        }
        self.thrown = {
            one.call for _, one in subject.trace.observations if isinstance(one, format.Throw)
        }
        self.descriptions = Descriptions(subject, language, self.connections)
        self.transceivers = Transceivers(subject.trace)
        self.assigned = Counter(self._assigned())
        self.in_handlers = set(self._assigned_in_handlers())
        self.outer: list[str] = []
        self.declared: set[str] = set()
        self.last_needed = set(self._last_needed())
        self.lets_go = any(item.drops for _, item in self._all_items())
        self.delivers = any(item.deliver for _, item in self._all_items())

    # What is there.

    def _all_items(self) -> Iterator[tuple[str, Do]]:
        for handler in self.program.handlers:
            yield from ((handler.peer, item) for item in handler.do)
        for step in self.program.steps:
            yield from ((step.peer or "", item) for item in step.do)

    def _assigned(self) -> Iterator[str]:
        for peer, item in self._all_items():
            yield from self._names_set(peer, item)

    def _assigned_in_handlers(self) -> Iterator[str]:
        for handler in self.program.handlers:
            for item in handler.do:
                yield from self._names_set(handler.peer, item)

    def _names_set(self, peer: str, item: Do) -> Iterator[str]:
        name = self.language.name
        if item.name is not None:
            yield name(item.name)
        if item.send is not None and "*" not in item.send:
            yield name(item.send)
        if item.set is not None:
            yield self._flag(peer, item.set)

    def _last_needed(self) -> Iterator[tuple[str, str]]:
        for _, item in self._all_items():
            source = item.description
            if source is not None and source.of is not None and source.of[1] in LAST:
                yield source.of[0], source.of[1]

    def _flag(self, peer: str, flag: str) -> str:
        alone = len(self.program.peers) == 1
        return self.language.name(flag if alone else f"{peer.lower()} {flag}")

    # The whole.

    def code(self) -> Code:
        """The code; names that would be no names in it are refused."""
        for peer in self.program.peers:
            if not _PEER.fullmatch(peer):
                raise _cannot(f"a peer called {peer!r}")
        for handler in self.program.handlers:
            if handler.event not in _EVENTS:
                raise _cannot(f"a handler of {handler.event!r}")
        handlers = [
            line
            for number, handler in enumerate(self.program.handlers)
            for line in self._handler(number, handler)
        ]
        steps = list(self._steps())
        return Code(self._opening(), [*handlers, *steps])

    def _opening(self) -> Lines:
        language = self.language
        lines = [
            language.constant(name, language.text(text))
            for text, name in self.descriptions.texts.items()
        ]
        for name in sorted(self._media()):
            kind, _, _ = name.partition(":")
            made = language.track(kind) if ":" in name else language.stream()
            lines.append(language.constant(self._medium(name), made))
        for connection in self.connections.values():
            if self.lets_go:
                lines += language.variables([connection], language.connection())
            else:
                lines.append(language.constant(connection, language.connection()))
        for peer in self.connections:
            lines += self._watched(peer)
        if self.delivers:
            lines += [language.constant(self._queue(peer), "[]") for peer in self.program.peers]
        return lines + language.variables(list(dict.fromkeys(self.outer)))

    def _watched(self, peer: str) -> Lines:
        """Events that the recording has, and the one that the verdict is about."""
        needed = msgspec.json.encode(self.subject.witness).decode()
        there = {
            one.name
            for line, one in self.subject.trace.observations
            if isinstance(one, format.Event) and one.peer == peer
        }
        prefix = self.wording.said(peer, "")
        return [
            line
            for event in ("signalingstatechange", "negotiationneeded", "track")
            if event in needed or event in there
            for line in self.language.watch(
                self.connections[peer], event, prefix, self._stream_names()
            )
        ]

    def _stream_names(self) -> dict[str, str] | None:
        """The program's names of its streams, by variable, where track events tell streams."""
        if not self.wording.streams:
            return None
        return {self._medium(name): name for name in sorted(self._media()) if ":" not in name}

    def _media(self) -> set[str]:
        used: set[str] = set()
        for _, item in self._all_items():
            track = item.args.get("track")
            used |= {track} if isinstance(track, str) else set()
            used |= set(item.args.get("streams") or ())
        return used

    def _medium(self, name: str) -> str:
        kind, colon, own = name.partition(":")
        return self.language.name(f"{kind} track {own}" if colon else f"stream {name}")

    def _queue(self, peer: str) -> str:
        return self.language.name(f"to {peer}")

    def _receiver(self, peer: str) -> str:
        return self.language.name(f"received by {peer}")

    # Steps and handlers.

    def _steps(self) -> Iterator[str]:
        is_fresh = True
        settled = 0
        for number, step in enumerate(self.program.steps):
            lines = [self.language.quiet()] if step.settle else list(self._step(number, step))
            if lines and not step.settle and not is_fresh:
                yield self.language.new_task()
            yield from lines
            if step.settle:
                settled += 1
                yield from self._captured(settled)
            is_fresh = step.settle or (is_fresh and not lines)

    def _step(self, number: int, step: Step) -> Iterator[str]:
        if any(item.end for item in step.do):
            raise _cannot("a step that `end`s before its end")
        for index, item in enumerate(step.do):
            yield from self._item(("step", number, index), step.peer or "", item, in_handler=False)

    def _handler(self, number: int, handler: Handler) -> Lines:
        language = self.language
        body = [
            line
            for index, item in enumerate(handler.do)
            for line in self._item(("handler", number, index), handler.peer, item, in_handler=True)
        ]
        if not body:
            return []
        waits = any(item.wait and item.call is not None for item in handler.do)
        names = {name for item in handler.do for name in self._names_set(handler.peer, item)}
        reached = sorted(names & set(self.outer))
        if handler.event == "message":
            return language.receiver(self._receiver(handler.peer), body, waits, reached)
        body = [*language.reaches_out(reached), *body]
        connection = self.connections[handler.peer]
        named = language.name(f"on {handler.event} {number + 1}")
        return language.handler(
            connection,
            handler.event,
            body,
            via=handler.via,
            times=handler.times,
            waits=waits,
            name=named,
            hands_over=self.lets_go,
        )

    # Items.

    def _item(self, site: Site, peer: str, item: Do, *, in_handler: bool) -> Iterator[str]:
        made = self.sites.calls_at(site)
        if site in self.sites.skipped and not made:
            return
        lines = list(self._does(site, peer, item, in_handler=in_handler or bool(item.when)))
        if item.when and lines:
            lines = self.language.only_if(self._condition(peer, item.when), lines)
        yield from lines

    def _does(self, site: Site, peer: str, item: Do, *, in_handler: bool) -> Iterator[str]:
        language = self.language
        if item.set is not None:
            flag = self._flag(peer, item.set)
            self._declare(flag)
            yield language.assignment(flag, self._flag_value(peer, item))
        if item.send is not None:
            yield from self._send(peer, item, in_handler=in_handler)
        if item.deliver:
            yield from language.deliver(self._queue(peer), self._receiver(peer))
        if item.collect:
            yield from self._collect(peer, item)
        if item.call is not None:
            yield from self._call(site, peer, item, in_handler=in_handler)
        if item.end:
            yield language.leave()

    def _collect(self, peer: str, item: Do) -> Iterator[str]:
        if not item.drops:
            yield self.language.collect()
            return
        if isinstance(self.subject.witness, Reading) or not self.language.lets_go:
            raise _cannot(f"that {peer}'s connection is let go while something refers to it")
        yield self.language.assignment(self.connections[peer], "null")
        yield self.language.collect()

    def _flag_value(self, peer: str, item: Do) -> str:
        if not item.to:
            return self.language.literal(False)
        if () in item.to:
            return self.language.literal(True)
        return self.language.any_of([self._condition(peer, one) for one in item.to])

    def _condition(self, peer: str, conditions: Iterable[str]) -> str:
        flags = {}
        for one in conditions:
            flag = one.removeprefix("!")
            if ":" not in flag:
                flags[flag] = self._flag(peer, flag)
                self._declare(flags[flag])
        return self.language.condition(list(conditions), self.connections[peer], flags)

    def _declare(self, name: str) -> None:
        self.outer.append(name)

    def _set(self, name: str, value: str, *, in_handler: bool) -> str:
        """A variable's value: a constant, where it has one only."""
        once = self.assigned[name] <= 1 and name not in self.in_handlers and not in_handler
        if once and name not in self.declared:
            self.declared.add(name)
            return self.language.constant(name, value)
        self._declare(name)
        return self.language.assignment(name, value)

    def _send(self, peer: str, item: Do, *, in_handler: bool) -> Iterator[str]:
        assert item.send is not None
        if item.description is None:
            return
        described = self.descriptions.of(item.description, item, None)
        if "*" in item.send or self.delivers:
            others = [one for one in self.program.peers if one != peer]
            name = described
            if "*" not in item.send:
                name = self.language.name(item.send)
                yield self._set(name, described, in_handler=in_handler)
            yield from (self.language.push(self._queue(one), name) for one in others)
        else:
            yield self._set(self.language.name(item.send), described, in_handler=in_handler)

    # Calls.

    def _call(self, site: Site, peer: str, item: Do, *, in_handler: bool) -> Iterator[str]:
        assert item.call is not None
        language, label = self.language, self.wording.labels[site]
        made = self.sites.calls_at(site)
        call = language.call(self.connections[peer], item.call, self._given(site, peer, item))
        witness = self.subject.witness
        if isinstance(witness, Count) and witness.until.text == f"calling {label}":
            yield language.note(f"calling {label}")
        threw = any(one in self.thrown for one in made)
        if item.call in PROMISING and not threw:
            yield from self._promise(label, call, peer, item, in_handler=in_handler)
            return
        named = _mentions(witness, label)
        call = language.tried(label, call) if threw or named else call
        yield from self._plain(site, call, in_handler=in_handler)

    def _plain(self, site: Site, call: str, *, in_handler: bool) -> Iterator[str]:
        name = self._kept(site)
        if name is not None and not in_handler:
            self.declared.add(name)
            yield self.language.constant(name, call)
        else:
            yield self.language.statement(call)

    def _promise(
        self, label: str, call: str, peer: str, item: Do, *, in_handler: bool
    ) -> Iterator[str]:
        language = self.language
        if _mentions(self.subject.witness, f"{label}: returned", whole=True):
            pending = language.name(f"pending {item.call}")
            yield language.constant(pending, language.logged(label, call, wait=False))
            yield language.note(f"{label}: returned")
            if item.wait and item.name is not None:
                waited = language.awaited(pending)
                yield self._set(language.name(item.name), waited, in_handler=in_handler)
            elif item.wait:
                yield language.statement(language.awaited(pending))
            return
        told = language.logged(label, call, wait=item.wait)
        last = next((one for one, method in LAST.items() if method == item.call), None)
        if item.name is not None:
            yield self._result(language.name(item.name), told, label, call, item, in_handler)
        elif last is not None and (peer, last) in self.last_needed:
            yield self._result(self.descriptions.last(peer, last), told, label, call, item, True)
        else:
            yield language.statement(told)

    def _result(
        self, name: str, told: str, label: str, call: str, item: Do, in_handler: bool
    ) -> str:
        """The value of a promise in a variable; it is there once it has settled."""
        if item.wait:
            return self._set(name, told, in_handler=in_handler)
        self._declare(name)
        kept = self.language.kept(name, told)
        if kept is None:
            raise _cannot(f"the result of {item.call}, which nothing awaits, is used")
        return kept

    def _kept(self, site: Site) -> str | None:
        """The variable for what addTransceiver returns here, if one is needed."""
        for call in self.sites.calls_at(site):
            named = self.transceivers.returned_by(call)
            if named in self.transceivers.unlisted:
                return self._transceiver_name(*named)
        return None

    def _transceiver_name(self, peer: str, name: str) -> str:
        alone = len(self.program.peers) == 1
        return self.language.name(name if alone else f"{peer.lower()} {name}")

    def _captured(self, settled: int) -> Iterator[str]:
        """Transceivers that are gone when they are used, from where they are still listed."""
        for (peer, name), (when, index) in self.transceivers.last_listed.items():
            variable = self._transceiver_name(peer, name)
            if when == settled and variable not in self.declared:
                self.declared.add(variable)
                listed = self.language.transceiver(self.connections[peer], index)
                yield self.language.constant(variable, listed)

    def _transceiver(self, site: Site, peer: str, name: str) -> str:
        variable = self._transceiver_name(peer, name)
        if (peer, name) in self.transceivers.unlisted and variable in self.declared:
            return variable
        made = self.sites.calls_at(site)
        index = int(name.removeprefix("t")) - 1
        if made:
            index = self.transceivers.index_at(made[0], name)
        if index < 0:
            raise _cannot(f"{name}, which is not in getTransceivers() when it is used")
        return self.language.transceiver(self.connections[peer], index)

    def _given(self, site: Site, peer: str, item: Do) -> Given:
        given = Given(item.args)
        if given.get("transceiver"):
            given["transceiver"] = self._transceiver(site, peer, given["transceiver"])
        if given.get("track"):
            given["track"] = self._medium(given["track"])
        if "streams" in given:
            given["streams"] = [self._medium(one) for one in given["streams"]]
        if item.description is not None:
            given["description"] = self.descriptions.of(item.description, item, site)
        return given


def _mentions(witness: Any, label: str, *, whole: bool = False) -> bool:
    """Whether the verdict is about a line of this call."""
    match witness:
        case Outcome():
            texts = [witness.call.text]
        case Count():
            texts = [witness.text, witness.until.text]
        case Reading():
            texts = [witness.when.text]
        case _:
            texts = []
    return label in texts if whole else any(re.match(rf"{re.escape(label)} ", t) for t in texts)


def _cannot(what: str) -> UsageError:
    return UsageError(
        f"reproduce cannot write {what}; "
        "write the program by hand, or shorten it so that it does without"
    )

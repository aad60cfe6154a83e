"""What a script does, item by item: descriptions, calls, messages, conditions and flags."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any

from .peers import Fields, MissingError, Peer, Run, text_of, value_of
from .texts import NoSuchSectionError, edited, with_mids_of, with_role

Call = Callable[[Peer, Fields, "Running"], Any]
"""Makes and records a call; gives what to wait for, None if there is nothing."""


class Running:
    """What a script knows while it runs: the message that was delivered to it, how its last await
    ended, and whether its step was given up."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message
        self.rejected = False
        self.abandoned = False


def _found(value: Any, what: str) -> Any:
    if value is None:
        raise MissingError(what)
    return value


def _description(peer: Peer, source: Fields, script: Running) -> Fields:
    """The description that a source means: type and sdp, each only if there is one."""
    origin = _origin(peer.run, source, script)
    made: Fields = {}
    kind = source.get("type") or origin.get("type")
    if kind:
        made["type"] = kind
    if isinstance(origin.get("sdp"), str):
        fitting = _fitted(peer, source, origin["sdp"])
        made["sdp"] = edited(fitting, source.get("edits", ()))
    return made


def _fitted(peer: Peer, source: Fields, text: str) -> str:
    """An invented text with the mids and the role that there are; see `DescriptionSource`."""
    if not source.get("fit"):
        return text

    def sdp_of(name: str) -> str:
        description = peer.run.stack.description(peer.connection, name)
        return "" if description is None else str(description.sdp)

    is_answer = source.get("type") in ("answer", "pranswer")
    known = sdp_of("localDescription" if is_answer else "currentRemoteDescription")
    fitting = with_mids_of(text, known, source["fit"])
    if not is_answer:
        return fitting
    return with_role(fitting, sdp_of("currentRemoteDescription"), sdp_of("currentLocalDescription"))


def _origin(run: Run, source: Fields, script: Running) -> Fields:
    if source.get("result"):
        named = source["result"]
        result: Fields = _found(run.results.get(named), f"nothing resolved as {named}")
        return result
    if source.get("message"):
        return _of_message(run, source["message"], script)
    if source.get("of"):
        return _of_peer(run, *source["of"])
    return {"sdp": source["sdp"]} if isinstance(source.get("sdp"), str) else {}


def _of_message(run: Run, named: str, script: Running) -> Fields:
    name = script.message if named == "*" else named
    message = _found(run.messages.get(str(name)), f"{named} was never sent")
    described: Fields = _found(message["description"], f"{named} has no description")
    return described


def _of_peer(run: Run, name: str, attribute: str) -> Fields:
    peer: Peer = _found(run.peers.get(name), f"there is no peer {name}")
    kept = {"lastOffer": peer.last_offer, "lastAnswer": peer.last_answer}
    is_kept = attribute in kept
    read = kept[attribute] if is_kept else run.stack.description(peer.connection, attribute)
    described: Fields = _found(text_of(read), f"{name} has no {attribute}")
    return described


def _given(peer: Peer, item: Fields, script: Running) -> Fields:
    """The arguments as objects, for the call itself."""
    media = peer.run.media
    values = dict(item.get("args", {}))
    if values.get("transceiver"):
        values["transceiver"] = peer.transceiver(values["transceiver"])
    if values.get("track"):
        values["track"] = _found(media.track(values["track"]), "there is no such track")
    if values.get("streams"):
        values["streams"] = [media.stream(name) for name in values["streams"]]
    if isinstance(values.get("configuration"), dict):
        # What the connection was made with stays; the recording tells the whole configuration.
        values["configuration"] = {**peer.run.stack.configuration, **values["configuration"]}
    if item.get("description") is not None:
        values["description"] = _description(peer, item["description"], script)
    return values


def _resolved_with(peer: Peer, method: str, value: Any) -> Fields | None:
    if method == "setLocalDescription":
        return text_of(peer.connection.localDescription)
    if method == "createOffer":
        peer.last_offer = value
        return peer.last_offer
    if method == "createAnswer":
        peer.last_answer = value
        return peer.last_answer
    return None


def _failure(run: Run, error: BaseException) -> Fields:
    return {"error": run.stack.error_name(error), "message": str(error) or None}


def _value_of(peer: Peer, method: str, value: Any) -> str | None:
    """The transceiver that a call made or took into use, by name."""
    if method not in ("addTransceiver", "addTrack"):
        return None
    if method == "addTransceiver":
        return peer.name_of(value)
    return next((name for name, one in peer.names.items() if one.sender is value), None)


def make_call(peer: Peer, item: Fields, script: Running) -> tuple[int, Any] | None:
    """Records a call and makes it; gives its number and what it returned, None if it threw.

    The return is still to be recorded, with `returned`, at once or when the call is under way.
    """
    run, method = peer.run, item["call"]
    make = run.stack.methods[method]
    _found(peer.connection, "the connection is no more")
    values = _given(peer, item, script)
    run.calls += 1
    call = run.calls
    args = dict(item.get("args", {}))
    args.update({name: values[name] for name in ("description", "configuration") if name in values})
    peer.did("call", id=call, method=method, args=args)
    try:
        return call, make(peer.connection, values)
    except Exception as error:
        peer.saw("throw", call=call, **_failure(run, error))
        return None


def returned(peer: Peer, item: Fields, call: int, value: Any) -> None:
    """Records that a call has returned."""
    peer.saw("return", lambda: {"value": _value_of(peer, item["call"], value)}, call=call)


def settled(peer: Peer, item: Fields, call: int, value: Any) -> None:
    """Records that a call was fulfilled, with this value, and keeps what it is named."""
    method = item["call"]
    peer.pending.pop(call, None)
    if method in ("createOffer", "createAnswer"):
        value = text_of(value)
    if item.get("as"):
        peer.run.results[item["as"]] = value
    peer.saw("resolve", call=call, description=_resolved_with(peer, method, value))


def rejected(peer: Peer, call: int, error: BaseException) -> None:
    """Records that a call was rejected."""
    peer.pending.pop(call, None)
    peer.saw("reject", call=call, **_failure(peer.run, error))


def _send(peer: Peer, item: Fields, script: Running) -> None:
    source = item.get("description")
    described = None if source is None else _description(peer, source, script)
    peer.sent += 1
    message = item["send"].replace("*", str(peer.sent), 1)
    peer.run.messages[message] = {"description": described}
    peer.run.sent.append((peer, message))
    peer.did("send", message=message, description=described)


def _receive(peer: Peer, item: Fields, script: Running) -> None:
    message = script.message if item["receive"] == "*" else item["receive"]
    _found(peer.run.messages.get(str(message)), f"{item['receive']} was never sent")
    peer.did("receive", message=message)


def _deliver(peer: Peer) -> None:
    """The oldest message of the others arrives: the handler runs now, as far as it can."""
    others = [message for by, message in peer.run.sent if by is not peer]
    if peer.delivered >= len(others):
        raise MissingError("no message is under way")
    peer.delivered += 1
    if peer.onmessage is not None:
        peer.onmessage(others[peer.delivered - 1])


def _collect(peer: Peer, item: Fields) -> None:
    """Collects garbage; what was let go may be no more then."""
    if item.get("drops"):
        peer.let_go()
    gc.collect()


def _holds(peer: Peer, script: Running, condition: str) -> bool:
    """Whether a condition of an application holds now; see `Do` in the program language."""
    if condition.startswith("!"):
        return not _holds(peer, script, condition[1:])
    what, colon, value = condition.partition(":")
    if not colon:
        return condition in peer.flags
    if what == "state":
        return bool(value_of(peer.connection.signalingState) == value)
    if what == "type":
        message = peer.run.messages.get(str(script.message), {})
        return (message.get("description") or {}).get("type") == value
    return script.rejected


def all_hold(peer: Peer, script: Running, conditions: Sequence[str]) -> bool:
    """Whether all conditions of an application hold now."""
    return all(_holds(peer, script, each) for each in conditions)


def _set_flag(peer: Peer, script: Running, item: Fields) -> None:
    if any(all_hold(peer, script, each) for each in item.get("to", [[]])):
        peer.flags.add(item["set"])
    else:
        peer.flags.discard(item["set"])


def _name_of(item: Fields) -> str:
    if item.get("call"):
        return str(item["call"])
    if item.get("send"):
        return f"send {item['send']}"
    return f"receive {item['receive']}" if item.get("receive") else "deliver"


def perform(peer: Peer, item: Fields, script: Running, call: Call) -> Any:
    """Does one item of a script; gives what to wait for, None if there is nothing.

    What cannot be done is remarked, never guessed.
    """
    try:
        if item.get("mark"):
            peer.did("mark", text=item["mark"])
        if item.get("set"):
            _set_flag(peer, script, item)
        if item.get("send"):
            _send(peer, item, script)
        if item.get("receive"):
            _receive(peer, item, script)
        if item.get("deliver"):
            _deliver(peer)
        if item.get("collect"):
            _collect(peer, item)
        return call(peer, item, script) if item.get("call") else None
    except (MissingError, NoSuchSectionError) as error:
        peer.did("mark", text=f"skipped {_name_of(item)}: {error}")
        return None


def calls_of(program: Fields) -> list[Fields]:
    """The items of a program that are calls."""
    lists = [each.get("do", []) for each in [*program["steps"], *program.get("handlers", [])]]
    return [item for items in lists for item in items if item.get("call")]

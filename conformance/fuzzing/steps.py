"""The steps of generated programs: what an application would do next, and what it should not.

Each function gives the list of things to do in one task, made of the peer's place on the model and
of a pick. `Peers` says what a peer can know of the other one: of one in another stack only what
messages tell.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from negotiation.model import SignalingState

from ..programs.language import DescriptionSource, Do, Handler
from ..programs.runs import PeerRun
from ..stacks.preparing import ATTRIBUTES
from . import vocabulary
from .guide import Guide
from .picking import Pick
from .vocabulary import ANSWERS, ROLLBACK, TYPES, Script, call, of, set_local, set_remote

EVENTS = ("negotiationneeded", "signalingstatechange", "track")

SENT = (
    "localDescription",
    "pendingLocalDescription",
    "currentLocalDescription",
    "lastOffer",
    "lastAnswer",
)
"""What an application sends to the other end, the first one mostly right."""


class Scene(msgspec.Struct):
    """Who acts, and what there is to act on; `apart`: the peers are in different stacks."""

    guide: Guide
    me: PeerRun
    other: PeerRun | None
    apart: bool = False

    @property
    def state(self) -> SignalingState:
        """The signaling state of who acts."""
        return self.me.connection.signaling_state


def next_of_negotiation(scene: Scene, pick: Pick) -> Script:
    """What moves a negotiation on from here."""
    match scene.state:
        case SignalingState.STABLE:
            return _from_stable(scene, pick)
        case SignalingState.HAVE_LOCAL_OFFER:
            return _with_a_local_offer(scene, pick)
        case SignalingState.HAVE_REMOTE_OFFER:
            return _answer(scene, pick)
        case SignalingState.HAVE_LOCAL_PRANSWER:
            return _answer(scene, pick)
        case SignalingState.HAVE_REMOTE_PRANSWER:
            return (_remote_answer(scene, pick),)
    return (_after_close(scene, pick),)


def _after_close(scene: Scene, pick: Pick) -> Do:
    """Anything: all of it has an outcome of its own once the connection is closed."""
    connection = scene.me.connection
    way = pick.below(6)
    if way < 2:
        return vocabulary.wrong_call(scene.me, pick)
    if way < 4:
        return vocabulary.of_method(pick.of(vocabulary.METHODS), scene.me, pick) or call("close")
    return set_local() if way == 4 else set_remote(vocabulary.invented_offer(connection, pick))


def _from_stable(scene: Scene, pick: Pick) -> Script:
    other = scene.other
    offered = other is not None and other.connection.signaling_state == "have-local-offer"
    if offered and not pick.whether(4):
        return (_theirs(scene, pick, "pendingLocalDescription"),)
    way = pick.below(8)
    if way >= 6 and not scene.apart:
        return (set_remote(vocabulary.invented_offer(scene.me.connection, pick)),)
    if way == 5:
        return (call("createOffer", wait=True),)
    if way == 4:
        return (set_local(DescriptionSource(type="offer")),)
    if way >= 2:
        return (call("createOffer", wait=True), set_local(of(scene.me.name, "lastOffer")))
    return (set_local(),)


def _with_a_local_offer(scene: Scene, pick: Pick) -> Script:
    way = pick.below(10)
    if way < 5:
        return (_remote_answer(scene, pick),)
    if way < 7:
        return (set_local(ROLLBACK),) if pick.whether() else (set_remote(ROLLBACK),)
    if way == 7:
        return (call("createOffer", wait=True), set_local(of(scene.me.name, "lastOffer")))
    if scene.other is not None and pick.whether():
        return (_theirs(scene, pick, "pendingLocalDescription"),)
    return (set_remote(vocabulary.invented_offer(scene.me.connection, pick)),)


def _remote_answer(scene: Scene, pick: Pick) -> Do:
    other = scene.other
    theirs = other.connection.local_description if other is not None else None
    is_answer = theirs is not None and theirs.type != "offer"
    if is_answer and not pick.whether(4):
        return _theirs(scene, pick, "localDescription")
    type = pick.of((*ANSWERS, ANSWERS[0], ANSWERS[0]))
    return set_remote(vocabulary.invented_answer(scene.me.connection, pick, type))


def _answer(scene: Scene, pick: Pick) -> Script:
    own = of(scene.me.name, "lastAnswer")
    way = pick.below(9)
    if way == 8:  # an offer that was created before the other one came
        return (set_local(of(scene.me.name, "lastOffer")),)
    if way < 3:
        return (set_local(),)
    if way == 3:
        return (call("createAnswer", wait=True), set_local(own))
    if way == 4:
        provisional = DescriptionSource(of=own.of, type="pranswer")
        return (call("createAnswer", wait=True), set_local(provisional))
    if way == 5:
        return (set_local(DescriptionSource(type="pranswer")),)
    if way == 6:
        return (set_local(ROLLBACK),) if pick.whether() else (set_remote(ROLLBACK),)
    return (set_remote(vocabulary.invented_offer(scene.me.connection, pick)),)


def _theirs(scene: Scene, pick: Pick, attribute: str) -> Do:
    """The other peer's description, or that of its last message where only messages tell of it."""
    assert scene.other is not None
    if scene.apart:
        messages = scene.guide.messages_for(scene.me.name)
        return set_remote(DescriptionSource(message=messages[-1] if messages else "m0"))
    return set_remote(of(scene.other.name, attribute))


Tasks = list[tuple[str, Script]]
"""Who does what, task by task."""


def whole_negotiation(scene: Scene, pick: Pick) -> Tasks:
    """A negotiation from here to its end, as it should be; some with a provisional answer."""
    me, other = scene.me.name, scene.other
    if other is None:
        return _with_an_invented_end(scene, pick)
    if scene.apart:
        return _by_messages(scene.guide.messages, me, other.name)
    offered, answered = of(me, "localDescription"), of(other.name, "localDescription")
    if pick.whether(5):
        provisional = _provisional(other.name)
        return [
            (me, (set_local(),)),
            (other.name, (set_remote(offered), *provisional)),
            (me, (set_remote(answered),)),
            (pick.of((me, other.name)), (vocabulary.change(scene.me, pick),)),
            (other.name, (set_local(),)),
            (me, (set_remote(answered),)),
        ]
    return [
        (me, (set_local(),)),
        (other.name, (set_remote(offered), set_local())),
        (me, (set_remote(answered),)),
    ]


def _provisional(peer: str) -> Script:
    """A provisional answer, made of one that was created."""
    made = DescriptionSource(of=(peer, "lastAnswer"), type="pranswer")
    return (call("createAnswer", wait=True), set_local(made))


def _with_an_invented_end(scene: Scene, pick: Pick) -> Tasks:
    me, connection = scene.me.name, scene.me.connection
    changed = (vocabulary.change(scene.me, pick),)
    if pick.whether():
        offer = vocabulary.invented_offer(connection, pick)
        if pick.whether(5):
            return [
                (me, (set_remote(offer), *_provisional(me))),
                (me, changed),
                (me, (set_local(),)),
            ]
        return [(me, (set_remote(offer), set_local()))]
    kinds = _to_be_offered(scene.me)
    if pick.whether(5):
        first = vocabulary.invented_answer_to(kinds, pick, "pranswer")
        last = vocabulary.invented_answer_to(kinds, pick)
        return [(me, (set_local(), set_remote(first))), (me, changed), (me, (set_remote(last),))]
    answer = vocabulary.invented_answer_to(kinds, pick)
    return [(me, (set_local(),)), (me, (set_remote(answer),))]


def _to_be_offered(peer: PeerRun) -> tuple[str, ...]:
    """The kinds of the m-sections that the next offer has: those there are, and new ones."""
    there = vocabulary.kinds_of(peer.connection.local_description)
    new = (one for one in peer.connection.transceivers if one.mid is None and not one.stopping)
    return (*there, *(str(one.kind) for one in new))


def _by_messages(sent: int, me: str, other: str) -> Tasks:
    offer, answer = f"m{sent + 1}", f"m{sent + 2}"

    def taken(name: str) -> Script:
        return (Do(receive=name), set_remote(DescriptionSource(message=name)))

    def sends(name: str, peer: str) -> Do:
        return Do(send=name, description=of(peer, "localDescription"))

    return [
        (me, (set_local(), sends(offer, me))),
        (other, (*taken(offer), set_local(), sends(answer, other))),
        (me, taken(answer)),
    ]


def change(scene: Scene, pick: Pick) -> Script:
    """One change, or two in one task."""
    first = vocabulary.change(scene.me, pick)
    return (first, vocabulary.change(scene.me, pick)) if pick.whether(4) else (first,)


def many_at_once(scene: Scene, pick: Pick) -> Script:
    """Several calls in one task, awaited or not: they meet in the operations chain."""
    doing: list[Do] = []
    for _ in range(2 + pick.below(3)):
        way = pick.below(8)
        if way < 4:
            doing += next_of_negotiation(scene, pick)
        elif way == 4:
            doing.append(pick.of(vocabulary.CANDIDATES))
        elif way < 7:
            doing.append(vocabulary.change(scene.me, pick))
        else:
            doing.append(
                call("close") if pick.whether(8) else vocabulary.wrong_call(scene.me, pick)
            )
    if pick.whether(4):
        doing.append(pick.of((call("close"), call("close"), Do(collect=True))))
    keep = pick.below(1 << len(doing)) if pick.whether() else 0
    return tuple(
        msgspec.structs.replace(one, wait=one.wait and bool(keep >> index & 1))
        for index, one in enumerate(doing)
    )


def let_go(scene: Scene, pick: Pick) -> Script:
    """Something is begun, nothing refers to the connection any more, and garbage is collected."""
    begun = next_of_negotiation(scene, pick)[:1]
    return (*(msgspec.structs.replace(one, wait=False) for one in begun), Do(collect=True))


def aimed(methods: tuple[str, ...]) -> Callable[[Scene, Pick], Script]:
    """Says calls of these methods, alone or before what moves the negotiation on."""

    def say(scene: Scene, pick: Pick) -> Script:
        item = vocabulary.of_method(pick.of(methods), scene.me, pick)
        if item is None:
            return ()
        return (item, *next_of_negotiation(scene, pick)) if pick.whether() else (item,)

    return say


def wrong(scene: Scene, pick: Pick) -> Script:
    """A call that mostly has to fail."""
    return (msgspec.structs.replace(vocabulary.wrong_call(scene.me, pick), wait=True),)


def odd_description(scene: Scene, pick: Pick) -> Script:
    """A description from the wrong place, of the wrong type, broken, or altered."""
    setting = set_local if pick.whether() else set_remote
    way = pick.below(7)
    if way >= 5:  # one that was created here, whenever that was
        return (set_local(of(scene.me.name, pick.of(("lastOffer", "lastAnswer")))),)
    if way == 0:
        type = pick.of(TYPES)
        return (
            (setting(DescriptionSource(type=type)),)
            if setting is set_local
            else _typed(scene, pick)
        )
    if way == 1:
        type, sdp = pick.of(TYPES), pick.of(vocabulary.BROKEN)
        return (setting(DescriptionSource(type=type, sdp=sdp)),)
    if way == 2:
        return (setting(ROLLBACK),)
    return (setting(_somewhere(scene, pick)),)


def _typed(scene: Scene, pick: Pick) -> Script:
    """An invented description of any type, whatever the state."""
    connection = scene.me.connection
    if pick.whether():
        return (set_remote(vocabulary.invented_offer(connection, pick)),)
    type = pick.of(ANSWERS)
    return (set_remote(vocabulary.invented_answer(connection, pick, type)),)


def _somewhere(scene: Scene, pick: Pick) -> DescriptionSource:
    peers = [scene.me] if scene.other is None or scene.apart else [scene.other, scene.me]
    peer = pick.of(peers)
    source = of(peer.name, pick.of(ATTRIBUTES))
    if pick.whether(3):
        source = msgspec.structs.replace(source, type=pick.of(TYPES))
    if pick.whether(3):
        sections = len(getattr(peer.connection.local_description, "sections", ()))
        source = msgspec.structs.replace(source, edits=vocabulary.edits(sections, pick))
    return source


def send(scene: Scene, pick: Pick) -> Script:
    """Sends what is set here to the other end."""
    name = f"m{scene.guide.messages + 1}"
    source = of(scene.me.name, pick.of(SENT))
    return (Do(send=name, description=source),)


def take(scene: Scene, pick: Pick) -> Script:
    """Takes a message of the other end: the newest, mostly, or an older one once more."""
    messages = scene.guide.messages_for(scene.me.name)
    if not messages:
        return ()
    name = messages[-1] if not pick.whether(4) else pick.of(messages)
    taken = (Do(receive=name), set_remote(DescriptionSource(message=name)))
    answers = pick.below(4)
    if answers < 2:
        return taken
    reply = Do(
        send=f"m{scene.guide.messages + 1}", description=of(scene.me.name, "localDescription")
    )
    return (*taken, set_local(), reply) if answers == 2 else (*taken, set_local())


def handler(scene: Scene, pick: Pick) -> Handler:
    """A handler of one of the peer's events."""
    event = pick.of(EVENTS)
    way = pick.below(6)
    do: Script
    if way < 2:
        do = next_of_negotiation(scene, pick)
    elif way == 2:
        do = change(scene, pick)
    elif way == 3:
        do = many_at_once(scene, pick)
    elif way == 4 and scene.other is not None and not scene.apart:
        do = (set_remote(of(scene.other.name, "localDescription")), set_local())
    else:
        do = (pick.of((vocabulary.of_first_transceiver(pick), set_local(ROLLBACK), call("close"))),)
    times = 1 + pick.below(2)
    if pick.whether(4):
        return Handler(scene.me.name, event, do, via="listener", times=times)
    return Handler(scene.me.name, event, do, times=times)

"""The registry of findings: what each means, from which everything that tells of them is made.

`departure`: a stack's output that no state of the model allows. `fault`: a pattern of the
application or the network that ends badly, or an input that the model answers with an error.
`note`: worth telling, not wrong.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Class = Literal["departure", "fault", "note"]
Blame = Literal["stack", "application", "network", "recording"]

UPDATE = "#dfn-update-the-negotiation-needed-flag"
CHAIN = "#dfn-chain"
SET = "#set-description"
GLARE = "#perfect-negotiation-example"


class FindingKind(msgspec.Struct, frozen=True):
    """A row of the registry.

    `title` is one line; `means` says what was seen and by which evidence; `todo` what the reader
    can do about it; `anchor` is the rule that it is about, where the finding names no other.
    """

    id: str
    class_: Class
    blame: Blame
    title: str
    means: str
    todo: str
    anchor: str


_REPORT = (
    "If the recorder is right (replay the trace, then try the same calls in the plain stack), "
    "report it to the stack's maintainers with the shortest prefix and the rule."
)


def _departure(id: str, title: str, means: str, anchor: str) -> FindingKind:
    return FindingKind(id, "departure", "stack", title, means, _REPORT, anchor)


_ALL = (
    _departure(
        "NN-SPURIOUS",
        "negotiationneeded fired although nothing is to be negotiated",
        "The event was observed, and in every state that the model could be in the check if "
        "negotiation is needed is false.",
        "#dfn-check-if-negotiation-is-needed",
    ),
    _departure(
        "NN-DUPLICATE",
        "negotiationneeded fired again while the flag was already true",
        "The event was observed, and in every state that the model could be in "
        "[[NegotiationNeeded]] is true already: it fires again only after a return to stable has "
        "cleared it.",
        UPDATE,
    ),
    _departure(
        "NN-EARLY",
        "negotiationneeded fired too early",
        "The event was observed outside stable, or while the operations chain cannot be empty, or "
        "before its task can have run.",
        UPDATE,
    ),
    _departure(
        "NN-MISSED",
        "negotiationneeded did not fire",
        "Nothing happens any more, and every state that the model could be in still has the event "
        "to fire.",
        UPDATE,
    ),
    _departure(
        "NN-LATE",
        "negotiationneeded fired after all, later than it could be",
        "The event had been found missing, and then came.",
        UPDATE,
    ),
    _departure(
        "STATE-MISSING",
        "signalingstatechange did not fire",
        "What was observed can only come after a signalingstatechange event that was not.",
        SET,
    ),
    _departure(
        "STATE-WRONG",
        "the signaling state is one that it cannot be",
        "signalingState was read, or signalingstatechange fired, where every state that the model "
        "could be in says otherwise.",
        SET,
    ),
    _departure(
        "STATE-REPEATED",
        "signalingstatechange fired without a change",
        "The event was observed although the signaling state is what it was.",
        SET,
    ),
    _departure(
        "STATE-ORDER",
        "signalingstatechange fired in the wrong order",
        "The event came after something that it must come before, or before something that it must "
        "come after.",
        SET,
    ),
    _departure(
        "OP-ORDER",
        "promises settled out of order",
        "An operation's promise settled before one that was chained before it.",
        CHAIN,
    ),
    _departure(
        "OP-AFTER-CLOSE",
        "a promise settled after close()",
        "Operations of a closed connection stay pending for ever.",
        CHAIN,
    ),
    _departure(
        "OP-PENDING",
        "a promise never settled",
        "Nothing happens any more, or something happened that can only come later, and the promise "
        "is still pending.",
        CHAIN,
    ),
    _departure(
        "OP-ACCEPTED",
        "an operation was accepted against the rules",
        "The promise was fulfilled; every state that the model could be in rejects it.",
        SET,
    ),
    _departure(
        "OP-REJECTED",
        "an operation was refused against the rules",
        "The promise was rejected; every state that the model could be in fulfills it.",
        SET,
    ),
    _departure(
        "OP-ERROR",
        "an operation was rejected with the wrong error",
        "The promise was rejected, as it has to be, with an error of another name.",
        SET,
    ),
    _departure(
        "CALL-ACCEPTED",
        "a call was accepted against the rules",
        "The method returned; every state that the model could be in makes it throw.",
        "#rtcpeerconnection-interface-extensions",
    ),
    _departure(
        "CALL-REJECTED",
        "a call was refused against the rules",
        "The method threw; every state that the model could be in makes it return.",
        "#rtcpeerconnection-interface-extensions",
    ),
    _departure(
        "CALL-ERROR",
        "a call threw the wrong error",
        "The method threw, as it has to, an error of another name.",
        "#rtcpeerconnection-interface-extensions",
    ),
    _departure(
        "DESCRIPTION-STATE",
        "a description attribute is wrong",
        "currentLocalDescription, currentRemoteDescription, pendingLocalDescription or "
        "pendingRemoteDescription is of another type, or says something else, than in every state "
        "that the model could be in.",
        SET,
    ),
    _departure(
        "TRANSCEIVER-STATE",
        "a transceiver's attributes are wrong",
        "getTransceivers(), or mid, direction or currentDirection of one of them, differs from "
        "every state that the model could be in.",
        "#rtcrtptransceiver-interface",
    ),
    _departure(
        "SDP-SHAPE",
        "a created description says something else than it should",
        "What createOffer or createAnswer resolved with has other m-sections, mids, directions, "
        "msids or ICE credentials than JSEP asks for.",
        "jsep:5.2.2",
    ),
    _departure(
        "EVENT-WRONG",
        "a track or stream event is wrong",
        "The event was observed, or is missing, against every state that the model could be in; or "
        "it carries another transceiver or other streams.",
        "#process-remote-tracks",
    ),
    FindingKind(
        "STACK-HUNG",
        "departure",
        "stack",
        "the stack hung",
        "The recorder waited for the end of a program until its time was over, and killed the "
        "stack. What could still be observed before that is judged; the rest is not known.",
        "Run the program again by itself, with a longer --timeout. If it hangs again, attach a "
        "debugger to the stack, and take the calls before the mark for a reproduction in the "
        "plain stack: the adapter may be what hangs.",
        "traces",
    ),
    FindingKind(
        "STACK-DIED",
        "departure",
        "stack",
        "the stack died",
        "The process that the stack was running in ended, or closed its connection to the "
        "recorder, in the middle of a program. An adapter tells errors of its own otherwise.",
        "The mark tells the exit code and the last words. A signal (a negative code) is a crash: "
        "look for a core dump, and take the calls before the mark for a reproduction in the plain "
        "stack.",
        "traces",
    ),
    FindingKind(
        "RECORDER-FAILED",
        "fault",
        "recording",
        "the recorder failed",
        "The recorder or adapter told that it is broken, or it told what the protocol does not "
        "allow. The recording ends there; nothing is said of the stack.",
        "Mend the adapter: `negotiation stacks test -- COMMAND` checks each rule of the protocol "
        "and says what to do.",
        "adapters",
    ),
    FindingKind(
        "RECORDING-CONTRADICTS",
        "fault",
        "recording",
        "the recording contradicts itself",
        "A call is said to be made in a task, or in a handler, in which it cannot have been made.",
        "Look at the recorder: what does it know of tasks and handlers? Leave `task` and `within` "
        "out where it does not know.",
        "traces",
    ),
    FindingKind(
        "APP-WRONG-STATE",
        "fault",
        "application",
        "a description was set in a state in which it is invalid",
        "The model, like the stack, rejects the call with InvalidStateError: an answer arrived in "
        "stable (its offer was rolled back, superseded or answered already), or an offer was made "
        "where none can be.",
        "Serialise negotiation: let negotiationneeded start it, and use perfect negotiation for "
        "messages that cross. Ignore answers to offers that were given up.",
        SET,
    ),
    FindingKind(
        "APP-DEAD-ANSWER",
        "fault",
        "application",
        "an answer came when its offer was gone",
        'A remote answer was rejected with InvalidStateError ("Called in wrong state: stable"), '
        "and the recording shows why: the offer that it answers had been answered already, rolled "
        "back, given up for a remote offer, or superseded by another offer. Or it was taken for "
        "that other offer, although both ends show that it answers the one before.",
        "Ignore answers to offers that were given up: in perfect negotiation an end that yields "
        "sets the remote offer and drops what comes for its own. Send each answer once, set it "
        "once (one listener, one handler), and never set a new offer while one is pending.",
        GLARE,
    ),
    FindingKind(
        "APP-REPEATED-OFFER",
        "fault",
        "application",
        "the same offer was sent, or set, twice",
        "An offer with the same text was sent again under another name, or set again while it was "
        "still to be answered. The second one begins a negotiation that the other end did not ask "
        "for, and its answer finds no offer.",
        "Look for a listener that was registered twice, a signaling channel that repeats what it "
        "sent before a reconnection, or an application that sends localDescription on every event.",
        GLARE,
    ),
    FindingKind(
        "APP-UNFINISHED",
        "fault",
        "application",
        "a negotiation was never finished",
        "The connection was left in another state than stable: an offer waits for its answer, or "
        "a remote offer was never answered, long after it was set. Nothing else can be negotiated "
        "until it is.",
        "Look at the signaling channel (was the offer delivered, was an answer made and sent, and "
        "did an error end the handler?). Catch errors of setRemoteDescription and createAnswer; an "
        "end that gives up rolls back.",
        SET,
    ),
    FindingKind(
        "APP-LOOP",
        "fault",
        "application",
        "a loop of negotiations",
        "negotiationneeded fired again and again, each time because of what the negotiation before "
        "had led to: the same call at the same place in it, at one end or at both in turn. Where "
        "such calls may be hidden, each offer said the same as the one before. People who join one "
        "after another are no loop: what they ask for comes from outside.",
        "Change transceivers when the application wants something else, not in the handler of "
        "negotiationneeded, of track, or while answering: let these find what they need and do "
        "nothing where it is there already.",
        UPDATE,
    ),
    FindingKind(
        "APP-UNSAFE-HANDLER",
        "fault",
        "application",
        "a negotiationneeded handler that another offer can interrupt",
        "The handler created an offer, a remote offer was set before the own one could be, and "
        "setLocalDescription was refused: what was to be negotiated is lost until the next event.",
        "Call setLocalDescription() without an argument in the handler, in one step, and follow "
        "perfect negotiation: what it sets fits the state when its turn comes.",
        GLARE,
    ),
    FindingKind(
        "APP-SECTION-ORDER",
        "fault",
        "application",
        "the m-sections of a description are out of order",
        "setRemoteDescription was refused, and the description has fewer m-sections than were "
        "negotiated, or another kind or mid in a place that is in use.",
        "m-sections keep their places for the life of a connection; what is not wanted any more is "
        "rejected (port 0), never left out. Look at what changes SDP on its way: a server that "
        "builds answers of its own, an application that filters lines, two connections mixed up.",
        "jsep:5.2.2",
    ),
    FindingKind(
        "APP-EARLY-CANDIDATE",
        "note",
        "application",
        "a candidate came before the description that it belongs to",
        "addIceCandidate was refused because no remote description had been set, and no offer had "
        "been ignored before, whose candidates are refused so in glare. The candidate is lost.",
        "Call addIceCandidate once setRemoteDescription was called (it waits for it in the "
        "operations chain), or keep candidates until then.",
        "#dom-rtcpeerconnection-addicecandidate",
    ),
    FindingKind(
        "GLARE-LOST-OFFER",
        "fault",
        "application",
        "glare: what one end wanted was never offered again",
        "This end gave up its offer for the other's. negotiationneeded asked for negotiation "
        "again once that was over, as it should, and no offer followed.",
        "Let every negotiationneeded event begin a negotiation; suppress none after glare, "
        'and do not remember "I have offered already" across a rollback.',
        GLARE,
    ),
    FindingKind(
        "APP-AFTER-CLOSE",
        "fault",
        "application",
        "a method was called after close()",
        "The call can only fail: the connection is closed.",
        "Stop signaling for a connection before closing it.",
        "#dom-rtcpeerconnection-close",
    ),
    FindingKind(
        "GLARE-DEADLOCK",
        "fault",
        "application",
        "glare: both ends wait for an answer to their own offer",
        "Both ends offered, neither yielded, and nothing happens any more.",
        "Make one end polite: perfect negotiation resolves glare without a deadlock.",
        GLARE,
    ),
    FindingKind(
        "GLARE-BOTH-YIELDED",
        "fault",
        "application",
        "glare: both ends gave up their offer",
        "Both ends rolled back to take the other's offer: each answers an offer that is gone.",
        "Exactly one end may be polite.",
        GLARE,
    ),
    FindingKind(
        "GLARE-ERROR",
        "fault",
        "application",
        "glare: taking the other's offer failed",
        "A remote offer met a local one, and setRemoteDescription was rejected.",
        "Roll back first (or let setRemoteDescription do it), and use perfect negotiation.",
        GLARE,
    ),
    FindingKind(
        "ENDS-DIVERGED",
        "fault",
        "application",
        "the two ends do not agree on the last negotiation",
        "Both ends are stable, and the current local description of one is not the current remote "
        "description of the other.",
        "Look for an answer that was applied to another offer than its own.",
        GLARE,
    ),
    FindingKind(
        "APP-UNTAKEN-ANSWER",
        "note",
        "application",
        "an answer had not come back when the recording ended",
        "One end had answered the other's offer, which that end still waited with. Both were quiet "
        "by then. The recording tells whether the answer was sent, and received; it does not "
        "tell whether it would have been, had the recording gone on.",
        "If the call is dead: look at what follows setLocalDescription at the end that answers "
        "(an error, a condition, waiting for all candidates). Else record until it is established.",
        GLARE,
    ),
    FindingKind(
        "GLARE-YIELDED",
        "note",
        "application",
        "glare: this end gave up its offer",
        "A remote offer met a local one, which was rolled back for it.",
        "Nothing: this is how glare should end at the polite end.",
        GLARE,
    ),
    FindingKind(
        "GLARE-IGNORED",
        "note",
        "application",
        "glare: this end ignored the other's offer",
        "A remote offer was received while a local one was pending, and never applied.",
        "Nothing: this is how glare should end at the impolite end.",
        GLARE,
    ),
    FindingKind(
        "NETWORK-LOST",
        "fault",
        "network",
        "a message was lost",
        "It was sent, and never received, although both ends were recorded to the end.",
        "Use a reliable, ordered signaling channel.",
        GLARE,
    ),
    FindingKind(
        "NETWORK-REPEATED",
        "fault",
        "network",
        "a message was received twice",
        "The same message was received more than once.",
        "Use a signaling channel that delivers once.",
        GLARE,
    ),
    FindingKind(
        "NETWORK-REORDERED",
        "fault",
        "network",
        "messages overtook each other",
        "Two messages of one sender were received in another order than they were sent.",
        "Use an ordered signaling channel: answers and offers must not overtake each other.",
        GLARE,
    ),
    # A note: the specification knows no memory, and a cache or a collector may account for it.
    FindingKind(
        "STACK-LEAKED",
        "note",
        "stack",
        "the stack's memory grew and grew",
        "Its processes held more memory after this program than after the first ones, by more "
        "than the bound. The stack was started again. The recording itself is whole.",
        "Repeat the program that the mark names in one process, and watch its memory. Rule out "
        "the adapter (does it let go of the connections that it closed?) before the stack.",
        "traces",
    ),
)

FINDINGS = {kind.id: kind for kind in _ALL}
"""Every finding that the checker can raise, by id."""

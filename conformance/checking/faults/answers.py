"""Answers that came when their offer was gone: which offer it was, and what had ended it."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from negotiation.conformance.traces import format
from negotiation.model import SignalingState

from ..findings import Diagnosis
from ..peers import Moment
from ..seen import Quiet
from .evidence import (
    WRONG_STATE,
    Evidence,
    Found,
    Setting,
    at,
    is_refused_otherwise,
    states_of,
)

ANSWERS = ("answer", "pranswer")
TAKING_ANSWERS = {SignalingState.HAVE_LOCAL_OFFER, SignalingState.HAVE_REMOTE_PRANSWER}


class Fate(msgspec.Struct, frozen=True):
    """A local offer, and what ended it (None: nothing did)."""

    offer: Setting
    how: str | None = None
    by: Moment | None = None
    answer: Setting | None = None


def dead_answers(evidence: Evidence) -> Iterator[Found]:
    """Remote answers that were refused because their offer had been answered or given up."""
    for answer, fate in answers_to_what_is_gone(evidence):
        if answer.ended is not None:
            message = _told(answer, fate)
            yield answer.peer, answer.ended.line, Diagnosis("APP-DEAD-ANSWER", message)


def answers_to_what_is_gone(evidence: Evidence) -> Iterator[tuple[Setting, Fate]]:
    """The refused remote answers whose offer is known, with what had become of that."""
    for peer in evidence.header.peers:
        refused = [one for one in evidence.settings[peer] if _is_refused(one)]
        if not refused:
            continue
        fates = Fates(fates_of(evidence, peer))
        for answer in refused:
            fate = fates.of_answer(answer, _answered_text(answer, evidence))
            if fate is not None:
                yield answer, fate


def _is_refused(setting: Setting) -> bool:
    ended = setting.ended
    if not setting.is_of("remote", *ANSWERS) or ended is None:
        return False
    if ended.diagnosis is not None:
        return is_refused_otherwise(ended)
    # Where the error is not named, the state says whether it was this one.
    return setting.error == WRONG_STATE or (
        setting.error == "" and not states_of(ended.before) & TAKING_ANSWERS
    )


def fates_of(evidence: Evidence, peer: str) -> list[Fate]:
    """What became of each offer that a peer set locally, in the order in which they ended."""
    done: list[tuple[Moment, Setting | None]] = [
        (one.ended, one) for one in evidence.applied(peer) if one.ended is not None
    ]
    calls = (one for one in evidence.made.values() if one.said.peer == peer)
    done += [(moment, None) for moment in calls if _closes(moment)]
    pending: Setting | None = None
    fates: list[Fate] = []
    for moment, setting in sorted(done, key=lambda one: one[0].line):
        how = _ending(setting)
        if pending is not None and how is not None:
            answer = setting if setting is not None and setting.type == "answer" else None
            fates.append(Fate(pending, how, moment, answer))
            pending = None
        if setting is not None and setting.is_of("local", "offer"):
            pending = setting
    if pending is not None:
        fates.append(Fate(pending))
    return fates


def _closes(moment: Moment | None) -> bool:
    one = None if moment is None else moment.said.observation
    return isinstance(one, format.Call) and one.method == "close"


def _ending(setting: Setting | None) -> str | None:
    """How something that was done ends a local offer; None: it does not."""
    if setting is None:
        return "was gone with the connection, which was closed"
    if setting.is_of("remote", "answer"):
        return "had been answered already"
    if setting.is_of("local", "offer"):
        return "had been superseded by another offer"
    if setting.is_of("remote", "offer"):
        return "had been given up for a remote offer"
    if setting.type == "rollback":
        return "had been rolled back"
    return None


class Fates:
    """The local offers of a peer, in the order in which they ended."""

    def __init__(self, fates: Sequence[Fate]) -> None:
        self._fates = fates
        self._ends = [_NEVER if one.by is None else one.by.line for one in fates]
        self._answered: dict[str, Fate] = {}
        self._offered: dict[str, list[Fate]] = {}
        for one in fates:
            if one.answer is not None and one.answer.text is not None:
                self._answered.setdefault(one.answer.text, one)
            if one.offer.text is not None:
                self._offered.setdefault(one.offer.text, []).append(one)

    def of_answer(self, answer: Setting, answered: str | None) -> Fate | None:
        """The ended offer that a refused answer belongs to; `answered` is its text, if known.

        It is known where the same answer was set before, or where the end that made it was
        recorded; else it is the offer that ended last. None where none had ended, where one was
        pending, and where the connection was closed: then that is what is told.
        """
        assert answer.ended is not None
        line = answer.ended.line
        number = bisect.bisect_left(self._ends, line)
        if number == 0 or _closes(self._fates[number - 1].by) or self._is_pending(number, line):
            return None
        same = self._answered.get(answer.text or "")
        if same is not None and _has_ended(same, line):
            return same
        exact = [one for one in self._offered.get(answered or "", ()) if _has_ended(one, line)]
        return exact[-1] if exact else self._fates[number - 1]

    def _is_pending(self, number: int, line: int) -> bool:
        """Whether the next offer to end was pending: then it was not missing."""
        begun = self._fates[number].offer.ended if number < len(self._fates) else None
        return begun is not None and begun.line < line


_NEVER = 1 << 62


def _has_ended(fate: Fate, line: int) -> bool:
    return fate.by is not None and fate.by.line < line


def misplaced_answers(evidence: Evidence) -> Iterator[Found]:
    """Remote answers that were taken for another offer than the one that they answer.

    Only where both ends are recorded is that known, and only by texts that are the very same.
    """
    for peer in evidence.header.peers:
        fates = fates_of(evidence, peer) if len(evidence.header.peers) == 2 else []
        offered = {one.offer.text: one for one in reversed(fates)}
        for fate in fates:
            meant = _meant(fate, offered, evidence)
            if meant is not None and fate.by is not None and fate.by.diagnosis is None:
                message = (
                    f"it was taken for the offer that was set in {at(fate.offer.made)}, and "
                    f"answers that of {at(meant.offer.made)}, {_gone(meant)}"
                )
                told = f"the answer is one to another offer: {message}"
                yield peer, fate.by.line, Diagnosis("APP-DEAD-ANSWER", told)


def untaken_answers(evidence: Evidence) -> Iterator[Found]:
    """Answers that one end has made, and the other, at rest as well, still waits for.

    An answer that was sent and did not arrive is the network's: that is told of the message.
    """
    for offer, answer in answers_waited_for(evidence):
        what = _what_became(answer, evidence, offer.peer)
        if what is not None:
            message = f"the answer to the offer that was set in {at(offer.made)} is set, {what}"
            yield answer.peer, answer.made.line, Diagnosis("APP-UNTAKEN-ANSWER", message)


def answers_waited_for(evidence: Evidence) -> Iterator[tuple[Setting, Setting]]:
    """The offer that one end waits with, at rest, and the answer that the other has set to it."""
    peers = tuple(evidence.header.peers)
    for answering, offering in itertools.permutations(peers) if len(peers) == 2 else ():
        taken, answer = _last_answered(evidence, answering)
        offer = _waiting_offer(evidence, offering)
        if answer is not None and offer is not None and _is_text_of(taken, offer, evidence):
            yield offer, answer


def _last_answered(evidence: Evidence, peer: str) -> tuple[str | None, Setting | None]:
    """The last remote offer and its answer, if nothing followed but offers of this end's own."""
    if not any(_rests_in(evidence, peer, state) for state in _AFTER_AN_ANSWER):
        return None, None
    settled = [one for one in evidence.applied(peer) if not one.is_of("local", "pranswer")]
    while settled and settled[-1].is_of("local", "offer"):
        settled.pop()
    *_, offer, answer = (None, None, *settled)
    if offer is None or answer is None or not offer.is_of("remote", "offer"):
        return None, None
    return (offer.text, answer) if answer.is_of("local", "answer") else (None, None)


_AFTER_AN_ANSWER = (SignalingState.STABLE, SignalingState.HAVE_LOCAL_OFFER)


def _waiting_offer(evidence: Evidence, peer: str) -> Setting | None:
    """The local offer that this end waits with, at rest."""
    if not _rests_in(evidence, peer, SignalingState.HAVE_LOCAL_OFFER):
        return None
    offers = [one for one in evidence.applied(peer) if one.is_of("local", "offer")]
    return offers[-1] if offers else None


def _is_text_of(text: str | None, offer: Setting, evidence: Evidence) -> bool:
    """Whether this is the offer's text: it was set, became localDescription, or was sent later."""
    sent = (
        one.said.text
        for one in evidence.messages
        if one.said.peer == offer.peer
        and one.line > offer.made.line
        and isinstance(one.said.observation, format.Send)
    )
    became = None if offer.ended is None else offer.ended.said.text
    return text is not None and text in (offer.text, became, *sent)


def _rests_in(evidence: Evidence, peer: str, state: SignalingState) -> bool:
    last = evidence.last.get(peer)
    at_rest = last is not None and isinstance(last.seen, Quiet) and last.seen.settled
    return last is not None and at_rest and states_of(last.after) == {state}


def _what_became(answer: Setting, evidence: Evidence, offering: str) -> str | None:
    """What the messages tell of an answer that was not set; None: it was lost."""
    own = [one for one in evidence.messages if one.said.peer == answer.peer]
    if not own:
        return "and it was not set at the other end; messages were not recorded"
    sent = {
        one.said.observation.message: one
        for one in own
        if isinstance(one.said.observation, format.Send) and one.line > answer.made.line
    }
    answers = {name: one for name, one in sent.items() if _may_be_answer(one)}
    if not answers:
        return "and no answer was sent after it"
    for one in evidence.messages:
        told = one.said.observation
        received = isinstance(told, format.Receive) and told.message in answers
        if received and one.said.peer == offering:
            return f"sent, and was received in {at(one)} but never set"
    return None


def _may_be_answer(moment: Moment) -> bool:
    described = getattr(moment.said.observation, "description", None)
    return described is None or described.type in (None, *ANSWERS)


def _meant(fate: Fate, offered: Mapping[str | None, Fate], evidence: Evidence) -> Fate | None:
    """The other offer that the answer to this one was made for."""
    if fate.answer is None or fate.offer.text is None:
        return None
    text = _answered_text(fate.answer, evidence)
    if text is None or text == fate.offer.text:
        return None
    return offered.get(text)


def _gone(fate: Fate) -> str:
    return "which is not over" if fate.by is None else f"which {fate.how} ({at(fate.by)})"


def _answered_text(answer: Setting, evidence: Evidence) -> str | None:
    """The text of the offer that the other end had set when it made this answer."""
    if answer.text is None:
        return None
    others = (peer for peer in evidence.header.peers if peer != answer.peer)
    made = (evidence.answered.get((peer, answer.text)) for peer in others)
    return next((text for text in made if text is not None), None)


def _told(answer: Setting, fate: Fate) -> str:
    assert fate.by is not None
    made = fate.offer.made
    what = f"it answers the offer that was set in {at(made)}, which {fate.how} ({at(fate.by)})"
    same = None if fate.answer is None else fate.answer.text
    if same is not None and same == answer.text:
        what += " with the very same answer: the message came twice, or was handled twice"
    return f"the {answer.type} came too late: {what}"

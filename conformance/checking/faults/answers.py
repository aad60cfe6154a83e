"""Answers that came when their offer was gone: which offer it was, and what had ended it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from negotiation.conformance.traces import format

from ..findings import Diagnosis
from ..peers import Moment
from .evidence import WRONG_STATE, Evidence, Found, Setting, at

ANSWERS = ("answer", "pranswer")


class Fate(msgspec.Struct, frozen=True):
    """A local offer, and what ended it (None: nothing did)."""

    offer: Setting
    how: str | None = None
    by: Moment | None = None
    answer: Setting | None = None


def dead_answers(evidence: Evidence) -> Iterator[Found]:
    """Remote answers that were refused because their offer had been answered or given up."""
    for peer in evidence.header.peers:
        refused = [one for one in evidence.settings[peer] if _is_refused(one)]
        if not refused:
            continue
        fates = fates_of(evidence, peer)
        for answer in refused:
            fate = _fate_for(answer, fates, evidence)
            if fate is not None and answer.ended is not None:
                message = _told(answer, fate)
                yield peer, answer.ended.line, Diagnosis("APP-DEAD-ANSWER", message)


def _is_refused(setting: Setting) -> bool:
    ended = setting.ended
    if not setting.is_of("remote", *ANSWERS) or ended is None or setting.error != WRONG_STATE:
        return False
    return ended.diagnosis is None


def fates_of(evidence: Evidence, peer: str) -> list[Fate]:
    """What became of each offer that a peer set locally, in the order in which they ended."""
    done: list[tuple[Moment, Setting | None]] = [
        (one.ended, one) for one in evidence.applied(peer) if one.ended is not None
    ]
    done += [(moment, None) for moment in evidence.of(peer) if _closes(moment)]
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


def _fate_for(answer: Setting, fates: list[Fate], evidence: Evidence) -> Fate | None:
    """The ended offer that an answer belongs to: the exact one where both ends are recorded.

    None where there is none, or where the connection was closed: then that is what is told.
    """
    assert answer.ended is not None
    ended = [one for one in fates if one.by is not None and one.by.line < answer.ended.line]
    if not ended or _closes(ended[-1].by) or any(_is_pending(one, answer) for one in fates):
        return None
    text = _answered_text(answer, evidence)
    exact = [one for one in ended if text is not None and one.offer.text == text]
    return (exact or ended)[-1]


def _is_pending(fate: Fate, answer: Setting) -> bool:
    """Whether the offer was pending when the answer was refused: then that was not the reason."""
    assert answer.ended is not None
    assert fate.offer.ended is not None
    begun = fate.offer.ended.line < answer.ended.line
    return begun and (fate.by is None or fate.by.line > answer.ended.line)


def _answered_text(answer: Setting, evidence: Evidence) -> str | None:
    """The text of the offer that the other end had set when it made this answer."""
    if answer.text is None:
        return None
    for peer in evidence.header.peers:
        if peer == answer.peer:
            continue
        offer = None
        for one in evidence.applied(peer):
            if one.is_of("remote", "offer"):
                offer = one.text
            if one.side == "local" and one.text == answer.text:
                return offer
    return None


def _told(answer: Setting, fate: Fate) -> str:
    assert fate.by is not None
    made = fate.offer.made
    what = f"it answers the offer that was set in {at(made)}, which {fate.how} ({at(fate.by)})"
    same = None if fate.answer is None else fate.answer.text
    if same is not None and same == answer.text:
        what += " with the very same answer: the message came twice, or was handled twice"
    return f"the {answer.type} came too late: {what}"

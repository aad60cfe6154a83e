"""Rulings as sentences, and the answer to "why?" as text.

A sentence about a rule of the flag says what that rule's answer means here; any other rule is told
by its own first line and its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from negotiation.model import Connection, Description

from ..checking.seen import Quiet, Told
from ..checking.why import Account, Answer, FlagAccount, Ruling, about, decisive
from ..checking.words import seen_in_words
from .evidence import NEEDED
from .links import url_of
from .observing import reading_in_words
from .paper import Paper

Sentence = Callable[[Ruling, Connection], str]

UPDATE = "#dfn-update-the-negotiation-needed-flag"
CHECK = "#dfn-check-if-negotiation-is-needed"

MOST_STATES = 5

QUIET = (
    "In the model, too, nothing is left to happen: no task is queued, no operation is at work, and "
    "no reaction waits."
)


def _streams(names: Sequence[str]) -> str:
    return f"{{{', '.join(sorted(names))}}}"


def _msids(ruling: Ruling) -> str:
    transceiver, section = ruling.arguments[-2:]
    ours, theirs = _streams(transceiver.streams), _streams(section.msids)
    return f"sends in the streams {ours}, and its m-section says {theirs}"


def _directions(ruling: Ruling, connection: Connection) -> str:
    transceiver, section = ruling.arguments[-2:]
    told = f"its direction is {transceiver.direction}, its m-section says {section.direction}"
    remote = _section(connection.current_remote_description, transceiver.mid)
    return told if remote is None else f"{told}, the other end's {remote.direction}"


def _section(description: Description | None, mid: str | None) -> Any:
    return None if description is None else description.section(mid)


SENTENCES: dict[tuple[str, bool], Sentence] = {
    ("is_update_pointless_once_closed", True): lambda *_: "the connection is closed",
    ("is_update_pointless_once_closed", False): lambda *_: "the connection is not closed",
    ("is_chain_empty_in_the_task", True): lambda *_: "the operations chain is empty",
    ("is_chain_empty_in_the_task", False): lambda *_: (
        "the operations chain is not empty; the update waits until it is"
    ),
    ("is_stable_for_the_flag", True): lambda *_: "the signaling state is stable",
    ("is_stable_for_the_flag", False): lambda _, state: (
        f"the signaling state is {state.signaling_state}; the return to stable updates the flag"
    ),
    ("check_if_negotiation_is_needed", True): lambda *_: "something is to be negotiated",
    ("check_if_negotiation_is_needed", False): lambda *_: "nothing is to be negotiated",
    ("is_flag_already_true", True): lambda *_: (
        "[[NegotiationNeeded]] is true already: the event fired, and is not repeated before "
        "negotiation has come back to stable"
    ),
    ("is_flag_already_true", False): lambda *_: "[[NegotiationNeeded]] is false, and becomes true",
    ("must_replace_ice_credentials", True): lambda *_: (
        "restartIce() asked for new ICE credentials, and they are not negotiated yet"
    ),
    ("must_replace_ice_credentials", False): lambda *_: "no ICE credentials are to be replaced",
    ("must_negotiate_data", True): lambda *_: (
        "a data channel was created, and no m-section is negotiated for data yet"
    ),
    ("must_negotiate_data", False): lambda _, state: (
        "the data channels have their m-section" if state.channels else "there is no data channel"
    ),
    ("is_stopping_not_stopped", True): lambda *_: (
        "it was stopped, and the other end has not been told yet"
    ),
    ("is_stopping_not_stopped", False): lambda *_: "it was not stopped",
    ("is_unassociated", True): lambda *_: (
        "it has no m-section in the current local description yet"
    ),
    ("is_unassociated", False): lambda *_: "it has an m-section in the current local description",
    ("do_msids_differ", True): lambda ruling, _: f"it {_msids(ruling)}: they differ",
    ("do_msids_differ", False): lambda ruling, _: (
        f"it {_msids(ruling)}" if ruling.arguments[-2].direction.sends else "it does not send"
    ),
    ("does_direction_differ_as_offerer", True): lambda ruling, state: (
        f"{_directions(ruling, state)}: neither is what was negotiated (this end offered)"
    ),
    ("does_direction_differ_as_offerer", False): _directions,
    ("does_direction_differ_as_answerer", True): lambda ruling, state: (
        f"{_directions(ruling, state)}: not what this end answers now"
    ),
    ("does_direction_differ_as_answerer", False): _directions,
    ("must_reject_section", True): lambda *_: (
        "it is stopped, and neither end has rejected its m-section yet"
    ),
    ("must_reject_section", False): lambda *_: "it is stopped, and nothing is left of it",
}
"""What the answers of the flag's rules mean; the transceiver is named before."""


def sentence(ruling: Ruling, connection: Connection | None = None) -> str:
    """What a rule answered, in a sentence with the rule's name."""
    whose = about(ruling)
    named = f"{whose}: " if whose is not None else ""
    known = SENTENCES.get((ruling.rule.name, ruling.outcome))
    if known is not None and connection is not None:
        return f"{named}{known(ruling, connection)} ({ruling.rule.name})"
    answer = ruling.outcome
    if isinstance(answer, bool):
        answer = "YES" if answer else "NO"
    return f"{named}{ruling.rule.says} {answer} ({ruling.rule.name})"


# The answer as text.


def tell_answer(paper: Paper, answer: Answer, file: str) -> None:
    """Why the line says what it says."""
    moment = answer.moment
    words = seen_in_words(moment.seen, moment.methods)
    read = reading_in_words(moment.observation.state)
    peer = moment.observation.peer
    paper.paragraph(f"{file}:{moment.line}, peer {peer}: {words}", style="bold")
    if read:
        paper.paragraph(f"Read with it: {read}", hanging=2)
    for diagnosis in moment.diagnoses:
        paper.paragraph(f"{diagnosis.id}: {diagnosis.message}.", style="red")
    is_event = isinstance(moment.seen, Told) and moment.seen.event == NEEDED
    if not is_event:
        _tell_accounts(paper, answer)
    if any(one.refuses for one in answer.accounts):
        _tell_flag_in_short(paper, answer)
    else:
        _tell_flag(paper, answer, fired=is_event)


def _tell_accounts(paper: Paper, answer: Answer) -> None:
    for account in answer.accounts:
        paper.blank()
        why = "Why" if answer.moment.diagnosis is None else "In the model instead:"
        paper.paragraph(f"{why} {account.shows}{_in_states(account.states)}:", style="cyan")
        _tell_rulings(paper, account)
    if isinstance(answer.moment.seen, Quiet) and answer.moment.diagnosis is None:
        paper.paragraph(QUIET)
    elif not answer.accounts and answer.moment.diagnosis is None:
        paper.paragraph("No rule decides this line: it is an input, or a remark.")


def _tell_rulings(paper: Paper, account: Account) -> None:
    if not account.rulings:
        paper.item("no rule stands against it")
    refusal = decisive(account.rulings) if account.refuses else None
    for number, ruling in enumerate(account.rulings):
        mark = " <- this refuses it" if ruling is refusal else ""
        indent = 2 + 2 * ruling.depth
        paper.item(sentence(ruling) + mark, indent=indent, style="bold" if mark else "")
        following = account.rulings[number + 1 : number + 2]
        if not following or following[0].rule.anchor != ruling.rule.anchor:
            paper.as_it_is(url_of(ruling.rule.anchor), indent=indent + 2, style="faint")


def _in_states(states: Sequence[str]) -> str:
    return "" if len(states) == 1 else f" (in {len(states)} of the possible states)"


def _tell_flag_in_short(paper: Paper, answer: Answer) -> None:
    """At a refused call it is the refusal that is asked about: each case of the flag in a line."""
    cases = list(dict.fromkeys(map(_why_not, answer.flag)))
    at_this_line = f"{NEEDED} does not fire at this line"
    paper.blank()
    if len(cases) == 1:
        paper.paragraph(f"{at_this_line}: {cases[0]}.", style="cyan")
        return
    paper.paragraph(f"{at_this_line}; {len(cases)} cases are open:", style="cyan")
    for one in cases:
        paper.item(f"{one}.")
    paper.paragraph("`--format json` has the rules of each.", style="faint")


def _tell_flag(paper: Paper, answer: Answer, *, fired: bool) -> None:
    if len(answer.flag) > 1:
        paper.blank()
        paper.paragraph(
            f"What was recorded leaves {len(answer.flag)} cases open; each is told by itself."
        )
    for account in answer.flag:
        paper.blank()
        paper.paragraph(_headline(account, fired=fired), style="cyan")
        for state in account.states[:MOST_STATES]:
            paper.item(f"the state: {state}", style="faint")
        if len(account.states) > MOST_STATES:
            paper.item(f"... and {len(account.states) - MOST_STATES} more", style="faint")
        paper.paragraph("The update of the flag:", indent=2)
        for ruling in account.update:
            paper.item(sentence(ruling, account.connection), indent=4)
        paper.as_it_is(url_of(UPDATE), indent=4, style="faint")
        reasons = _reasons(account)
        because = f"true, because {reasons}" if reasons else "false, nothing asks for it"
        paper.paragraph(f"The check: {because}.", indent=2, hanging=4)
        for ruling in account.check:
            style = "bold" if ruling.outcome is True else ""
            text = sentence(ruling, account.connection)
            paper.item(text, indent=4, mark="*" if style else "-", style="bold" if style else "")
        paper.as_it_is(url_of(CHECK), indent=4, style="faint")


def _headline(account: FlagAccount, *, fired: bool) -> str:
    if not fired:
        return f"{NEEDED} does not fire at this line: {_why_not(account)}."
    if would_fire(account):
        return f"{NEEDED} fired, because something is to be negotiated: {_reasons(account)}."
    return f"{NEEDED} cannot fire here: {_refusal(account)}."


def _why_not(account: FlagAccount) -> str:
    if account.asked == "firing":
        return "the flag was set to true, and it is about to fire"
    asked = {
        "queued": "an update of the flag is queued, and its task",
        "remembered": "an update of the flag is remembered until the chain is empty, and",
        "no": "no update of the flag is queued (nothing has asked for one since the last), and one",
    }[account.asked]
    fires = would_fire(account)
    return f"{asked} would fire it" if fires else f"{asked} would not fire it: {_refusal(account)}"


def would_fire(account: FlagAccount) -> bool:
    """Whether the update, run in this state, fires the event."""
    last = account.update[-1]
    return last.rule.name == "is_flag_already_true" and last.outcome is False


def _refusal(account: FlagAccount) -> str:
    """What keeps the event from firing: the rule at which the update ended."""
    return sentence(account.update[-1], account.connection).rpartition(" (")[0]


def _reasons(account: FlagAccount) -> str:
    """What makes the check true, in short; "" where it is false."""
    reasons = (one for one in account.check if one.outcome is True)
    told = (sentence(one, account.connection).rpartition(" (")[0] for one in reasons)
    return "; ".join(told)


def answer_as_rows(answer: Answer, file: str) -> dict[str, Any]:
    """The answer, for JSON."""
    moment = answer.moment
    return {
        "trace": file,
        "line": moment.line,
        "peer": moment.observation.peer,
        "observed": seen_in_words(moment.seen, moment.methods),
        "finding": None if moment.diagnosis is None else moment.diagnosis.id,
        "besides": [one.id for one in moment.diagnoses[1:]],
        "decided": [
            {
                "shows": account.shows,
                "states": list(account.states),
                "rules": [_row(one, None) for one in account.rulings],
            }
            for account in answer.accounts
        ],
        "flag": [
            {
                "update_is": account.asked,
                "would_fire": would_fire(account),
                "states": list(account.states),
                "update": [_row(one, account.connection) for one in account.update],
                "check": [_row(one, account.connection) for one in account.check],
            }
            for account in answer.flag
        ],
    }


def _row(ruling: Ruling, connection: Connection | None) -> dict[str, Any]:
    return {
        "rule": ruling.rule.name,
        "about": about(ruling),
        "outcome": ruling.outcome if isinstance(ruling.outcome, bool) else str(ruling.outcome),
        "says": sentence(ruling, connection),
        "url": ruling.rule.url,
    }

"""Binding the names that the model invented to those that were observed.

The model creates descriptions with fresh mids, credentials and texts. When the text that a stack
created is seen, it is compared with what the model says (`differences`), and where they agree the
fresh names become the observed ones, everywhere in the state (`bind`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from .description import Description, Section, is_fresh
from .enums import Direction, Kind, SdpType
from .state import Connection, Microtask, Operation, Step, Transceiver, replace

Queued = TypeVar("Queued", Microtask, Step)


_DESCRIPTIONS = tuple(
    one.name for one in msgspec.structs.fields(Connection) if one.type == Description | None
)
"""The slots of a connection that hold a description."""


class Difference(msgspec.Struct, frozen=True):
    """What an observed description says other than the created one.

    `sentence` tells it with the names of the run, `about` without them.
    """

    sentence: str
    about: str


def differences(
    created: Description, observed: Description, *, may_reject: bool = True
) -> tuple[Difference, ...]:
    """In what an observed description differs from the created one.

    `may_reject`: an answer may reject an m-section for want of a common codec. Names that are fresh
    in `created` may be anything that is not taken.
    """
    if observed.problem not in (None, "odd"):
        return (Difference(f"its text is invalid ({observed.problem})", "its text is invalid"),)
    if observed.type is not created.type:
        return (_alike(f"its type is {observed.type}, not {created.type}"),)
    ours, theirs = len(created.sections), len(observed.sections)
    if ours != theirs:
        about = f"too {'few' if theirs < ours else 'many'} m-sections"
        return (Difference(f"it has {theirs} m-sections, not {ours}", about),)
    may_reject = may_reject and created.type is not SdpType.OFFER
    told = list(_section_differences(created, observed, may_reject=may_reject))
    mids = [section.mid for section in observed.sections]
    if len(set(mids)) < len(mids):
        told.append(_alike("a mid is used twice"))
    return (
        *told,
        *_bundle_differences(created, observed),
        *_credential_differences(created, observed),
    )


def _section_differences(
    created: Description, observed: Description, *, may_reject: bool
) -> Iterator[Difference]:
    pairs = zip(created.sections, observed.sections, strict=True)
    for index, (ours, theirs) in enumerate(pairs):
        one = _difference(ours, theirs, may_reject=may_reject)
        if one is not None:
            about = f"an m-section: {one.about}"
            yield Difference(f"m-section {index}: {one.sentence}", about)


def _bundle_differences(created: Description, observed: Description) -> Iterator[Difference]:
    """JSEP says who must be in the BUNDLE group, and not that nobody else may.

    A description that was only renamed has a group under the names that it had.
    """
    pairs = zip(created.sections, observed.sections, strict=True)
    for index, (ours, theirs) in enumerate(pairs):
        wanted = ours.mid in created.bundle and not theirs.rejected
        if wanted and not {ours.mid, theirs.mid} & set(observed.bundle):
            about = "an m-section: it is not in the BUNDLE group"
            yield Difference(f"m-section {index}: it is not in the BUNDLE group", about)


def _difference(ours: Section, theirs: Section, *, may_reject: bool) -> Difference | None:
    if ours.kind is not theirs.kind:
        return _alike(f"its kind is {theirs.kind}, not {ours.kind}")
    if not is_fresh(ours.mid) and ours.mid != theirs.mid:
        is_missing = is_fresh(theirs.mid)
        told = f"{ours.mid} is missing" if is_missing else f"is {theirs.mid}, not {ours.mid}"
        return Difference(f"its mid {told}", "its mid")
    if ours.rejected or theirs.rejected:
        if ours.rejected is theirs.rejected or (may_reject and theirs.rejected):
            return None
        return _alike("it is rejected" if theirs.rejected else "it is not rejected")
    if ours.kind is Kind.APPLICATION:
        return None
    if theirs.direction is not ours.direction:
        sentence = f"its direction is {theirs.direction}, not {ours.direction}"
        return Difference(sentence, "its direction")
    if ours.direction.sends and set(ours.msids) != set(theirs.msids):
        sentence = f"its msids are {_listed(theirs.msids)}, not {_listed(ours.msids)}"
        return Difference(sentence, "its msids")
    return None


def _alike(sentence: str) -> Difference:
    """A difference whose sentence names nothing of one run."""
    return Difference(sentence, sentence)


def _listed(names: tuple[str, ...]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"


def _credential_differences(created: Description, observed: Description) -> tuple[Difference, ...]:
    kept = {name for name in created.ice if not is_fresh(name)}
    if kept and observed.ice and not kept & observed.ice:
        return (_alike("its ICE credentials changed without a restart"),)
    if created.replaced & observed.ice:
        return (_alike("its ICE credentials did not change with a restart"),)
    return ()


def bind(
    connection: Connection,
    created: Description,
    observed: Description,
    *,
    keep_text: bool = False,
    may_reject: bool = True,
) -> Connection | None:
    """The state in which the created description is the observed one, or None if it cannot be.

    `keep_text` leaves the name of the text as it is: a localDescription may have gained candidates.
    """
    if differences(created, observed, may_reject=may_reject):
        return None
    return Binding(created, observed, keep_text=keep_text).connection(connection)


def bind_as_seen(
    connection: Connection, created: Description, observed: Description, *, keep_text: bool = False
) -> Connection | None:
    """The state in which the created description says what the observed one does, right or wrong.

    None: it could not be applied, or names a mid twice.
    """
    mids = {section.mid for section in observed.sections}
    if observed.problem not in (None, "odd") or len(mids) < len(observed.sections):
        return None
    made = tuple(_as_made(created, observed))
    return Binding(created, observed, keep_text=keep_text, made=made).connection(connection)


def _as_made(created: Description, observed: Description) -> Iterator[Section | None]:
    """The created m-section that each observed one is: that of its mid, or another of its kind."""
    mids = {one.mid for one in observed.sections}
    known = {one.mid: one for one in created.sections if one.mid in mids}
    others = [one for one in created.sections if one.mid not in mids]
    for section in observed.sections:
        several = [known[section.mid]] if section.mid in known else others
        ours = next((one for one in several if one.kind is section.kind), None)
        if ours in others:
            others.remove(ours)
        yield ours


def with_mids(
    connection: Connection, description: Description, mids: Mapping[str, str]
) -> Connection | None:
    """The state in which the fresh mids of a description are as told; None if they cannot be."""
    sections = tuple(
        replace(section, mid=mids.get(section.mid, section.mid)) for section in description.sections
    )
    return bind(connection, description, replace(description, sections=sections), keep_text=True)


def with_answered_mids(connection: Connection, answer: Description) -> Connection:
    """The state in which an offer that nobody has seen has the mids that its answer names."""
    offer = connection.pending_local_description
    if offer is None or len(offer.sections) != len(answer.sections):
        return connection
    pairs = zip(offer.sections, answer.sections, strict=True)
    mids = {
        ours.mid: theirs.mid
        for ours, theirs in pairs
        if is_fresh(ours.mid) and not is_fresh(theirs.mid)
    }
    return (with_mids(connection, offer, mids) if mids else None) or connection


def with_offered_mids(connection: Connection, answer: Description) -> Description:
    """The answer with the mids of its offer, where it names none itself."""
    offer = connection.pending_local_description
    if offer is None or len(offer.sections) != len(answer.sections):
        return answer
    sections = tuple(
        replace(theirs, mid=ours.mid) if is_fresh(theirs.mid) else theirs
        for ours, theirs in zip(offer.sections, answer.sections, strict=True)
    )
    return replace(answer, sections=sections)


def is_taken(connection: Connection, created: Description, observed: Description) -> bool:
    """Whether what was just created uses a mid anew, or restarts with current credentials.

    The iceRestart option asks for others than those "visible in currentLocalDescription"; so do
    credentials to replace: those of a pending offer may come again, and remain to be replaced.
    """
    taken = {one.jsep_mid for one in connection.transceivers}
    so_far = connection.current_local_description
    if so_far is not None:
        # Who takes over a rejected m-section gets a new mid (JSEP 5.2.2).
        taken |= {section.mid for section in so_far.sections}
    new = {
        theirs.mid
        for ours, theirs in zip(created.sections, observed.sections, strict=True)
        if is_fresh(ours.mid) and ours.mid not in taken
    }
    restarts = bool(created.ice) and all(is_fresh(name) for name in created.ice)
    replaced = _credentials_in_use(connection, created) if restarts else frozenset()
    return bool(taken & new or replaced & (observed.ice - created.ice))


def _credentials_in_use(connection: Connection, created: Description) -> frozenset[str]:
    current = connection.current_local_description
    is_in_use = current is not None and current.goes_on_in(created.sections)
    return current.ice if current is not None and is_in_use else frozenset()


def _as_answered(section: Section) -> Section:
    """A rejected m-section that was created here receives and sends nothing, whatever it says."""
    return replace(section, direction=Direction.INACTIVE) if section.rejected else section


class Binding:
    """One description's names: fresh mids and credentials to observed ones, in any state.

    The observed one is as the created one says (`differences`); or else `made` tells which created
    m-section each observed one is, if any.
    """

    def __init__(
        self,
        created: Description,
        observed: Description,
        *,
        keep_text: bool,
        made: tuple[Section | None, ...] | None = None,
    ) -> None:
        self._created = created
        self._observed = observed
        self._text = created.sdp if keep_text else observed.sdp
        made = created.sections if made is None else made
        pairs = [*zip(made, observed.sections, strict=True)]
        self._mids: Mapping[str, str] = {
            ours.mid: theirs.mid for ours, theirs in pairs if ours and is_fresh(ours.mid)
        }
        self._sections = tuple(
            replace(_as_answered(theirs), transceiver=ours and ours.transceiver)
            for ours, theirs in pairs
        )
        self._credentials = {name for name in created.ice - observed.ice if is_fresh(name)}
        self._new_credentials = observed.ice - created.ice

    def connection(self, connection: Connection) -> Connection:
        """The state with the observed names."""
        return replace(
            connection,
            **{name: self._description(getattr(connection, name)) for name in _DESCRIPTIONS},
            local_ice_credentials_to_replace=self._ice(connection.local_ice_credentials_to_replace),
            transceivers=tuple(map(self._transceiver, connection.transceivers)),
            removed=tuple(map(self._transceiver, connection.removed)),
            operations=tuple(map(self._operation, connection.operations)),
            microtasks=tuple(map(self._outcome_of, connection.microtasks)),
            steps=tuple(map(self._outcome_of, connection.steps)),
        )

    def _description(self, description: Description | None) -> Description | None:
        if description is None:
            return None
        if description.sdp == self._created.sdp:
            return self._seen(description)
        if not self._mids and not self._credentials:
            return description
        sections = tuple(self._section(section) for section in description.sections)
        bundle = tuple(self._mids.get(mid, mid) for mid in description.bundle)
        return replace(
            description, sections=sections, bundle=bundle, ice=self._ice(description.ice)
        )

    def _seen(self, description: Description) -> Description:
        return replace(
            description,
            sdp=self._text,
            sections=self._sections,
            bundle=tuple(self._mids.get(mid, mid) for mid in self._observed.bundle),
            ice=self._observed.ice or description.ice,
            replaced=self._observed.replaced,
        )

    def _section(self, section: Section) -> Section:
        return replace(section, mid=self._mids.get(section.mid, section.mid))

    def _ice(self, names: frozenset[str]) -> frozenset[str]:
        if not names & self._credentials or not self._observed.ice:
            return names
        return names - self._credentials | self._new_credentials

    def _transceiver(self, transceiver: Transceiver) -> Transceiver:
        slots = transceiver.jsep_mid, transceiver.mid, transceiver.last_stable_jsep_mid
        if not self._mids or slots == (None, None, None):
            return transceiver
        jsep_mid, mid, stable = (self._mids.get(one or "", one) for one in slots)
        return replace(transceiver, jsep_mid=jsep_mid, mid=mid, last_stable_jsep_mid=stable)

    def _operation(self, operation: Operation) -> Operation:
        if operation.description is None and operation.next_description is None:
            return operation
        return replace(
            operation,
            description=self._description(operation.description),
            next_description=self._description(operation.next_description),
        )

    def _outcome_of(self, queued: Queued) -> Queued:
        if queued.outcome.description is None:
            return queued
        changed = replace(queued.outcome, description=self._description(queued.outcome.description))
        return replace(queued, outcome=changed)

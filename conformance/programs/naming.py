"""The names that the model chooses as a stack: mids "0", "1", ..., texts, credentials."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import msgspec

from negotiation.model import Connection, Description, Section, is_fresh
from negotiation.model.binding import bind


def is_created(before: Connection, after: Connection) -> bool:
    """Whether a description may have been created between two states, which has no names yet."""
    return (
        after.last_created_offer is not before.last_created_offer
        or after.last_created_answer is not before.last_created_answer
    )


def named(connection: Connection, peer: str, texts: int) -> tuple[Connection, int]:
    """The connection with its created descriptions named; `texts` counts those named so far."""
    for description in (connection.last_created_offer, connection.last_created_answer):
        if description is not None and is_fresh(description.sdp):
            texts += 1
            chosen = _named(connection, description, f"{peer}{texts}")
            bound = bind(connection, description, chosen)
            if bound is None:
                raise AssertionError("the model cannot bind the names that it chose itself")
            connection = bound
    return connection, texts


def _named(connection: Connection, description: Description, text: str) -> Description:
    used = {one.jsep_mid for one in (*connection.transceivers, *connection.removed)}
    slots = (
        connection.current_local_description,
        connection.current_remote_description,
        connection.pending_local_description,
        connection.pending_remote_description,
    )
    used |= {section.mid for each in slots if each is not None for section in each.sections}
    free = (mid for n in count() if (mid := str(n)) not in used)
    sections = tuple(_with_mid(section, free) for section in description.sections)
    ice = frozenset(f"{text}-ice" if is_fresh(one) else one for one in description.ice)
    kept = frozenset(one for one in description.ice if not is_fresh(one))
    if not description.ice and any(not section.rejected for section in sections):
        ice = frozenset({f"{text}-ice"})
    return msgspec.structs.replace(
        description,
        sdp=text,
        sections=sections,
        ice=_of_one(connection, kept) or ice,
        bundle=tuple(section.mid for section in sections if not section.rejected),
    )


def _of_one(connection: Connection, kept: frozenset[str]) -> frozenset[str]:
    """One pair of credentials of those that may stay: what is pending has replaced the others."""
    pending = connection.pending_local_description
    latest = (kept & pending.ice if pending is not None else kept) or kept
    return frozenset(sorted(latest)[:1])


def _with_mid(section: Section, free: Iterator[str]) -> Section:
    if not is_fresh(section.mid):
        return section
    return msgspec.structs.replace(section, mid=next(free))

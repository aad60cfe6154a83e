"""States that are reached by breaking one rule: what is left in them still belongs together."""

from __future__ import annotations

import msgspec
import pytest

from negotiation.conformance.checking.alternatives import settled_unseen
from negotiation.conformance.checking.seen import Told
from negotiation.model import Arguments, Connection, Specification, Turn
from negotiation.model.state import Microtask, Operation, Stage

SETTLED = Operation(1, "addIceCandidate", Arguments(), stage=Stage.SETTLED)
LEAVING = Microtask("remove", 1)


def leaving(*before: Microtask) -> Connection:
    connection = Specification().initial(None)
    return msgspec.structs.replace(
        connection, operations=(SETTLED,), microtasks=(*before, LEAVING), turn=Turn.TASK
    )


@pytest.mark.parametrize("name", ["reaction", "settled"])
def test_a_promise_whose_caller_has_not_reacted_leaves_the_chain_under_its_new_number(
    name: str,
) -> None:
    # Otherwise it was removed twice, the second time in place of another one.
    after = settled_unseen(leaving(Microtask(name, 1)), Told("resolve", call=1))
    numbers = {one.call for one in after.operations} | {one.call for one in after.microtasks}
    assert len(numbers) == 1
    assert numbers != {1}


def test_what_only_leaves_the_chain_is_another_call_of_the_number() -> None:
    before = leaving()
    assert settled_unseen(before, Told("resolve", call=1)) == before

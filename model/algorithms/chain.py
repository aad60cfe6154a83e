"""The operations chain."""

from __future__ import annotations

from .algorithm import algorithm, step
from .reasons import NAMES, PROMISE

CHAIN = (
    algorithm(
        "#dfn-chain",
        "chain an operation",
        step("1", "Take the connection whose chain it is.", left_out=NAMES),
        step("2", "Closed: return a promise rejected with InvalidStateError."),
        step("3", "Take the operation.", left_out=NAMES),
        step("4", "Make the caller's promise.", left_out=PROMISE),
        step("5", "Put the operation at the end of the chain."),
        step("6", "Execute it at once if it is alone there."),
        step("7", "When the operation's own promise is settled, do what follows."),
        step("7.1", "Closed: stop, and leave the caller's promise pending."),
        step("7.2", "Fulfilled: fulfill the caller's promise alike."),
        step("7.3", "Rejected: reject the caller's promise alike."),
        step("7.4", "When the caller's promise is settled, do what follows."),
        step("7.4.1", "Closed: stop."),
        step("7.4.2", "Take the finished operation out of the chain."),
        step("7.4.3", "Execute the next one, if there is any, and stop."),
        step("7.4.4", "Stop unless an update of the flag was remembered."),
        step("7.4.5", "Forget that it was."),
        step("7.4.6", "Update the negotiation-needed flag."),
        step("8", "Return the caller's promise.", "chained"),
    ),
)

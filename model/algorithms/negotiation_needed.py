"""The negotiation-needed flag."""

from __future__ import annotations

from .algorithm import algorithm, step

NEGOTIATION_NEEDED = (
    algorithm(
        "#dfn-update-the-negotiation-needed-flag",
        "update the negotiation-needed flag",
        step("1", "An operation is in the chain: remember the update and stop."),
        step("2", "Queue a task, so that changes made together fire one event."),
        step("2.1", "Closed: stop."),
        step("2.2", "An operation is in the chain by now: remember the update and stop."),
        step("2.3", 'Not in "stable": stop; the return to it updates again.'),
        step(
            "2.4",
            "Nothing is to be negotiated: clear the flag and stop.",
            "check_if_negotiation_is_needed",
            "clear_negotiation_needed",
        ),
        step("2.5", "The flag is set already: stop."),
        step("2.6", "Set the flag."),
        step("2.7", "Fire negotiationneeded."),
    ),
    algorithm("#dfn-clear-the-negotiation-needed-flag", "clear the negotiation-needed flag"),
    algorithm(
        "#dfn-check-if-negotiation-is-needed",
        "check if negotiation is needed",
        step(
            "1",
            "The implementation has a reason of its own: needed.",
            "may_need_negotiation_anyway",
            "may_change_internally",
        ),
        step("2", "ICE credentials wait to be replaced: needed."),
        step("3", "Compare with the current local description."),
        step("4", "A data channel was created and no m-section negotiated for data: needed."),
        step("5", "Look at each transceiver.", "must_negotiate"),
        step("5.1", "It stops, and is not stopped yet: needed."),
        step("5.2", "It is not stopped, and no m-section is its own: needed."),
        step("5.3", "It is not stopped, and has an m-section: compare.", "must_negotiate_section"),
        step("5.3.1", "It sends, and its streams are not the m-section's msids: needed."),
        step("5.3.2", "We offered: neither side's description has its direction: needed."),
        step("5.3.3", "We answered: not its direction, limited to the offered one: needed."),
        step("5.4", "It is stopped, and neither side's m-section is rejected yet: needed."),
        step("6", "None of this: not needed."),
    ),
)

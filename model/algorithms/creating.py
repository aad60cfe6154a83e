"""createOffer, createAnswer, and the algorithms that they run."""

from __future__ import annotations

from .algorithm import algorithm, step
from .reasons import CERTIFICATES, CODECS, ENCODINGS, NAMES, PROMISE

CREATING_OFFERS = (
    algorithm(
        "#dom-rtcpeerconnection-createoffer",
        "createOffer()",
        step("1", "Take the connection.", left_out=NAMES),
        step("2", "Closed: return a promise rejected with InvalidStateError.", "is_chain_refused"),
        step("3", "Chain creating an offer.", "create_offer_called", "chained"),
    ),
    algorithm(
        "#dfn-create-an-offer",
        "create an offer",
        step("1", 'Neither "stable" nor "have-local-offer": InvalidStateError.'),
        step("2", "Make a promise.", left_out=PROMISE),
        step("3", "Begin the work in parallel.", "execute_create_offer"),
        step("4", "Return the promise.", left_out=PROMISE),
    ),
    algorithm(
        "#dfn-in-parallel-steps-to-create-an-offer",
        "the in-parallel steps to create an offer",
        step("1", "Wait for a certificate.", left_out=CERTIFICATES),
        step("2", "Inspect the state of the system.", "is_working"),
        step("3", "The inspection failed: OperationError.", "run_operation_task"),
        step("4", "Queue a task for the final steps.", "successors"),
    ),
    algorithm(
        "#dfn-final-steps-to-create-an-offer",
        "the final steps to create an offer",
        step("1", "Closed: stop.", "does_task_end_once_closed"),
        step("2", "More has to be inspected: begin the work again.", "finish_creating"),
        step("3", "Write an offer of the connection as it is now."),
        step(
            "3.1",
            "The first transceiver that is not stopped leads the BUNDLE group.",
            left_out="which m-section leads a BUNDLE group is not compared",
        ),
        step("3.2", "Filter the codecs that are preferred.", left_out=CODECS),
        step("3.2.1", "Take the kind."),
        step("3.2.2", "(The text leaves this item empty.)"),
        step("3.2.3", "It sends: only codecs that can be sent."),
        step("3.2.4", "It receives: only codecs that can be received."),
        step("3.3", "Several encodings: tell their RIDs.", left_out=ENCODINGS),
        step("4", "Make a description of the text."),
        step("5", "Remember it in [[LastCreatedOffer]]."),
        step("6", "Resolve with it.", "created"),
    ),
)

CREATING_ANSWERS = (
    algorithm(
        "#dom-rtcpeerconnection-createanswer",
        "createAnswer()",
        step("1", "Take the connection.", left_out=NAMES),
        step("2", "Closed: return a promise rejected with InvalidStateError.", "is_chain_refused"),
        step("3", "Chain creating an answer.", "chained"),
    ),
    algorithm(
        "#dfn-create-an-answer",
        "create an answer",
        step("1", 'Neither "have-remote-offer" nor "have-local-pranswer": InvalidStateError.'),
        step("2", "Make a promise.", left_out=PROMISE),
        step("3", "Begin the work in parallel.", "execute_create_answer"),
        step("4", "Return the promise.", left_out=PROMISE),
    ),
    algorithm(
        "#dfn-in-parallel-steps-to-create-an-answer",
        "the in-parallel steps to create an answer",
        step("1", "Wait for a certificate.", left_out=CERTIFICATES),
        step("2", "Inspect the state of the system.", "is_working"),
        step("3", "The inspection failed: OperationError.", "run_operation_task"),
        step("4", "Queue a task for the final steps.", "successors"),
    ),
    algorithm(
        "#dfn-final-steps-to-create-an-answer",
        "the final steps to create an answer",
        step("1", "Closed: stop.", "does_task_end_once_closed"),
        step("2", "More has to be inspected: begin the work again.", "finish_creating"),
        step("3", "Write an answer of the connection as it is now."),
        step("3.1", "Filter the codecs that are preferred.", left_out=CODECS),
        step("3.1.1", "Take the kind."),
        step("3.1.2", "It sends: only codecs that can be sent."),
        step("3.1.3", "It receives: only codecs that can be received."),
        step("3.2", "Simulcast was asked for: answer it.", left_out=ENCODINGS),
        step("3.2.1", "Keep the first of alternatives."),
        step("3.2.2", "Keep the first of equal RIDs."),
        step("3.2.3", "Leave out RIDs that the sender does not have."),
        step("4", "Make a description of the text."),
        step("5", "Remember it in [[LastCreatedAnswer]]."),
        step("6", "Resolve with it.", "created"),
    ),
)

"""What the model plays as a stack, where the library's programs do not look."""

from __future__ import annotations

import msgspec
import pytest

from negotiation.conformance.programs.language import (
    DescriptionSource,
    Do,
    Edit,
    Program,
    SectionText,
    Step,
)
from negotiation.conformance.programs.model_stack import AS_STACK, run_program, trace_of
from negotiation.conformance.traces import format
from negotiation.model import Specification

AUDIO = (SectionText(kind="audio"),)


def program(*do: Do) -> Program:
    return Program(
        format="negotiation-program",
        version=1,
        name="of-a-test",
        about="",
        rule="#set-description",
        area="",
        steps=(Step(peer="A", do=do),),
    )


def offered(ice: str) -> Do:
    description = DescriptionSource(type="offer", sections=AUDIO, ice=ice)
    return Do(call="setRemoteDescription", description=description, wait=True)


def ending(fragment: str) -> Do:
    candidate = {"candidate": "", "sdpMid": "0", "usernameFragment": fragment}
    return Do(call="addIceCandidate", args={"candidate": candidate}, wait=True)


def test_an_invented_description_has_the_credentials_that_its_summary_tells() -> None:
    played = program(offered("first"), offered("second"), ending("first"), ending("second"))
    lines = trace_of(played, run_program(played))
    first, second = (one for one in lines if isinstance(one, format.Sdp))
    assert [one.summary.sections[0].ice for one in (first, second)] == ["first", "second"]
    assert first.text != second.text
    ends = [type(one) for one in lines if isinstance(one, format.Resolve | format.Reject)]
    assert ends[2:] == [format.Reject, format.Resolve]


@pytest.mark.parametrize("choice", ["default", "other"])
def test_what_set_local_description_resolves_with_is_told_whenever_it_leaves(choice: str) -> None:
    """The finished operation may have left the chain before the caller reacts."""
    readings = AS_STACK.changed({"finished-operation-leaves": choice})
    played = program(
        Do(call="addTransceiver", args={"kind": "audio"}),
        Do(call="setLocalDescription", wait=True),
    )
    emissions = run_program(played, specification=Specification(readings))
    told = [one for one in emissions if isinstance(one.observation, format.Resolve)]
    assert [len(one.descriptions) for one in told] == [1]
    assert msgspec.to_builtins(told[0].observation)["description"]["type"] == "offer"


def summaries(*do: Do) -> list[format.Summary]:
    played = program(*do)
    lines = trace_of(played, run_program(played))
    return [one.summary for one in lines if isinstance(one, format.Sdp)]


def test_an_offer_has_one_pair_of_credentials_where_two_are_in_use() -> None:
    """In have-local-offer they are the current ones, or those that the pending offer restarts."""
    accepting = DescriptionSource(type="answer", sections=AUDIO)
    turned = (Edit(direction=(0, "recvonly")),)
    told = summaries(
        Do(call="addTransceiver", args={"kind": "audio"}),
        Do(call="setLocalDescription", wait=True),
        Do(call="setRemoteDescription", description=accepting, wait=True),
        Do(call="createOffer", args={"options": {"iceRestart": True}}, name="again", wait=True),
        Do(call="setLocalDescription", description=DescriptionSource(result="again"), wait=True),
        Do(call="createOffer", name="once-more", wait=True),
        Do(
            call="setRemoteDescription",
            description=DescriptionSource(type="offer", result="once-more", edits=turned),
        ),
    )
    credentials = [one.sections[0].ice for one in told]
    assert credentials[0] != credentials[2] == credentials[3]


def test_what_an_edit_makes_send_is_in_the_default_stream() -> None:
    offering = DescriptionSource(
        type="offer",
        sections=(SectionText(kind="audio", direction="recvonly"),),
        edits=(Edit(direction=(0, "sendonly")),),
    )
    (told,) = summaries(Do(call="setRemoteDescription", description=offering))
    assert told.sections[0].default_stream

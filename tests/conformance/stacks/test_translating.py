"""What a recorder tells, as lines of a trace."""

from __future__ import annotations

import pytest

from negotiation.conformance.stacks.translating import Translator
from negotiation.conformance.stacks.wire import Began, Ended, Hello, ProtocolError, decoded
from negotiation.conformance.traces.format import (
    Arguments,
    Call,
    Candidate,
    DescriptionRef,
    Event,
    Mark,
    Reading,
    Resolve,
    Sdp,
    Send,
)

TEXT = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\n"
    "a=msid:{stream} track\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=rtcp-mux\r\n"
    "a=fingerprint:sha-256 00\r\na=setup:actpass\r\n"
)


def offer(stream: str) -> DescriptionRef:
    return DescriptionRef("offer", TEXT.format(stream=stream))


def resolve(n: int, description: DescriptionRef | None) -> Resolve:
    return Resolve(n=n, t=0.0, peer="A", call=1, description=description)


def test_a_text_is_told_once_and_first() -> None:
    translator = Translator({})
    first = list(translator.lines(resolve(1, offer("x"))))
    again = list(translator.lines(Send(n=2, t=0, peer="A", message="m", description=offer("x"))))
    other = list(translator.lines(resolve(3, offer("y"))))
    assert isinstance(first[0], Sdp)
    assert first[0].text == offer("x").sdp
    assert first[1] == resolve(1, DescriptionRef("offer", "s1"))
    assert again == [
        Send(n=2, t=0, peer="A", message="m", description=DescriptionRef("offer", "s1"))
    ]
    assert isinstance(other[0], Sdp)
    assert other[0].id == "s2"


def test_summaries_have_the_programs_names_of_streams_and_texts_do_not() -> None:
    line, _ = Translator({"{id}": "cam"}).lines(resolve(1, offer("{id}")))
    assert isinstance(line, Sdp)
    assert line.summary.sections[0].msids == ("cam",)
    assert "a=msid:{id} track" in line.text


def test_streams_that_no_program_made_keep_their_ids() -> None:
    line, _ = Translator({"{id}": "cam"}).lines(resolve(1, offer("far")))
    assert isinstance(line, Sdp)
    assert line.summary.sections[0].msids == ("far",)


def test_candidates_name_the_credentials_of_the_texts() -> None:
    translator = Translator({})
    told, _ = translator.lines(resolve(1, offer("x")))
    assert isinstance(told, Sdp)
    args = Arguments(candidate=Candidate("", sdpMid="0", usernameFragment="abcd"))
    (call,) = translator.lines(Call(n=2, t=0, peer="A", id=1, method="addIceCandidate", args=args))
    assert isinstance(call, Call)
    assert call.args.candidate is not None
    assert call.args.candidate.usernameFragment == told.summary.sections[0].ice


@pytest.mark.parametrize(
    "reference", [None, DescriptionRef(), DescriptionRef("rollback"), DescriptionRef("offer")]
)
def test_what_has_no_text_stays_as_it_is(reference: DescriptionRef | None) -> None:
    assert list(Translator({}).lines(resolve(1, reference))) == [resolve(1, reference)]


def test_even_an_empty_text_is_a_text() -> None:
    told, line = Translator({}).lines(resolve(1, DescriptionRef("offer", "")))
    assert isinstance(told, Sdp)
    assert line == resolve(1, DescriptionRef("offer", told.id))


def test_observations_without_descriptions_stay_as_they_are() -> None:
    event = Event(n=1, t=0.5, peer="A", name="track", transceiver="t1", streams=("cam",))
    mark = Mark(n=2, t=0.5, peer="A", text="<script>")
    translator = Translator({})
    assert [*translator.lines(event), *translator.lines(mark)] == [event, mark]


def test_messages_of_the_page_are_decoded() -> None:
    assert decoded('{"kind":"hello","agent":"x","resolution":0.1}') == Hello("x", 0.1)
    assert decoded('{"kind":"began","streams":{"a":"cam"}}') == Began({"a": "cam"})
    assert decoded('{"kind":"ended"}') == Ended()
    event = (
        '{"kind":"event","n":1,"t":2.5,"peer":"A","task":null,"within":null,'
        '"state":{"signalingState":"stable","transceivers":[],"descriptions":null},'
        '"name":"negotiationneeded","bubbles":false,"cancelable":false}'
    )
    state = Reading("stable", transceivers=())
    assert decoded(event) == Event(
        n=1,
        t=2.5,
        peer="A",
        name="negotiationneeded",
        state=state,
        bubbles=False,
        cancelable=False,
    )


@pytest.mark.parametrize(
    "data", ["", "[]", '{"kind":"nonsense"}', '{"kind":"event"}', b"\xff\xfe", '{"kind":"header"}']
)
def test_other_messages_are_protocol_errors(data: str | bytes) -> None:
    with pytest.raises(ProtocolError):
        decoded(data)

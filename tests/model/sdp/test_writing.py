"""The writer: written texts read back as what they were written for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.model.description import Description, Section
from negotiation.model.enums import Direction, Kind, SdpType
from negotiation.model.sdp import credentials_of, describe, read, write

TEXTS = Path(__file__).with_name("texts")
NAMES = ["c1", "c2", "c3"]
BY_PAIR = {credentials_of(name): name for name in NAMES}
DIRECTIONS = [direction for direction in Direction if direction != Direction.STOPPED]
TYPES = [SdpType.OFFER, SdpType.PRANSWER, SdpType.ANSWER]
AUDIO = Section(Kind.AUDIO, "0", msids=("s1",))
DATA = Section(Kind.APPLICATION, "1")


def real(name: str) -> str:
    return (TEXTS / f"{name}.sdp").read_text("utf-8").replace("\n", "\r\n")


def offer(*sections: Section) -> Description:
    return Description(SdpType.OFFER, sections=sections, ice=frozenset({"c1"}))


def answer(*sections: Section) -> Description:
    return Description(SdpType.ANSWER, sections=sections, ice=frozenset({"c1"}))


def described(text: str, type: SdpType) -> Description:
    return describe(text, type, sdp_name="s1", ice_names=BY_PAIR.__getitem__)


tokens = st.text("abcXYZ019-_.+", min_size=1, max_size=6).filter(lambda token: token != "-")


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    """Descriptions whose names are all bound, with no more credentials than there is room for."""
    sections = tuple(
        Section(
            kind=draw(st.sampled_from(Kind)),
            mid=mid,
            direction=draw(st.sampled_from(DIRECTIONS)),
            rejected=draw(st.booleans()),
            msids=tuple(draw(st.lists(tokens, max_size=2, unique=True))),
        )
        for mid in draw(st.lists(tokens, max_size=4, unique=True))
    )
    room = max(1, sum(not section.rejected for section in sections))
    ice = draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=room))
    return Description(draw(st.sampled_from(TYPES)), sections=sections, ice=frozenset(ice))


@given(descriptions())
def test_a_written_description_says_the_same(description: Description) -> None:
    text = write(description)
    again = described(text, description.type)
    assert again.says_the_same(description)
    assert again.problem is None
    assert text == write(description)
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])


@given(descriptions())
def test_an_answer_to_a_written_offer_says_the_same(description: Description) -> None:
    text = write(description, offer_text=write(description))
    assert described(text, description.type).says_the_same(description)


@given(descriptions(), st.text())
def test_any_text_may_be_answered(description: Description, offer_text: str) -> None:
    assert write(description, offer_text=offer_text).startswith("v=0\r\n")


def test_the_session_is_as_told() -> None:
    text = read(write(offer(), session_id=7, version=3))
    assert (text.session_id, text.version) == ("7", "3")


def test_credentials_are_legal_and_differ_by_name() -> None:
    pairs = {credentials_of(f"c{i}") for i in range(100)}
    assert len(pairs) == 100
    assert {(len(ufrag), len(pwd)) for ufrag, pwd in pairs} == {(8, 32)}
    assert all((ufrag + pwd).isalnum() for ufrag, pwd in pairs)


def test_credentials_may_be_given() -> None:
    pair = ("abcd", "p" * 22)
    text = read(write(offer(AUDIO), credentials=lambda name: pair))
    assert text.credentials == (pair,)


def test_sending_sections_always_have_an_msid_line() -> None:
    text = write(offer(Section(Kind.AUDIO, "0"), Section(Kind.VIDEO, "1", Direction.RECVONLY)))
    assert text.count("a=msid:") == text.count("a=msid:- track-0") == 1


def test_rejected_sections_are_not_bundled() -> None:
    text = read(write(offer(Section(Kind.AUDIO, "0", rejected=True), DATA)))
    assert text.bundle == ("1",)
    assert [section.port for section in text.sections] == [0, 9]


def test_an_answer_takes_over_what_was_offered() -> None:
    text = real("firefox-153-offer")
    offered = read(text)
    taken = answer(
        Section(Kind.AUDIO, "x"), Section(Kind.VIDEO, "y"), Section(Kind.APPLICATION, "z")
    )
    written = write(taken, offer_text=text)
    audio, video, data = read(written).sections
    assert audio.formats == ("109",)
    assert "a=rtpmap:109 opus/48000/2\r\n" in written
    assert "a=fmtp:109 maxplaybackrate=48000" in written
    assert "fmtp:101" not in written
    assert video.formats == ("120",)
    assert "a=rtpmap:120 VP8/90000\r\n" in written
    assert [part.mid for part in (audio, video, data)] == [part.mid for part in offered.sections]
    assert {part.setup for part in (audio, video, data)} == {"active"}


def test_an_answer_without_the_preferred_codec_takes_the_first() -> None:
    (audio, video) = read(
        write(answer(AUDIO, Section(Kind.VIDEO, "1")), offer_text=real("safari-simulcast-offer"))
    ).sections
    assert (audio.formats, video.formats) == (("111",), ("96",))


def test_an_answer_bundles_no_more_than_the_offer() -> None:
    text = write(offer(AUDIO, DATA)).replace("a=group:BUNDLE 0 1\r\n", "")
    assert read(write(answer(AUDIO, DATA), offer_text=text)).bundles == ()


def test_an_answer_to_an_active_offer_is_passive() -> None:
    text = write(offer(DATA)).replace("actpass", "active")
    assert read(write(answer(DATA), offer_text=text)).sections[0].setup == "passive"


def test_data_of_the_old_syntax_is_answered_in_it() -> None:
    text = (
        write(offer(DATA))
        .replace("UDP/DTLS/SCTP webrtc-datachannel", "DTLS/SCTP 5000")
        .replace("a=sctp-port:5000", "a=sctpmap:5000 webrtc-datachannel 1024")
    )
    written = write(answer(DATA), offer_text=text)
    assert "m=application 9 DTLS/SCTP 5000\r\n" in written
    assert "a=sctpmap:5000 webrtc-datachannel 1024\r\n" in written


def test_fresh_mids_become_legal_tokens() -> None:
    assert read(write(offer(Section(Kind.AUDIO, "?1")))).sections[0].mid == "~1"


def test_a_rollback_has_no_text() -> None:
    assert write(Description(SdpType.ROLLBACK)) == ""


def test_what_no_text_can_say() -> None:
    with pytest.raises(ValueError, match="problem 'syntax'"):
        write(Description(SdpType.OFFER, problem="syntax"))
    with pytest.raises(ValueError, match="2 ICE credentials do not fit into 1 m-sections"):
        write(Description(SdpType.OFFER, sections=(AUDIO,), ice=frozenset({"c1", "c2"})))

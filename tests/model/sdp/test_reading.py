"""The reader: real texts, texts that can never be applied, and arbitrary ones.

In `texts/` the files with a version in their names were recorded from that stack, the others were
rewritten by hand after real ones; they are stored with bare newlines.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.model.description import Section
from negotiation.model.enums import Direction, Kind, SdpType
from negotiation.model.sdp import SessionText, credentials_of, describe, read

FILES = sorted(Path(__file__).with_name("texts").glob("*.sdp"))
TEXTS = {file.stem: file.read_text("utf-8").replace("\n", "\r\n") for file in FILES}

UFRAG, PWD = credentials_of("c1")
TRANSPORT = (
    f"a=ice-ufrag:{UFRAG}\r\na=ice-pwd:{PWD}\r\na=fingerprint:sha-256 AB:CD\r\na=setup:actpass\r\n"
)
SESSION = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
)
VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=rtcp-mux\r\n"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\n"
ONE = SESSION + AUDIO + TRANSPORT
BUNDLE = "a=group:BUNDLE 0 1\r\n"
TWO = SESSION + BUNDLE + AUDIO + TRANSPORT + VIDEO + TRANSPORT


def section(attributes: str, session_attributes: str = "") -> SessionText:
    return read(SESSION + session_attributes + AUDIO + TRANSPORT + attributes)


@pytest.mark.parametrize("name", TEXTS)
def test_what_real_stacks_write_has_no_problem(name: str) -> None:
    text = read(TEXTS[name])
    assert (text.problem, text.reason, text.problem_line) == (None, None, None)
    assert text.sections
    assert read(TEXTS[name].replace("\r\n", "\n")) == text


def test_a_chromium_answer_is_read_completely() -> None:
    text = read(TEXTS["chromium-156-answer"])
    assert (text.session_id, text.version) == ("1785651604109304563", "2")
    assert text.bundle == ("0", "1", "2")
    audio, video, data = text.sections
    assert (audio.kind, audio.mid, audio.port, audio.protocol) == (
        "audio",
        "0",
        9,
        "UDP/TLS/RTP/SAVPF",
    )
    assert audio.formats == ("111",)
    assert audio.direction == Direction.RECVONLY
    assert audio.rtcp_mux
    assert audio.setup == "active"
    assert audio.ice == video.ice == data.ice
    assert audio.fingerprints[0].startswith("sha-256 ")
    assert [part.data for part in text.sections] == [False, False, True]
    assert [part.rtp for part in text.sections] == [True, True, False]
    assert len(text.credentials) == 1


def test_bundle_only_sections_are_not_rejected() -> None:
    text = read(TEXTS["gstreamer-offer"])
    assert [(part.port, part.bundle_only) for part in text.sections] == [(9, False), (0, True)]
    assert not any(part.rejected for part in text.sections)


def test_rejected_sections_may_lack_everything() -> None:
    text = read(TEXTS["firefox-153-offer-after-refusal"])
    assert [part.rejected for part in text.sections] == [True, True, True]
    assert [part.ice for part in text.sections] == [None, None, None]
    assert read(SESSION + "m=video 0 UDP/TLS/RTP/SAVPF 0\r\n").problem is None


def test_session_level_fingerprints_and_streams_of_pion() -> None:
    audio, video, data = read(TEXTS["pion-answer"]).sections
    assert audio.fingerprints == data.fingerprints != ()
    assert audio.msids == ("pion",)
    assert video.rejected
    assert video.mid is None


def test_simulcast_and_two_streams_of_safari() -> None:
    audio, video = read(TEXTS["safari-simulcast-offer"]).sections
    assert audio.msids == ()
    assert [msid[-4:] for msid in video.msids] == ["0001", "0002"]
    assert video.rids == video.send_rids == ("hi", "mid", "lo")
    assert video.simulcast == ("hi", "mid", "lo")


def test_no_sections_are_no_problem() -> None:
    text = read(SESSION)
    assert (text.sections, text.problem) == ((), None)


def test_the_direction_is_the_sections_the_sessions_or_sendrecv() -> None:
    assert section("").sections[0].direction == Direction.SENDRECV
    assert section("", "a=inactive\r\n").sections[0].direction == Direction.INACTIVE
    assert section("a=sendonly\r\n", "a=inactive\r\n").sections[0].direction == Direction.SENDONLY


def test_credentials_are_inherited_and_listed_once() -> None:
    text = read(SESSION + TRANSPORT + AUDIO + "a=ice-ufrag:abcd\r\n" + VIDEO)
    assert text.problem is None
    assert text.sections[0].ice == ("abcd", PWD)
    assert text.sections[1].ice == text.ice == (UFRAG, PWD)
    assert text.credentials == ((UFRAG, PWD), ("abcd", PWD))


def test_msids_leave_out_repetitions_and_no_stream() -> None:
    text = section("a=msid:b t\r\na=msid:- t\r\na=msid:a t\r\na=msid:b u\r\na=msid:c\r\n")
    assert text.sections[0].msids == ("b", "a", "c")


def test_unknown_kinds_are_kept() -> None:
    text = read(SESSION + "m=text 9 RTP/AVP 98\r\na=rtcp-mux\r\n" + TRANSPORT)
    assert text.sections[0].kind == "text"
    description = describe(
        SESSION + "m=text 9 RTP/AVP 98\r\n",
        SdpType.OFFER,
        sdp_name="s1",
        ice_names=lambda pair: "c1",
    )
    assert description.sections == (Section(Kind.APPLICATION, "?s1/0", rejected=True),)


def test_a_rejected_section_has_no_credentials_that_anything_restarts_from() -> None:
    """As in a summary, of which the checker makes descriptions."""
    rejected = TWO.replace("m=audio 9", "m=audio 0")
    described = [
        describe(text, SdpType.OFFER, sdp_name="s1", ice_names=lambda pair: pair[0])
        for text in (ONE, ONE.replace("m=audio 9", "m=audio 0"), rejected)
    ]
    assert [len(one.ice) for one in described] == [1, 0, 1]


NO_PROBLEM = {
    "a bandwidth after attributes": ONE + "b=AS:500\r\n",
    "an empty BUNDLE group": SESSION + "a=group:BUNDLE\r\n" + AUDIO + TRANSPORT,
    "no mid and no group": ONE.replace("a=mid:0\r\n", ""),
    "bundled without credentials": SESSION + BUNDLE + AUDIO + TRANSPORT + VIDEO,
    "bundle-only": TWO.replace("m=video 9", "m=video 0") + "a=bundle-only\r\n",
    "a rejected section in the group": TWO.replace("m=video 9", "m=video 0"),
    "two directions": ONE + "a=sendonly\r\na=recvonly\r\n",
    "data without an SCTP port": SESSION + DATA + TRANSPORT,
    "data of the old syntax": SESSION
    + "m=application 9 DTLS/SCTP 5000\r\na=sctpmap:5000 webrtc-datachannel 1024\r\n"
    + TRANSPORT,
    "simulcast of an early Firefox": ONE + "a=rid:1 send\r\na=simulcast: send rid=1\r\n",
    "simulcast with alternatives": ONE
    + "a=rid:1 send\r\na=rid:2 recv\r\na=simulcast:send 1,~1 recv 2\r\n",
    "a malformed rid": ONE + "a=rid:1\r\n",
    "unknown attributes": ONE + "a=x-google-flag:conference\r\na=what ever\r\n",
}

SYNTAX = {
    "a blank line first": ("\r\n" + ONE, 1),
    "a blank line inside": (ONE.replace("m=audio", "\r\nm=audio"), 5),
    "a blank line at the end": (ONE + "\r\n", 14),
    "a line without an end": (ONE[:-2], 13),
    "no version": (ONE.replace("v=0\r\n", ""), 1),
    "another version": (ONE.replace("v=0", "v=1"), 1),
    "no origin": (ONE.replace("o=- 1 2 IN IP4 127.0.0.1\r\n", ""), 2),
    "an origin too short": (ONE.replace(" 127.0.0.1", ""), 2),
    "an origin without numbers": (ONE.replace("o=- 1", "o=- x"), 2),
    "no subject": (ONE.replace("s=-\r\n", ""), 3),
    "an empty subject": (ONE.replace("s=-", "s="), 3),
    "no time": (ONE.replace("t=0 0\r\n", ""), 3),
    "session-level order": (ONE.replace("t=0 0", "a=x\r\nt=0 0"), 5),
    "no key": (ONE + "garbage\r\n", 14),
    "a space before the =": (ONE + "a = x\r\n", 14),
    "an unknown key": (ONE + "x=1\r\n", 14),
    "two texts": (ONE + ONE, 14),
    "a media line without formats": (ONE.replace(" 111\r\n", "\r\n", 1), 5),
    "a port that is no number": (ONE.replace("audio 9", "audio x"), 5),
    "a port out of range": (ONE.replace("audio 9", "audio 99999"), 5),
    "a payload type that is no number": (ONE.replace("SAVPF 111", "SAVPF opus"), 5),
    "a malformed bandwidth": (ONE + "b=AS:x\r\n", 14),
    "a malformed connection": (ONE.replace("c=IN IP4 0.0.0.0", "c=IN IP4"), 6),
    "an empty attribute": (ONE + "a=\r\n", 14),
    "a malformed rtpmap": (ONE.replace("opus/48000/2", "opus"), 9),
    "a malformed fingerprint": (ONE.replace("sha-256 AB", "sha-256:AB"), 12),
    "a malformed candidate": (ONE + "a=candidate:1 1 udp\r\n", 14),
    "an unknown setup": (ONE.replace("actpass", "both"), 13),
    "an msid of three": (ONE + "a=msid:a b c\r\n", 14),
    "an SCTP port that is no number": (SESSION + DATA + "a=sctp-port:x\r\n" + TRANSPORT, 8),
}

CONTENT = {
    "no ufrag": ONE.replace("a=ice-ufrag", "a=x-ufrag"),
    "no password": ONE.replace("a=ice-pwd", "a=x-pwd"),
    "no fingerprint": ONE.replace("a=fingerprint", "a=x-fingerprint"),
    "no setup": ONE.replace("a=setup", "a=x-setup"),
    "a short ufrag": ONE.replace(UFRAG, "abc"),
    "a short password": ONE.replace(PWD, "a" * 21),
    "a long password": ONE.replace(PWD, "a" * 257),
    "data without credentials": SESSION + DATA,
    "one of two without credentials": SESSION + AUDIO + TRANSPORT + VIDEO,
    "the tagged section without credentials": SESSION + BUNDLE + AUDIO + VIDEO + TRANSPORT,
    "two equal mids": TWO.replace("a=mid:1", "a=mid:0").replace("BUNDLE 0 1", "BUNDLE 0"),
    "an unknown mid in BUNDLE": TWO.replace("BUNDLE 0 1", "BUNDLE 0 1 9"),
    "a mid in two groups": TWO.replace(BUNDLE, BUNDLE + "a=group:BUNDLE 1\r\n"),
    "an unknown rid": ONE + "a=rid:1 send\r\na=simulcast:send 1;2\r\n",
}


@pytest.mark.parametrize("name", NO_PROBLEM)
def test_no_pedantry(name: str) -> None:
    text = read(NO_PROBLEM[name])
    assert (text.problem, text.reason) == (None, None)


@pytest.mark.parametrize("name", SYNTAX)
def test_syntax_is_told_with_its_line(name: str) -> None:
    text, line = SYNTAX[name]
    assert (read(text).problem, read(text).problem_line) == ("syntax", line), read(text).reason


def test_an_empty_text_is_told_from_one_that_is_wrong() -> None:
    assert (read("").problem, read("").problem_line) == ("empty", None)
    assert (read("\r\n").problem, read("\r\n").problem_line) == ("syntax", 1)


@pytest.mark.parametrize("name", CONTENT)
def test_content_is_told_with_its_reason(name: str) -> None:
    text = read(CONTENT[name])
    assert (text.problem, text.problem_line) == ("content", None)
    assert text.reason


def test_rtcp_mux_is_reported_before_content() -> None:
    unmuxed = ONE.replace("a=rtcp-mux\r\n", "a=rtcp-mux-only\r\n")
    assert read(unmuxed).problem == "rtcp-mux"
    assert read(unmuxed.replace("a=ice-pwd", "a=x")).problem == "rtcp-mux"
    assert read(unmuxed.replace("audio 9", "audio 0")).problem is None


def test_what_can_be_read_is_read_beside_a_syntax_error() -> None:
    text = read(TWO + "garbage\r\n")
    assert [part.mid for part in text.sections] == ["0", "1"]


def test_a_rollback_has_no_text() -> None:
    description = describe("?", SdpType.ROLLBACK, sdp_name="s1", ice_names=lambda pair: "c1")
    assert (description.sections, description.problem) == ((), None)


def test_a_description_of_a_real_offer() -> None:
    description = describe(
        TEXTS["safari-simulcast-offer"],
        SdpType.OFFER,
        sdp_name="s7",
        ice_names={("n+2K", "1o7uEN/4YJbUvpO4WuCsC2uF"): "c1"}.__getitem__,
    )
    assert (description.sdp, description.ice) == ("s7", frozenset({"c1"}))
    assert [part.mid for part in description.sections] == ["0", "1"]
    assert description.bundle == ("0", "1")


SCRAPS = st.sampled_from(
    ["m=", "m=audio", "a=", "a=mid:", "a=group:", "a=group:BUNDLE", "a=msid:", "a=rid:", "=", "a"]
) | st.text(max_size=8)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real text with lines and characters lost, repeated, moved and made up."""
    lines = draw(st.sampled_from(list(TEXTS.values()))).split("\r\n")
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        cut = draw(st.integers(0, 12))
        changed = [lines[place][:cut], lines[place][cut:], draw(SCRAPS), lines[place]]
        lines[place : place + 1] = draw(st.lists(st.sampled_from(changed), max_size=3)) or [""]
    return draw(st.sampled_from(["\r\n", "\n", "\r"])).join(lines)


@given(mutated() | st.text() | st.text("vosmact=:01 \r\n-/a", max_size=80))
def test_any_text_is_read(text: str) -> None:
    session = read(text)
    assert session.problem in (None, "empty", "syntax", "rtcp-mux", "content")
    assert (session.problem is None) == (session.reason is None)
    assert (session.problem == "syntax") == (session.problem_line is not None)
    assert 1 <= (session.problem_line or 1) <= text.count("\n") + 2
    described = describe(text, SdpType.OFFER, sdp_name="s1", ice_names="/".join)
    assert len(described.sections) == len(session.sections)
    assert described == describe(text, SdpType.OFFER, sdp_name="s1", ice_names="/".join)


@pytest.mark.parametrize("ufrag", ["ab-d", "ab_d", "ab!d", "ab:d"])
def test_characters_that_no_credentials_have_are_odd(ufrag: str) -> None:
    told = read(ONE.replace(UFRAG, ufrag))
    assert (told.problem, told.problem_line) == ("odd", None)
    assert read(ONE.replace(UFRAG, "a+/9")).problem is None


@pytest.mark.parametrize(("type", "problem"), [(63, None), (64, "odd"), (95, "odd"), (96, None)])
def test_the_payload_types_of_rtcp_are_odd_beside_it(type: int, problem: str | None) -> None:
    text = ONE.replace("111", str(type))
    assert read(text).problem == problem
    assert read(text.replace("m=audio 9", "m=audio 0")).problem is None


def test_what_is_wrong_is_told_before_what_is_odd() -> None:
    assert read(ONE.replace("111", "72").replace("a=setup:actpass\r\n", "")).problem == "content"

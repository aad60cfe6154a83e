"""Texts of programs, their edits, and their names and summaries in traces."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.programs.language import DescriptionSource, Edit, Program, SectionText
from negotiation.conformance.programs.model_stack import run_program
from negotiation.conformance.programs.texts import edit, render
from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import Sdp, SectionSummary, Summary
from negotiation.conformance.traces.summaries import Namer
from negotiation.model.sdp import credentials_of, read

AUDIO = SectionText("audio", msids=("s",))
VIDEO = SectionText("video", mid="v", direction="recvonly")
DATA = SectionText("application")
SOURCE = DescriptionSource(sections=(AUDIO, VIDEO, DATA))
TEXT = render(SOURCE)


def test_sections_become_a_text() -> None:
    text = read(TEXT)
    assert text.problem is None
    assert [section.mid for section in text.sections] == ["0", "v", "2"]
    assert [section.setup for section in text.sections] == ["actpass"] * 3
    assert text.credentials == (credentials_of("remote1"),)


def test_an_answer_takes_over_from_the_offer() -> None:
    source = DescriptionSource(type="answer", sections=(AUDIO,), ice="remote2")
    offer = render(DescriptionSource(sections=(SectionText("audio", mid="first"),)))
    text = read(render(source, offer.replace("111", "63")))
    assert (text.sections[0].mid, text.sections[0].formats) == ("first", ("63",))
    assert text.sections[0].setup == "active"


def test_a_given_text_stays_as_it_is() -> None:
    assert render(DescriptionSource(sdp="v=0\n")) == "v=0\n"
    assert render(DescriptionSource(type="rollback")) == ""


def test_other_sources_have_no_text_of_their_own() -> None:
    with pytest.raises(ValueError, match="`sdp` or `sections`"):
        render(DescriptionSource(result="offer"))


def test_edits_leave_all_else_alone() -> None:
    assert edit(TEXT, ()) == TEXT
    assert edit(TEXT, (Edit(),)) == TEXT
    assert edit(TEXT, (Edit(reject=1),)) == TEXT.replace("m=video 9", "m=video 0")
    inactive = edit(TEXT, (Edit(direction=(1, "inactive")),))
    assert inactive == TEXT.replace("recvonly", "inactive")
    assert edit(TEXT, (Edit(append="a=x"),)) == TEXT + "a=x\r\n"


def test_a_direction_is_added_where_there_is_none() -> None:
    edited = edit(TEXT.replace("a=recvonly\r\n", ""), (Edit(direction=(1, "sendonly")),))
    assert [section.direction for section in read(edited).sections] == [
        "sendrecv",
        "sendonly",
        "sendrecv",
    ]


def test_a_section_is_removed() -> None:
    edited = read(edit(TEXT, (Edit(remove=1),)))
    assert [section.mid for section in edited.sections] == ["0", "2"]
    assert edited.problem == "content"


def test_fields_apply_in_their_order_and_edits_one_by_one() -> None:
    edited = read(edit(TEXT, (Edit(reject=0, remove=0, unmux=0), Edit(reject=1))))
    assert [(s.mid, s.rejected, s.rtcp_mux) for s in edited.sections] == [
        ("v", False, False),
        ("2", True, False),
    ]
    assert edited.problem == "rtcp-mux"


def test_an_edit_of_no_section_is_refused() -> None:
    with pytest.raises(ValueError, match="m-section 3, and there are 3"):
        edit(TEXT, (Edit(reject=3),))
    with pytest.raises(ValueError, match="m-section -1"):
        edit(TEXT, (Edit(remove=-1),))


@given(st.text("amv=09\r\n x", max_size=60))
def test_any_text_can_be_appended_to(text: str) -> None:
    edited = edit(text, (Edit(append="a=x"),))
    assert edited.endswith("a=x\r\n")


def test_names_are_given_at_first_sight() -> None:
    namer = Namer()
    assert [namer.sdp(text) for text in ("b", "a", "b")] == ["s1", "s2", "s1"]
    assert [namer.credentials(("u", p)) for p in ("x", "y", "x")] == ["c1", "c2", "c1"]


def test_candidates_have_only_an_ufrag() -> None:
    namer = Namer()
    assert namer.ufrag("late") == "c1"
    assert namer.credentials(("late", "pwd")) == namer.ufrag("late") == "c1"
    assert namer.credentials(("late", "other")) == namer.ufrag("late") == "c2"
    assert namer.credentials(("late", "pwd")) == "c1"


def test_a_text_is_introduced_once() -> None:
    namer = Namer()
    line = namer.introduce(TEXT)
    assert line == Sdp(id="s1", text=TEXT, summary=Namer().summarise(TEXT))
    assert namer.introduce(TEXT) is None


def test_a_summary_tells_what_negotiation_reads() -> None:
    rtp, sctp = "UDP/TLS/RTP/SAVPF", "UDP/DTLS/SCTP"
    assert Namer().summarise(edit(TEXT, (Edit(reject=2),))) == Summary(
        sections=(
            SectionSummary(0, "audio", "0", rtp, msids=("s",), ice="c1"),
            SectionSummary(1, "video", "v", rtp, direction="recvonly", ice="c1"),
            SectionSummary(2, "application", "2", sctp, rejected=True, ice="c1"),
        ),
        bundle=("0", "v", "2"),
    )
    assert Namer().summarise("").problem == "empty"


@given(st.text())
def test_any_text_has_a_summary(text: str) -> None:
    assert Namer().summarise(text) == Namer().summarise(text)


def test_two_written_out_texts_that_are_sent_are_two() -> None:
    sends = [
        {"send": name, "description": {"type": "offer", "sections": [{"kind": kind}]}}
        for name, kind in (("m1", "audio"), ("m2", "video"))
    ]
    given = {
        "format": "negotiation-program",
        "version": 1,
        "name": "sent",
        "about": "sent",
        "rule": "#set-description",
        "area": "sent",
        "peers": ["A"],
        "steps": [{"peer": "A", "do": sends}],
    }
    program = msgspec.convert(given, Program)
    told = [one.observation for one in run_program(program)]
    texts = {
        one.description.sdp
        for one in told
        if isinstance(one, format.Send) and one.description is not None
    }
    assert len(texts) == 2

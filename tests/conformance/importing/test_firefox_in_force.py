"""Pages of about:webrtc from before there was a history: what was in force, and a date."""

from __future__ import annotations

import pytest
from dump_writers.read_back import imported, traces

from negotiation.conformance.traces.format import Call, Idle
from negotiation.conformance.traces.reading import Trace

OFFER = (
    "v=0\no=- 1 0 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=audio 9 UDP/TLS/RTP/SAVPF 109\na=setup:actpass\n"
)
ANSWER = OFFER.replace("- 1 0", "- 2 0").replace("actpass", "active")


def connection(local: str, remote: str, date: str = "Tue Dec 10 2019 15:19:32 GMT-0300") -> str:
    """As Firefox 71 writes it, in Portuguese."""
    return (
        f'<div class="peer-connection"><h3>[ 15032385555 ] https://call.example/ {date} '
        '(Horário Padrão de Brasília)</h3><div class="fold-target"><div><h4>SDP</h4>'
        f"<h5>SDP local (Oferta)</h5><pre>{local}</pre>"
        f"<h5>SDP remoto (Resposta)</h5><pre>{remote}</pre></div></div></div>"
    )


def page(*connections: str) -> dict[str, Trace]:
    whole = (
        '<div id="content"><div class="stats"><h3>Estatísticas da sessão</h3>'
        f"{''.join(connections)}</div>"
        '<div class="log"><h3>Registro de conexão</h3><pre>(registry) 15:19</pre></div></div>'
    )
    return traces(imported(whole.encode("latin-1")))


def sets(trace: Trace) -> list[tuple[str, str | None]]:
    return [
        (one.method, one.args.description.type)
        for _, one in trace.observations
        if isinstance(one, Call) and one.args.description is not None
    ]


LOCAL, REMOTE = "setLocalDescription", "setRemoteDescription"


@pytest.mark.parametrize(
    ("local", "remote", "expected"),
    [
        (OFFER, ANSWER, [(LOCAL, "offer"), (REMOTE, "answer")]),
        (ANSWER, OFFER, [(REMOTE, "offer"), (LOCAL, "answer")]),
        (OFFER, "", [(LOCAL, "offer")]),
    ],
)
def test_what_was_in_force_was_set_in_the_only_order(
    local: str, remote: str, expected: list[tuple[str, str]]
) -> None:
    (trace,) = page(connection(local, remote)).values()
    assert sets(trace) == expected
    assert {peer.begins for peer in trace.header.peers.values()} == {"unknown"}
    assert trace.header.date.startswith("2019-12-10T18:19:32")


def test_nothing_is_told_of_how_long_anything_lasted() -> None:
    later = connection(OFFER, "", "Tue Dec 10 2019 15:16:52 GMT-0300")
    found = page(connection(OFFER, ANSWER), later)
    assert len(found) == 2
    assert not any(isinstance(one, Idle) for _, one in found["connection-2"].observations)


@pytest.mark.parametrize("date", ["", "Tue Dec 99 2019 15:19:32 GMT-0300"])
def test_a_date_may_be_missing(date: str) -> None:
    (trace,) = page(connection(OFFER, ANSWER, date)).values()
    assert trace.header.date.startswith("1970")


def test_a_connection_on_which_nothing_was_set_is_none() -> None:
    assert page(connection("", "")) == {}

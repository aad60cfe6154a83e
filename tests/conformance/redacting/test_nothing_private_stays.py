"""Private texts in every place of every format, and nothing left of them, whole or torn."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.conformance.redacting.files import NoTextError, Redaction
from negotiation.conformance.redacting.json_texts import (
    DEEPEST,
    LONGEST_STRING,
    JsonTexts,
    NestedTooDeeplyError,
)
from negotiation.conformance.redacting.pages import Pages
from negotiation.conformance.redacting.replacing import Replacer
from negotiation.conformance.redacting.texts import Texts
from negotiation.conformance.redacting.times import Times
from negotiation.conformance.redacting.vocabulary import is_of_the_field

FINGERPRINT = ":".join(f"{0xA0 + at:02X}" for at in range(32))
SECRETS = {
    "v4": "10.23.45.67",
    "v6": "2a02:8109:9c40:1234::7",
    "mdns": "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "host": "turn.tea-party-inc.net",
    "user": "zaphod77",
    "password": "hunter2-Secret",
    "ufrag": "Qx7Zw",
    "pwd": "aVeryPrivatePwd/With+Signs",
    "fingerprint": FINGERPRINT,
    "tls": "deadbeefcafe0123456789",
    "session": "6161616161616161616",
    "cname": "cnameOfTrillian",
    "stream": "StreamOfMarvin",
    "track": "0fb2c1d0-1111-4222-8333-444455556666",
    "label": "Fords towel channel",
    "room": "slartibartfast-room",
    "path": "magrathea",
    "token": "eyJhbGciOiJ9.c2VjcmV0.x9",
    "device": "c0ffee00c0ffee00c0ffee00c0ffee00",
    "camera": "Heart-of-Gold Camera",
    "identity": "Arthur Dent",
    "mail": "arthur@earth.example",
    "foundation": "842163049",
    "ssrc": "3141592653",
    "phone": "4915112345678",
}
S = SECRETS
SDP = (
    f"v=0\r\no={S['user']} {S['session']} 2 IN IP4 {S['v4']}\r\ns={S['identity']}\r\nt=0 0\r\n"
    f"i={S['identity']}\r\nu=https://{S['host']}/{S['path']}\r\na=group:BUNDLE 0\r\n"
    f"a=msid-semantic: WMS {S['stream']}\r\na=identity:{S['token']}\r\na=x-own:{S['identity']}\r\n"
    f"m=audio 54321 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 {S['v4']}\r\n"
    f"a=rtcp:9 IN IP6 {S['v6']}\r\na=ice-ufrag:{S['ufrag']}\r\na=ice-pwd:{S['pwd']}\r\n"
    f"a=fingerprint:sha-256 {S['fingerprint']}\r\na=tls-id:{S['tls']}\r\na=setup:actpass\r\n"
    f"a=mid:0\r\na=sendrecv\r\na=msid:{S['stream']} {S['track']}\r\n"
    f"a=candidate:{S['foundation']} 1 udp 2113937151 {S['v4']} 54321 typ srflx raddr {S['v6']} "
    f"rport 9 generation 0 ufrag {S['ufrag']} network-cost 999\r\n"
    f"a=candidate:{S['foundation']} 1 udp 2113937151 {S['mdns']}.local 54321 typ host\r\n"
    f"a=ssrc:{S['ssrc']} cname:{S['cname']}\r\na=ssrc-group:FID {S['ssrc']} 1\r\n"
    f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{S['token']}\r\na=rtpmap:111 opus/48000/2\r\n"
)
SERVERS: list[dict[str, Any]] = [
    {"urls": f"turn:{S['host']}:3478?transport=udp", "username": S["user"]},
    {"urls": [f"stun:{S['v4']}:3478", f"turns:[{S['v6']}]:5349"], "credential": S["password"]},
]
CANDIDATE = f"candidate:{S['foundation']} 1 udp 21 {S['v4']} 5000 typ host ufrag {S['ufrag']}"
PAGE = f"https://{S['host']}/{S['path']}/{S['room']}?token={S['token']}#{S['identity']}"
DEVICE = {"deviceId": S["device"], "label": S["camera"], "groupId": [S["device"]]}
ANYTHING = {
    "displayName": S["identity"],
    "somethingNew": {S["mail"]: S["mail"], "phone": int(S["phone"])},
    "chat": [S["identity"], f"call me: {S['phone']}"],
    "nested": json.dumps({"again": json.dumps({"roomName": S["room"], "token": S["token"]})}),
}


def internals() -> bytes:
    log = [
        ("createOffer", json.dumps({"offerToReceiveAudio": True})),
        ("setLocalDescription", f"type: offer, sdp: {SDP}"),
        ("setRemoteDescription", json.dumps({"type": "answer", "sdp": SDP})),
        ("addIceCandidate", f"sdpMid: 0, sdpMLineIndex: 0, candidate: {CANDIDATE}"),
        ("createDataChannel", f"label: {S['label']}, ordered: true"),
        ("createDataChannel", json.dumps({"label": S["label"]})),
        ("transceiverAdded", f"getTransceivers()[0]:{{track:'{S['track']}',s:['{S['stream']}']}}"),
        ("setRemoteDescriptionOnFailure", f"{S['identity']}: Called in wrong state: stable"),
        ("signalingstatechange", json.dumps("have-local-offer")),
        ("setConfiguration", f"{{ iceServers: [turn:{S['host']}:3478], username: {S['user']} }}"),
    ]
    record = {
        "rtcConfiguration": json.dumps({"iceServers": SERVERS}),
        "url": PAGE,
        "stats": {
            f"RTCIceCandidate_{S['ufrag']}-ip": {"values": json.dumps([S["v4"], S["v6"]])},
            f"RTCCertificate_{S['fingerprint']}-id": {"values": json.dumps([S["fingerprint"]])},
        },
        "updateLog": [{"time": "1.1.2026", "type": type, "value": value} for type, value in log],
    }
    media = {"origin": PAGE, "audio": json.dumps(DEVICE), "audio_track_info": S["camera"]}
    whole = {"getUserMedia": [media], "PeerConnections": {"1-1": record}, **ANYTHING}
    return json.dumps(whole, indent=1).encode()


def rtcstats() -> bytes:
    lines: list[Any] = [
        ["connectionInfo", None, json.dumps({"origin": PAGE, "url": PAGE, **ANYTHING}), 1],
        ["identity", None, ANYTHING, 1],
        ["create", "PC_0", {"iceServers": SERVERS}, 1],
        ["setLocalDescription", "PC_0", {"type": "offer", "sdp": SDP}, 2],
        ["addIceCandidate", "PC_0", {"candidate": CANDIDATE, "usernameFragment": S["ufrag"]}, 3],
        ["createDataChannel", "PC_0", [S["label"], {}], 3],
        ["getUserMedia", None, {"audio": DEVICE}, 3],
        ["addTrack", "PC_0", f"audio:{S['track']} stream:{S['stream']}", 4],
        ["dominantSpeaker", None, S["user"], 4],
        ["getstats", "PC_0", {f"x_{S['ufrag']}": {"ip": S["v4"], "ssrc": int(S["ssrc"])}}, 5],
        [S["user"], S["mail"], S["identity"], 6],
    ]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def trace() -> bytes:
    lines: list[Any] = [
        {"kind": "header", "peers": {S["user"]: {"configuration": {"iceServers": SERVERS}}}},
        {
            "kind": "sdp",
            "id": "s1",
            "text": SDP,
            "summary": {"sections": [{"msids": [S["stream"]]}]},
        },
        {"kind": "call", "method": "addTrack", "args": {"track": f"audio:{S['identity']}"}},
        {"kind": "call", "args": {"label": S["label"], "streams": [S["stream"]]}},
        {"kind": "call", "args": {"candidate": {"candidate": CANDIDATE}}},
        {"kind": "mark", "text": S["identity"]},
        {"kind": "reject", "message": f"{S['mail']} failed"},
        {"kind": "header", "note": S["identity"], **ANYTHING},
    ]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def firefox() -> bytes:
    history = [{"isLocal": True, "sdp": SDP, "errors": [{"lineNumber": 1, "error": S["identity"]}]}]
    report = {"pcid": f"1 (id=2 url={PAGE})", "sdpHistory": history, "browserId": 1, **ANYTHING}
    return json.dumps({"reports": [report]}).encode()


def page() -> bytes:
    text = SDP.replace("\r\n", "\n").replace("&", "&amp;")
    return (
        f'<div id="content" title="{S["identity"]}"><!-- {S["identity"]} --><h3 '
        f"data-l10n-args='{{&quot;url&quot;:&quot;{PAGE}&quot;}}'>{PAGE} {S['identity']}</h3>"
        f'<div id="tab_pane_history_1 (id=1 url={PAGE})"><pre>{text}</pre></div>'
        f"<td>{S['v4']}</td><td>{S['v6']}</td><td>{S['fingerprint']}</td></div>"
    ).encode()


def log() -> bytes:
    line = "0:00:01.000000000 7 0xa {} webrtcbin gstwebrtcbin.c:1:_task:<w> {}\n"
    told = [
        line.format("TRACE", f"SDP contents\n{SDP}"),
        line.format("LOG", f"adding ICE candidate with mline:0, a={CANDIDATE}"),
        line.format("WARN", f"returning error: {S['identity']}"),
        line.replace("webrtcbin g", "souphttp g").format("INFO", PAGE),
        f"my program says: {S['mail']} {S['password']}\n",
    ]
    return "".join(told).encode()


DUMPS = {
    "internals": internals(),
    "rtcstats": rtcstats(),
    "trace": trace(),
    "firefox": firefox(),
    "page": page(),
    "log": log(),
}


def redacted(data: bytes) -> str:
    target = io.BytesIO()
    Redaction(b"s" * 32).redact(io.BytesIO(data), target)
    return target.getvalue().decode()


def pieces_of(secret: str) -> list[str]:
    """The words of a private text that could be known again."""
    words = re.findall(r"[A-Za-z0-9]{5,}", secret)
    return [word for word in words if not is_of_the_field(word)] or [secret]


PIECES = sorted({piece for secret in SECRETS.values() for piece in pieces_of(secret)})


def left(text: str) -> list[str]:
    whole = [secret for secret in SECRETS.values() if secret in text]
    return whole + [piece for piece in PIECES if piece in text]


@pytest.mark.parametrize("name", DUMPS)
def test_nothing_is_left(name: str) -> None:
    assert left(DUMPS[name].decode())
    assert not left(redacted(DUMPS[name]))


@pytest.mark.parametrize("name", DUMPS)
@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 1 << 16))
def test_nothing_is_left_of_a_torn_dump(name: str, at: int) -> None:
    whole = DUMPS[name]
    assert not left(redacted(whole[: at % len(whole)]))


@pytest.mark.parametrize("name", DUMPS)
def test_nothing_is_left_within_gzip(name: str) -> None:
    packed = gzip.compress(DUMPS[name])
    assert redacted(packed) == redacted(DUMPS[name])
    assert not left(redacted(packed[: len(packed) // 2]))


@pytest.mark.parametrize("name", DUMPS)
def test_another_key_makes_other_replacements(name: str) -> None:
    target = io.BytesIO()
    Redaction().redact(io.BytesIO(DUMPS[name]), target)
    assert target.getvalue().decode() != redacted(DUMPS[name])


def test_what_is_needed_stays() -> None:
    told = redacted(DUMPS["internals"])
    for kept in ("setLocalDescription", "Called in wrong state: stable", "have-local-offer"):
        assert kept in told
    for kept in ("a=setup:actpass", "a=mid:0", "opus/48000/2", "typ srflx", "m=audio 54321"):
        assert kept in told
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/142.0.1.2 Zaphod/3"
    made = redacted(json.dumps({"UserAgent": agent}).encode())
    assert "Chrome/142.0.1.2" in made
    assert "Zaphod" not in made


def test_what_is_equal_stays_equal_in_every_place() -> None:
    made = redacted(DUMPS["rtcstats"])
    [ufrag] = set(re.findall(r"a=ice-ufrag:(\w+)", made))
    assert made.count(ufrag) == DUMPS["rtcstats"].decode().count(S["ufrag"])
    assert len(ufrag) == len(S["ufrag"])
    [pwd] = set(re.findall(r"a=ice-pwd:([\w/+]+)", made))
    assert len(pwd) == len(S["pwd"])
    assert re.search(r"\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\b", made)
    assert "2001:db8:" in made


TEXT = st.text(max_size=12) | st.sampled_from(
    ["offer", S["v4"], S["v6"], SDP, CANDIDATE, PAGE, FINGERPRINT, '{"a": ["b"]}', '"x"', "[", "\\"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return [shape(one) for one in value.values()]
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__


@settings(max_examples=300, deadline=None)
@given(value=VALUES.filter(lambda one: isinstance(one, dict | list)))
def test_json_stays_json_of_the_same_shape(value: Any) -> None:
    made = json.loads(redacted(json.dumps(value).encode()))
    assert shape(made) == shape(value)


@settings(max_examples=200, deadline=None)
@given(words=st.lists(st.text("abcXYZ019", min_size=1, max_size=8), min_size=2, max_size=60))
def test_equal_words_stay_equal_and_others_others(words: list[str]) -> None:
    replacer = Replacer(b"k" * 32, is_of_the_field)
    made = [replacer.word(word) for word in words]
    assert [made.index(word) for word in made] == [words.index(word) for word in words]


def in_pieces(data: bytes, size: int) -> bytes:
    texts = Texts(Replacer(b"s" * 32, is_of_the_field))
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(JsonTexts(texts, Times()).redacted(pieces))


MARKUP = (
    '<p title="JohannaDoe > x">hi</p>',
    "<p title='a > b' TITLE = 'JohannaDoe'>x</p>",
    "<JohannaDoe@doe.example>x",
    "<JohannaDoe> hi",
    "<img/src=http://JohannaDoe.example/x>",
    "<p JohannaDoe data-JohannaDoe=x>x</p>",
    '<p style="background: url(http://JohannaDoe/)">x</p>',
    '<!DOCTYPE html SYSTEM "http://JohannaDoe.example/">',
    "<!-- JohannaDoe > JohannaDoe -->",
    '<p title="JohannaDoe',
)


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("markup", MARKUP)
def test_whatever_is_in_a_page_nothing_private_stays(markup: str, size: int) -> None:
    page = f'<html><body class="x">{markup}'
    texts = Texts(Replacer(b"s" * 32, is_of_the_field))
    pieces = (page[at : at + size] for at in range(0, len(page), size))
    made = b"".join(Pages(texts, Times()).redacted(pieces)).decode()
    assert "johannadoe" not in made.lower()
    assert made.startswith('<html><body class="x">')


LINES = (
    "m=JohannaDoe 9 UDP/TLS/RTP/SAVPF 111",
    "t=JohannaDoe",
    "b=JohannaDoe:5",
    "r=7d JohannaDoe",
    "c=JohannaDoe",
    "o=- 1 2 JohannaDoe IP4 1",
    "a=candidate:1 1 JohannaDoe 1 192.0.2.1 5 typ JohannaDoe generation 0 JohannaDoe 1",
    "a=ssrc:1 JohannaDoe:x",
    "a=ssrc-group:JohannaDoe 1",
    "a=fingerprint:JohannaDoe AA:BB",
    "a=ice-options:JohannaDoe",
)


@pytest.mark.parametrize("line", LINES)
def test_what_looks_like_a_line_of_a_description_keeps_nothing_private(line: str) -> None:
    for data in (line, f"hello\n{line}\n", json.dumps({"value": line})):
        assert "johannadoe" not in redacted(data.encode()).lower()


KEPT = (
    "v=0",
    "t=0 0",
    "m=audio 54321 UDP/TLS/RTP/SAVPF 111 0",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "b=AS:2500",
    "b=TIAS:2500000",
    "c=IN IP4 0.0.0.0",
    "a=rtcp:54321 IN IP4 0.0.0.0",
    "a=ice-options:trickle renomination",
)


@pytest.mark.parametrize("line", KEPT)
def test_lines_that_say_nothing_private_stay(line: str) -> None:
    assert redacted(line.encode()) == line


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1000])
def test_how_a_file_is_cut_into_pieces_is_no_matter(size: int) -> None:
    for name in ("internals", "rtcstats", "trace"):
        assert in_pieces(DUMPS[name], size).decode() == redacted(DUMPS[name])


def test_a_string_that_is_too_long_is_not_kept() -> None:
    data = b'{"a": "' + b"secret\\\\" * (LONGEST_STRING // 6) + b'", "type": "offer"}'
    made = redacted(data)
    assert len(made) < 100
    assert json.loads(made).popitem() == ("type", "offer")


UNITS: tuple[str, ...] = (
    "a",
    "a.",
    "a-",
    "ab:",
    "1.",
    "x=",
    "candidate:",
    "sdp: ",
    "label: ",
    "::",
    "http:",
    "a@",
)
UNITS += ("a\n", "0 ", "1:", "\x1b[0m", "[", '\\"', "0:00:00.000000000 0 ", "<", "<a b=", "&")


@pytest.mark.parametrize("unit", UNITS)
def test_long_texts_cost_what_their_length_costs(unit: str) -> None:
    text = unit * (50_000 // len(unit)) + " :"
    begun = time.process_time()
    for start in (
        '{"message": "',
        '{"chat": "',
        "<p>",
        "<p a=",
        "0:00:00.000000000 1 0x1 LOG w a:1:f:",
    ):
        redacted((start + text).encode())
    assert time.process_time() - begun < 10, "quadratic would be a minute"


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(NestedTooDeeplyError):
        redacted(b"[" * (DEEPEST + 1))
    inner = "[" * 5000 + "]" * 5000
    assert json.loads(redacted(json.dumps([inner]).encode()))


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200), start=st.sampled_from([b"", b"{", b"<", b'{"a":"', b"[\xff"]))
def test_anything_can_be_redacted_or_is_no_text(data: bytes, start: bytes) -> None:
    with contextlib.suppress(NoTextError):
        redacted(start + data)


def test_times_move_together() -> None:
    dump = {"timestamp": 1_700_000_000_123.5, "time": "2023-11-14T22:13:20.000Z", "date": "x y"}
    target = io.BytesIO()
    Redaction(b"s" * 32, shift_times=True).redact(io.BytesIO(json.dumps(dump).encode()), target)
    made = json.loads(target.getvalue())
    moved = (dump["timestamp"] - made["timestamp"]) / 86_400_000
    assert moved == int(moved) > 0
    assert made["time"].endswith("T22:13:20.000Z")
    assert made["time"] != dump["time"]
    assert made["date"] == "a time"


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2026-01-31T10:00:00.000Z", "2026-02-01T10:00:00.000Z"),
        ("1/31/2026, 9:15:00 PM", "2/1/2026, 9:15:00 PM"),
        ("31/01/2026, 21:15:00", "01/02/2026, 21:15:00"),
        ("31.1.2026, 21:15:00", "1.2.2026, 21:15:00"),
        ("2026. 1. 31. \uc624\ud6c4 9:15:00", "2026. 2. 1. \uc624\ud6c4 9:15:00"),
        ("1700000000000", "1700086400000"),
        ("31.31.2026", "a time"),
        ("when Arthur called on 1.1.2026", "a time"),
    ],
)
def test_moments_move_in_their_own_form(text: str, moved: str) -> None:
    assert Times(1).text(text) == moved
    assert Times().text(text) == ("a time" if "Arthur" in text else text)


def test_the_report_counts() -> None:
    redaction = Redaction(b"s" * 32)
    redaction.redact(io.BytesIO(DUMPS["rtcstats"]), io.BytesIO())
    report = redaction.report()
    assert report.different["fingerprints"] == 1
    assert report.replaced["IP addresses"] > report.different["IP addresses"] >= 2
    assert report.torn is None

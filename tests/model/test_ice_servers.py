"""What "validate an ICE server URL" refuses; each expectation is derived by hand from its steps."""

from __future__ import annotations

import pytest

from negotiation.model import Configuration, IceServer, Specification
from negotiation.model.ice_servers import server_errors

TAKEN = """
stun:h  STUN:h  sTuNs:h  stun:EXAMPLE.org  stun:a_b  stun:-  stun:a..b  stun:h.  stun:exa%6Dple.org
stun:h:  stun:h:0  stun:h:3478  stun:h:00003478  stun:h:65535
stun:1.2.3.4  stun:1.2.3.4:1  stun:0x7f.1  stun:0  stun:1.2.3.255.  stun:a.1b
stun:[::1]  stun:[::1]:3478  stun:[2001:DB8::1.2.3.4]  stun:\\h
turn:h  turn:h?transport=udp  turns:h:443?transport=tcp
"""
"""Without blanks: 4's basic URL parser takes host and port."""

REFUSED = """
h  :h  1stun:h  http:h  https://h  foo:h
stun:/h  stun://h  stun:h/x  stun:u@h  turn:u@h:1
stun:  turn:?transport=udp  stun::1
stun:h#  stun:h#f  turn:h?transport=udp#  stun:h?  stun:h?transport=udp  stun:h?#
turn:h?  turn:h?transport=UDP  turn:h?transport=tls  turn:h?transport=udp&x  turn:h?transport
stun:h:abc  stun:h:65536  stun:h:99999  stun:h:-1  stun:h:1:2  stun:::1  stun:h:%31
stun:[::1  stun:[::1]x  stun:[]  stun:[1:2]  stun:[::1%25e]  stun:[::01.2.3.4]  stun:x[::1]
stun:1.2.3.4.5  stun:256.1.1.1  stun:1.2.3.256  stun:1..2  stun:09  stun:a.1  stun:a.0x
stun:%00  stun:%2F  stun:%40h  stun:%zz  stun:h%20  stun:a|b  stun:a^b  stun:<h>  stun:%FF
stun:h\\x  stun:\\
"""

BLANKS = {
    " stun:h": None,  # C0 controls and spaces around are taken away
    "stun:h \x00": None,
    "stun:e\tx\nample.org": None,  # tabs and newlines everywhere
    "\tst\run:h": None,
    "stun:exa mple.org": "SyntaxError",  # a space in a host is forbidden
    "stun: h": "SyntaxError",
    "turn:h ?transport=udp": "SyntaxError",
    "turn:h? transport=udp": "SyntaxError",
    "stun:h\x01x": "SyntaxError",
    "stun:h\x7fx": "SyntaxError",
}


def errors(*urls: str, username: str | None = "u", credential: str | None = "c") -> set[str | None]:
    return set(server_errors(IceServer(urls, username, credential)))


@pytest.mark.parametrize("url", TAKEN.split())
def test_a_url_with_a_host_and_perhaps_a_port_is_taken(url: str) -> None:
    assert errors(url) == {None}


@pytest.mark.parametrize("url", REFUSED.split())
def test_a_url_that_is_none_is_refused(url: str) -> None:
    assert errors(url) == {"SyntaxError"}


@pytest.mark.parametrize(("url", "error"), BLANKS.items())
def test_blanks_around_are_taken_away_and_blanks_in_the_host_forbidden(
    url: str, error: str | None
) -> None:
    assert errors(url) == {error}


@pytest.mark.parametrize("url", ["stun:bücher.example", "stun:xn--", "turn:%C3%BC", "stun:a.XN--b"])
def test_names_that_need_tables_of_unicode_may_be_taken_or_refused(url: str) -> None:
    assert errors(url) == {None, "SyntaxError"}


@pytest.mark.parametrize("text", ["stun:h:" + "9" * 9999, "stun:" + "9" * 9999])
def test_numbers_of_any_length_are_read(text: str) -> None:
    assert errors(text) == {"SyntaxError"}


def test_no_url_is_a_syntax_error() -> None:
    assert errors() == {"SyntaxError"}


@pytest.mark.parametrize(
    ("urls", "error"),
    [
        (("turn:h",), "InvalidAccessError"),
        (("turns:h",), "InvalidAccessError"),
        (("stun:h",), None),
        (("stun:h", "turn:h"), "InvalidAccessError"),
        (("turn:h", "http://h"), "InvalidAccessError"),  # all steps for one, then the next
        (("http://h", "turn:h"), "SyntaxError"),
        (("turn:h?",), "SyntaxError"),  # 6 comes before 7
    ],
)
def test_urls_are_validated_one_after_the_other(urls: tuple[str, ...], error: str | None) -> None:
    assert errors(*urls, username=None, credential=None) == {error}


def test_an_uncertain_url_leaves_the_next_ones_open() -> None:
    assert errors("stun:é", "turn:h", username=None) == {"SyntaxError", "InvalidAccessError"}


@pytest.mark.parametrize(
    ("username", "credential", "error"),
    [
        ("u", None, "InvalidAccessError"),
        (None, "c", "InvalidAccessError"),
        ("", "c", "InvalidAccessError"),  # a string of this profile is never empty
        ("u", "", "InvalidAccessError"),
        ("u" * 508, "c" * 509, None),  # fewer than 509 bytes; a password has no limit
        ("u" * 509, "c", "InvalidAccessError"),
        ("ü" * 254, "c", None),
        ("ü" * 255, "c", "InvalidAccessError"),
        ("u\x00", "c", "InvalidAccessError"),
        ("u", "c\n", "InvalidAccessError"),  # no controls
        ("u\ue000", "c", "InvalidAccessError"),  # nor what is for private use
        ("u", "\ud800", "InvalidAccessError"),
        ("1700000000:jörg x", "π ß", None),
    ],
)
def test_turn_needs_credentials_that_its_protocol_can_carry(
    username: str | None, credential: str | None, error: str | None
) -> None:
    assert errors("turn:h", username=username, credential=credential) == {error}


def test_stun_needs_none() -> None:
    assert errors("stun:h", username="", credential=None) == {None}


@pytest.mark.parametrize(
    ("urls", "error"),
    [
        ([], None),
        (["stun:h", "turn:h"], "InvalidAccessError"),
        (["turn:h", "http://h"], "InvalidAccessError"),
        (["http://h", "turn:h"], "SyntaxError"),
        (["turn:h", ""], "InvalidAccessError"),  # 6.3 of the second comes after 6.4 of the first
    ],
)
def test_the_first_server_that_is_wrong_decides(urls: list[str], error: str | None) -> None:
    """Set a configuration 6: all steps for one server, then the next."""
    servers = tuple(IceServer((url,) if url else ()) for url in urls)
    assert Specification().ice_servers_errors(Configuration(servers)) == {error}

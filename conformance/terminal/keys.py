"""The keys, as less, tig and lazygit have them: what they do, and the page of help."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """Keys (as Textual calls them), how they are written, the action, and what it does."""

    keys: str
    shown: str
    action: str
    does: str


KEYS: dict[str, tuple[Key, ...]] = {
    "Moving": (
        Key("j,down", "j, Down", "step(1)", "the next line"),
        Key("k,up", "k, Up", "step(-1)", "the line before"),
        Key("pagedown,space,ctrl+f", "PgDn, Space", "page(1)", "a page down"),
        Key("pageup,b,ctrl+b", "PgUp, b", "page(-1)", "a page up"),
        Key("ctrl+d", "Ctrl-D", "page(0.5)", "half a page down"),
        Key("ctrl+u", "Ctrl-U", "page(-0.5)", "half a page up"),
        Key("g,home", "g, Home", "first", "the story, at the top"),
        Key("G,end", "G, End", "last", "the last line"),
        Key("colon,l", ":, l", "ask_line", "go to a line (or type its number)"),
        Key(
            "percent_sign,m",
            "%, m",
            "partner",
            "what belongs to it: a call's end, an arrival",
        ),
    ),
    "Finding": (
        Key("f,right_square_bracket", "f, ]", "finding(True)", "the next finding"),
        Key("F,left_square_bracket", "F, [", "finding(False)", "the finding before"),
        Key("slash", "/", "ask_text", "search in words, states and findings"),
        Key("n", "n", "again(True)", "the next match"),
        Key("N", "N", "again(False)", "the match before"),
    ),
    "Showing": (
        Key("o", "o", "only_findings", "only lines with findings, or all"),
        Key("p", "p", "next_peer", "only one peer, the next one, all"),
        Key("t", "t", "next_kind", "only calls, events, messages, all"),
        Key("x", "x", "everything", "all lines again"),
        Key("s", "s", "states", "tell the possible states, or not"),
        Key("J,shift+down", "J", "scroll(1)", "the text below: a line down"),
        Key("K,shift+up", "K", "scroll(-1)", "the text below: a line up"),
        Key("enter", "Enter", "zoom", "the text on the whole screen, and back"),
    ),
    "Leaving": (
        Key("question_mark,h,f1", "?, h", "help", "these keys"),
        Key("escape", "Esc", "back", "back from a text, a search, a filter"),
        Key("q", "q", "leave", "quit"),
    ),
}

ACTIONS: dict[str, str] = {
    key: one.action for keys in KEYS.values() for one in keys for key in one.keys.split(",")
} | {str(digit): f"ask_line('{digit}')" for digit in range(1, 10)}
"""The action of each key."""

"""Markup as a stream: tags, what their attributes say, and the text between them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from .json_texts import JsonTexts
from .texts import Texts
from .times import Times

LONGEST_PART = 4 * 1024 * 1024
"""Bytes of a tag, or of a text between two, that are redacted as one."""

_VALUE = r"""=\s*+(?:"[^"]*"|'[^']*'|(?!["']))"""
_PART = re.compile(rf"""<(?:[^>"'=]++|{_VALUE}|["'])*+>|[^<]+""", re.DOTALL)
_ELEMENT = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_HTML = """
a abbr b body br button caption code col colgroup dd details div dl dt em fieldset footer form
h1 h2 h3 h4 h5 h6 head header hr html i iframe img input label legend li link main mark menu meta
nav noscript ol option output p pre progress script section select small source span strong style
summary sup svg table tbody td textarea tfoot th thead time title tr track u ul video
"""
_ELEMENTS = frozenset(_HTML.split())
"""What is in a tag of another name is no markup, as far as anybody knows."""

_HARMLESS = frozenset(
    ("class", "data-l10n-id", "type", "hidden", "lang", "dir", "charset", "rel", "checked", "open")
)
_NAMED = _HARMLESS | {"id", "name", "data-l10n-args", "href", "src", "title", "value", "style"}
"""Attributes that keep their names; of the harmless ones the values stay, too."""


class Pages:
    """Redacts a page."""

    def __init__(self, texts: Texts, times: Times) -> None:
        self._texts = texts
        self._times = times

    def redacted(self, pieces: Iterable[str]) -> Iterator[bytes]:
        """The bytes of the page, in UTF-8."""
        buffer, wanted = "", 0
        for piece in pieces:
            buffer += piece
            if len(buffer) < wanted:
                continue
            made, buffer = self._parts(buffer, is_end=len(buffer) > LONGEST_PART)
            yield made.encode("utf-8", "replace")
            wanted = 2 * len(buffer)
        made, _ = self._parts(buffer, is_end=True)
        yield made.encode("utf-8", "replace")

    def _parts(self, buffer: str, *, is_end: bool) -> tuple[str, str]:
        """What the parts become, and what is left because it may go on; at the end nothing is."""
        made: list[str] = []
        at = 0
        while found := _PART.match(buffer, at):
            if found.end() == len(buffer) and not is_end and not found[0].startswith("<"):
                break
            made.append(self._tag(found[0]) if found[0].startswith("<") else self._text(found[0]))
            at = found.end()
        if is_end and at < len(buffer):
            made.append(self._text(buffer[at:]))
            at = len(buffer)
        return "".join(made), buffer[at:]

    def _tag(self, tag: str) -> str:
        """The tag anew, of what is understood in it."""
        if tag.startswith("<!"):  # a comment says nothing that is needed
            return tag if tag.lower() == "<!doctype html>" else ""
        element = _ELEMENT.match(tag)
        if element is None or element[1].lower() not in _ELEMENTS:
            return self._text(tag)
        attributes = map(self._attribute, _ATTRIBUTE.finditer(tag, element.end()))
        return f"{element[0]}{''.join(attributes)}{'/>' if tag.endswith('/>') else '>'}"

    def _attribute(self, found: re.Match[str]) -> str:
        name, value = found[1].lower(), found[2]
        told = found[1] if name in _NAMED else self._texts.known(found[1])
        return f" {told}" if value is None else f' {told}="{html.escape(self._value(name, value))}"'

    def _value(self, name: str, quoted: str) -> str:
        value = html.unescape(quoted.strip("\"'"))
        if name in _HARMLESS:
            return value
        if name != "data-l10n-args":
            return self._texts.known(value)
        data = value.encode("utf-8", "replace")
        return b"".join(JsonTexts(self._texts, self._times).redacted([data])).decode()

    def _text(self, text: str) -> str:
        if not text.strip():
            return text
        return html.escape(self._texts.known(html.unescape(text)), quote=False)

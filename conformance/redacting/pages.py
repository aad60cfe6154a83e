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

_PART = re.compile(r"<[^>]*>|[^<]+", re.DOTALL)
_ATTRIBUTE = re.compile(r"""(\s[\w:-]+)(=)("[^"]*"|'[^']*'|[^\s>"']+)""")
_HARMLESS = frozenset(
    ("class", "data-l10n-id", "type", "style", "hidden", "lang", "dir", "charset", "rel", "checked")
)


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
        made, rest = self._parts(buffer, is_end=True)
        yield (made + self._text(rest)).encode("utf-8", "replace")

    def _parts(self, buffer: str, *, is_end: bool) -> tuple[str, str]:
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
        if tag.startswith("<!") and not tag.lower().startswith("<!doctype"):
            return ""  # a comment says nothing that is needed
        return _ATTRIBUTE.sub(self._attribute, tag)

    def _attribute(self, found: re.Match[str]) -> str:
        name = found[1].strip().lower()
        if name in _HARMLESS:
            return found[0]
        value = html.unescape(found[3].strip("\"'"))
        if name == "data-l10n-args":
            data = value.encode("utf-8", "replace")
            made = b"".join(JsonTexts(self._texts, self._times).redacted([data])).decode()
        else:
            made = self._texts.known(value)
        return f'{found[1]}="{html.escape(made)}"'

    def _text(self, text: str) -> str:
        if not text.strip():
            return text
        return html.escape(self._texts.known(html.unescape(text)), quote=False)

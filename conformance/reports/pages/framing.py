"""A page as one HTML file: no request to anywhere, and nothing from a trace is markup.

A page is a frame with slots for a title, a style, a body, a script, and data. The data stands in
the page as JSON in which no markup can begin; the script makes text nodes of it and nothing else.
The policy admits exactly this script and this style, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

_SLOT = re.compile(r"<!--(policy|title|style|body|data|script)-->")


def framed(package: str, title: str, data: Any, scripts: Sequence[str] = ("page.js",)) -> str:
    """The page of a package: its page.html, page.css and page.js around the data.

    `frame.html` is what stands around the body that page.html has. `paper.css` (the look) comes
    before the page's own style, `elements.js` (`make`, `link`) before its `scripts`.
    """
    style = _file(__package__, "paper.css") + _file(package, "page.css")
    script = _file(__package__, "elements.js") + "".join(_file(package, one) for one in scripts)
    filled = {
        "policy": _policy(style, script),
        "title": title,
        "style": style,
        "body": _file(package, "page.html"),
        "data": inert(data),
        "script": script,
    }
    return _SLOT.sub(lambda slot: filled[slot[1]], _file(__package__, "frame.html"))


def inert(data: Any) -> str:
    """JSON in ASCII without a sign that could end the element, or begin another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _file(package: str, name: str) -> str:
    return (files(package) / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or run but what is hashed here; no string becomes markup."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"

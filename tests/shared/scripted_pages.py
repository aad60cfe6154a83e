"""A page of its own for a script, with the shim in it or without; and what it has recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright_pages import ADDRESS


def evaluated(browser: Any, script: str, text: str | None) -> Any:
    """What the script gives in a page of its own, with the shim's text in it or without."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.route("**", lambda route: route.fulfill(body="<p>", content_type="text/html"))
        if text is not None:
            page.add_init_script(text)
        page.goto(ADDRESS)
        return page.evaluate(f"(async () => {{ {script} }})()")
    finally:
        context.close()


def closed_at(text: str) -> int:
    """The line from which on the page recorder, which closes what it made, sees nothing more."""
    lines = text.splitlines()
    closes = [n for n, line in enumerate(lines, 1) if '"method":"close"' in line]
    return max(closes, default=len(lines) + 1)


def kept_in(trace: dict[str, str], folder: Path) -> str:
    file = folder / f"{trace['name']}.jsonl"
    file.write_text(trace["text"])
    return str(file)

"""Which browser wrote a dump, by its UserAgent and the brands that it claims."""

from __future__ import annotations

import re
from collections.abc import Mapping

from negotiation.conformance.traces.format import Stack

_AGENTS = {
    "Edg": "edge",
    "EdgA": "edge",
    "OPR": "opera",
    "SamsungBrowser": "samsung-internet",
    "YaBrowser": "yandex",
    "Vivaldi": "vivaldi",
    "Electron": "electron",
    "QtWebEngine": "qtwebengine",
    "HeadlessChrome": "chromium",
    "Chromium": "chromium",
    "Chrome": "chrome",
}
"""Names of products in a UserAgent, the most telling first, and what the stack is called."""

_BRANDS = {
    "Microsoft Edge": "edge",
    "Opera": "opera",
    "Brave": "brave",
    "Vivaldi": "vivaldi",
    "YaBrowser": "yandex",
    "Samsung Internet": "samsung-internet",
    "Google Chrome": "chrome",
    "HeadlessChrome": "chromium",
    "Chromium": "chromium",
}

_OWN = ("electron", "qtwebengine")
"""Stacks whose brands are those of Chromium alone; the UserAgent knows better."""

_ENGINE = "Chromium"
_VERSION = re.compile(r"[0-9][0-9.]{0,40}")
_PLATFORM = re.compile(r"\(([A-Za-z0-9 ;:._/-]{1,80})\)")


def stack_of(agent: str, brands: Mapping[str, str]) -> Stack:
    """The stack that is named; a Chromium of no version where nothing is.

    `platform` also names the Chromium in browsers that count otherwise.
    """
    agent = agent[:2000]
    name, version = _by_agent(agent)
    branded = next(((_BRANDS[one], brands[one]) for one in _BRANDS if one in brands), None)
    if branded is not None and name not in _OWN and _VERSION.fullmatch(branded[1]):
        name, version = branded
    engine = brands.get(_ENGINE, "") or _product(agent, "Chrome") or ""
    where = match[1] if (match := _PLATFORM.search(agent)) else ""
    if name not in ("chrome", "chromium") and _VERSION.fullmatch(engine):
        where = f"{where}; Chromium {engine}" if where else f"Chromium {engine}"
    return Stack(name, version, where)


def _by_agent(agent: str) -> tuple[str, str]:
    for product, name in _AGENTS.items():
        version = _product(agent, product)
        if version is not None:
            return name, version
    return "chromium", ""


def _product(agent: str, product: str) -> str | None:
    match = re.search(rf"(?:^|\s){product}/([0-9][0-9.]{{0,40}})", agent)
    return None if match is None else match[1]

"""In which order the site has its pages: the sections of its contents."""

from __future__ import annotations

from pathlib import Path

import msgspec

from negotiation.conformance.checking.findings import FINDINGS


class Section(msgspec.Struct, frozen=True):
    """A section of the contents.

    `pages` are places without their ending; "*" takes what a folder has.
    """

    title: str
    pages: tuple[str, ...]


TUTORIALS = (
    "failed-call",
    "playwright",
    "aiortc",
    "stack",
    "node-stack",
    "gate",
    "specification",
)

SECTIONS = (
    Section("Tutorials", tuple(f"tutorials/{name}" for name in TUTORIALS)),
    Section(
        "Using it",
        (
            "commands",
            "gate",
            "reports",
            "pytest",
            "replay",
            "diagrams",
            "dumps",
            "redact",
            "shim",
            "expectations",
            "fuzzing",
            "fuzzing-recordings",
            "reproduce",
            "coverage",
            "matrix",
            "programs",
            "adapters",
            "trace-format",
        ),
    ),
    Section("What it knows", ("findings/index", "rules/index", "readings")),
    Section(
        "Measured",
        (
            "gallery",
            "compatibility",
            "fuzzing-found",
            "fuzzing-mutations",
            "stacks/*",
            "confirmations",
        ),
    ),
    Section("The project", ("project/*",)),
)

INSIDE = {
    "findings/index": tuple(f"findings/{id}" for id in FINDINGS),
    "rules/index": ("rules/*",),
}
"""Pages that hold contents of their own."""


def add_contents(staging: Path) -> None:
    """Write the contents at the end of the pages that have some."""
    for page, inside in INSIDE.items():
        _append(staging / f"{page}.md", [_contents(staging, Section("", inside), page)])
    _append(staging / "index.md", [_contents(staging, one, "index") for one in SECTIONS])


def _append(page: Path, contents: list[str]) -> None:
    page.write_text("\n".join([page.read_text("utf-8"), *contents]), "utf-8")


def _contents(staging: Path, section: Section, page: str) -> str:
    pages = [
        f"/{one}" for entry in section.pages for one in matching(staging, entry) if one != page
    ]
    caption = [f":caption: {section.title}"] if section.title else []
    return "\n".join(["```{toctree}", ":hidden:", ":titlesonly:", *caption, "", *pages, "```", ""])


def matching(staging: Path, entry: str) -> list[str]:
    """The pages that an entry of a section means, without their ending."""
    found = sorted(staging.glob(f"{entry}.md"))
    return [path.relative_to(staging).with_suffix("").as_posix() for path in found]

"""The site: pages gathered, pages generated, and Sphinx over both."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import finding_pages
import gallery_page
import gathering
import readings_page
import replays
import rule_pages
import sections
import sightings
from pygments.lexers.data import JsonLexer
from sphinx.application import Sphinx

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.reports.matrix.cells import Matrix
from negotiation.conformance.reports.matrix.page import matrix_as_page

SETTINGS = {
    "project": "negotiation",
    "author": "the authors of negotiation",
    "extensions": ["myst_parser"],
    "html_theme": "furo",
    "html_title": "negotiation",
    "html_show_sphinx": False,
    "html_show_sourcelink": False,
    "html_copy_source": False,
    "myst_heading_anchors": 4,
    "highlight_language": "none",
    "html_static_path": [str(Path(__file__).parent / "static")],
    "html_css_files": ["site.css"],
    "exclude_patterns": ["extra/**"],
    "html_extra_path": ["extra"],
    "suppress_warnings": ["myst.header"],
}
"""What Sphinx is told; there is no conf.py."""

Tell = Callable[[str], None]


class BuildError(Exception):
    """Sphinx could not build the site, or had something to complain about."""


def build(root: Path, output: Path, matrix: Matrix, tell: Tell) -> int:
    """Build the site from the repository at `root` into `output`; returns the number of pages.

    Raises:
        BrokenLinkError: a page leads to nothing.
        BuildError: Sphinx complains (what it says was printed), or `output` holds something else.
    """
    if output.exists() and any(output.iterdir()) and not (output / "searchindex.js").exists():
        raise BuildError(f"{output} holds something else, which would be lost: name another")
    with tempfile.TemporaryDirectory() as folder:
        staging = Path(folder) / "pages"
        tell("gathering pages")
        gathering.gather(root, staging)
        tell("writing pages of findings, rules and readings")
        seen = sightings.seen_in(matrix)
        in_gallery = gallery_page.shown(seen)
        _generate(staging, matrix, seen, in_gallery)
        tell("replaying what the gallery shows")
        replays.write_replays(staging / "extra", {one.trace for one in in_gallery})
        sections.add_contents(staging)
        tell("building")
        _sphinx(staging, output, Path(folder) / "doctrees")
    return sum(1 for _ in output.rglob("*.html"))


def _generate(
    staging: Path,
    matrix: Matrix,
    seen: Sequence[sightings.Seen],
    in_gallery: Sequence[sightings.Seen],
) -> None:
    written = {
        "findings/index.md": finding_pages.findings_index(),
        "readings.md": readings_page.readings_page(),
        "index.md": (Path(__file__).parent / "landing.md").read_text("utf-8"),
        "gallery.md": gallery_page.gallery_page(matrix, seen),
        "extra/matrix.html": matrix_as_page(matrix),
        **rule_pages.rule_pages(),
    }
    for kind in FINDINGS.values():
        shown = [one for one in seen if one.id == kind.id]
        page = finding_pages.finding_page(kind, shown, in_gallery)
        written[f"findings/{kind.id}.md"] = page
    for place, text in written.items():
        target = staging / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def _sphinx(staging: Path, output: Path, doctrees: Path) -> None:
    shutil.rmtree(output, ignore_errors=True)
    site = Sphinx(
        staging,
        None,
        output,
        doctrees,
        "html",
        confoverrides=SETTINGS,
        status=None,
        warningiserror=True,
    )
    site.add_lexer("jsonl", JsonLexer)
    site.build()
    if site.statuscode:
        raise BuildError("Sphinx complains of the pages; what it says is above")

"""The documentation site: what links become, what each page says, and that none is forgotten."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import finding_pages
import gathering
import pytest
import readings_page
import rule_pages
import sections
from documented import ROOT

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.model import Specification, rules_of
from negotiation.model.algorithms import ALGORITHMS
from negotiation.model.readings import FREEDOMS, INTERPRETATIONS

FEW = "traces/wrtc/0.1.0/first-change.jsonl.gz"


def repository(folder: Path, **pages: str) -> Path:
    """A repository with these pages in docs/, a file of code, and one of its folders."""
    (folder / "docs").mkdir(parents=True)
    (folder / "model").mkdir()
    (folder / "model" / "flag.py").write_text("flag = True\n")
    (folder / "README.md").write_text("# Read me\n\n[one](docs/one.md)\n")
    for name, text in pages.items():
        (folder / "docs" / f"{name}.md").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("[a](../README.md)", "[a](project/readme.md)"),
        ("[a](../README.md#try-it)", "[a](project/readme.md#try-it)"),
        ("[`a`](../model/)", "`a`"),
        ("[a](../model/flag.py)", "[a](files/model/flag.py)"),
        ("[a](https://example.org/x)", "[a](https://example.org/x)"),
        ("[a](#below)", "[a](#below)"),
        ("    [a](nowhere.md)", "    [a](nowhere.md)"),
        ("```\n[a](nowhere.md)\n```", "```\n[a](nowhere.md)\n```"),
    ],
)
def test_what_becomes_of_a_link(written: str, becomes: str, tmp_path: Path) -> None:
    root = repository(tmp_path / "root", one=f"{written}\n")
    gathering.gather(root, tmp_path / "pages")
    assert (tmp_path / "pages" / "one.md").read_text() == f"{becomes}\n"


def test_a_repository_may_be_anywhere(tmp_path: Path) -> None:
    root = repository(tmp_path / "site" / "root", one="one\n")
    assert set(gathering.gather(root, tmp_path / "pages")) == {"one.md", "project/readme.md"}


def test_a_file_that_a_page_leads_to_is_there(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", one="[a](../model/flag.py)\n")
    gathering.gather(root, tmp_path / "pages")
    assert (tmp_path / "pages" / "files/model/flag.py").read_text() == "flag = True\n"


@pytest.mark.parametrize("target", ["nowhere.md", "../../outside.md", "../model/none.py"])
def test_a_link_to_nothing_is_an_error(target: str, tmp_path: Path) -> None:
    root = repository(tmp_path / "root", one=f"one\n\n[a]({target})\n")
    with pytest.raises(gathering.BrokenLinkError, match=re.escape(f"docs/one.md:3: {target}")):
        gathering.gather(root, tmp_path / "pages")


def test_every_page_of_the_repository_is_in_the_contents(tmp_path: Path) -> None:
    places = gathering.gather(ROOT, tmp_path)
    listed = {
        page
        for section in sections.SECTIONS
        for entry in section.pages
        for page in sections.matching(tmp_path, entry)
    }
    assert {place.removesuffix(".md") for place in places} <= listed


def test_a_finding_has_a_page_with_an_example() -> None:
    index = finding_pages.findings_index()
    for kind in FINDINGS.values():
        assert f"[{kind.id}]({kind.id}.md)" in index
        page = finding_pages.finding_page(kind, [])
        assert page.startswith(f"# {kind.id}: ")
        assert "What the checker says of it:" in page


def test_every_rule_and_every_step_is_on_a_page() -> None:
    pages = rule_pages.rule_pages()
    told = "\n".join(pages.values())
    for rule in rules_of(Specification):
        assert told.count(f"\n## {rule}\n") == 1, rule
    for algorithm in ALGORITHMS:
        page = pages[f"rules/{rule_pages.name_of(algorithm)}.md"]
        for step in algorithm.steps:
            assert f"\n| {step.number} | " in page


def test_every_freedom_and_reading_is_told() -> None:
    page = readings_page.readings_page()
    for name in (*FREEDOMS, *INTERPRETATIONS):
        assert name in page


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    command = [sys.executable, "docs/site", str(tmp_path), "--traces", FEW]
    settings = {"PYTHONPATH": str(ROOT / ".src")}
    pytest.importorskip("sphinx", reason="the site is built with pip install '.[site]'")
    ran = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "would be lost" in ran.stderr
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.slow
def test_the_site_is_built_without_a_complaint(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the site is built with pip install '.[site]'")
    site = tmp_path / "site"
    command = [sys.executable, "docs/site", str(site), "--traces", "traces/wrtc"]
    subprocess.run(command, cwd=ROOT, check=True, env={"PYTHONPATH": str(ROOT / ".src")})
    for place in ("index", "gallery", "readings", "rules/index", "findings/NN-EARLY", "matrix"):
        assert (site / f"{place}.html").exists()
    loaded = re.compile(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|woff2?)"')
    for page in site.rglob("*.html"):
        assert not loaded.search(page.read_text("utf-8")), f"{page} loads from elsewhere"

"""The tutorials, followed word for word; what needs a stack is followed in the live tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tutorials import ROOT, blocks_of, follow

PAGES = ("failed-call", "stack", "specification")


def in_a_clone(folder: Path) -> Path:
    """A folder in which a reader stands who has cloned the repository."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "traces").symlink_to(ROOT / "traces")
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_a_tutorial_is_followed(name: str, tmp_path: Path) -> None:
    assert follow(ROOT / "docs" / "tutorials" / f"{name}.md", in_a_clone(tmp_path)) >= 4


@pytest.mark.live
@pytest.mark.parametrize("name", PAGES)
def test_a_tutorial_is_followed_with_a_stack(name: str, tmp_path: Path) -> None:
    page = ROOT / "docs" / "tutorials" / f"{name}.md"
    if not any(block.is_live for block in blocks_of(page)):
        pytest.skip("it needs no stack: the test above follows all of it")
    follow(page, in_a_clone(tmp_path), live=True)

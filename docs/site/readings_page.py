"""The page of freedoms and interpretations, from the model's own tables."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.reports.links import url_of
from negotiation.conformance.reports.matrix.markdown import text
from negotiation.model.readings import FREEDOMS, INTERPRETATIONS

HEAD = """\
# Freedoms and readings

Where the specification leaves something to the implementation, or can be read in two ways, the
model has a named choice. A verdict says on which of them it rests. `--freedom NAME=on` grants a
freedom, `NAME=off` does not, `--reading NAME=other` insists on the other reading,
`--reading NAME=both` admits either.

"""


def readings_page() -> str:
    """The page, whole."""
    return HEAD + "\n".join([*_freedoms(), "", *_interpretations()]) + "\n"


def _freedoms() -> Iterator[str]:
    yield from ("## Freedoms", "", "| freedom | by default | why |", "|---|---|---|")
    for one in FREEDOMS.values():
        yield f"| `{one.name}` | {'on' if one.on else 'off'} | {text(one.why)} |"


def _interpretations() -> Iterator[str]:
    yield from ("## Readings", "")
    for one in INTERPRETATIONS.values():
        yield from (f"### {one.name}", "", f"{text(one.question)}", "")
        yield f"* by default: {text(one.default)}"
        yield f"* the other reading: {text(one.other)}"
        yield f"* the text: <{url_of(one.anchor)}>"
        if one.threads:
            yield f"* discussed in: {text(one.threads)}"
        yield ""

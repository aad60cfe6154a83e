"""How the model maps to the specification: a page for each algorithm, step by step."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator

from negotiation.conformance.mutations import BEYOND_PROGRAMS, EQUIVALENT, MUTATIONS
from negotiation.conformance.reports.matrix.markdown import text
from negotiation.model import Specification, rules_of
from negotiation.model.algorithms import ALGORITHMS, Algorithm, TextStep, followers
from negotiation.model.source import REVISION, Rule

RULES = rules_of(Specification)

KINDS = {
    "guard": "decides yes or no",
    "effect": "makes the next state",
    "value": "computes something from the state",
}

_ASKS = re.compile(r'(?:insists_on_other|admits_default|admits_other|has_freedom)\(\s*"([a-z-]+)"')

HEAD = f"""\
# The model beside the specification

Each algorithm that the model follows, step by step, at revision `{REVISION[:12]}` of webrtc-pc.
What a step says is told in a few words of our own: the link leads to the text. A rule is one method
of the model, and its page shows the code; a step that nothing follows says why.

| algorithm | steps | followed by | rules |
|---|--:|--:|--:|
"""


def rule_pages() -> dict[str, str]:
    """Every page: its place in the site -> its text."""
    pages = {f"rules/{name_of(one)}.md": _page(one) for one in ALGORITHMS}
    return {"rules/index.md": HEAD + "".join(map(_row, ALGORITHMS)), **pages}


def name_of(algorithm: Algorithm) -> str:
    """The name of the page: the anchor, in letters that a file may have everywhere."""
    return re.sub(r"[^a-z0-9]+", "-", algorithm.anchor.lower()).strip("-")


def _row(algorithm: Algorithm) -> str:
    followed = sum(1 for step in algorithm.steps if followers(algorithm, step))
    rules = len(_rules(algorithm))
    link = f"[{text(algorithm.title)}]({name_of(algorithm)}.md)"
    return f"| {link} | {len(algorithm.steps)} | {followed} | {rules} |\n"


def _rules(algorithm: Algorithm) -> list[Rule]:
    return [rule for rule in RULES.values() if rule.anchor == algorithm.anchor]


def _page(algorithm: Algorithm) -> str:
    lines = [f"# {text(algorithm.title.capitalize())}", "", f"The text: <{algorithm.url}>", ""]
    if algorithm.steps:
        lines += ["| step | what it says | who follows it |", "|---|---|---|"]
        lines += [_step(algorithm, step) for step in algorithm.steps]
        lines += [""]
    for rule in _rules(algorithm):
        lines += _rule(rule)
    return "\n".join(lines) + "\n"


def _step(algorithm: Algorithm, step: TextStep) -> str:
    names = followers(algorithm, step)
    told = (
        ", ".join(_named(algorithm, name) for name in names)
        if names
        else f"*{text(algorithm.reason(step))}*"
    )
    return f"| {step.number} | {text(step.says)} | {told} |"


def _named(algorithm: Algorithm, name: str) -> str:
    """A link to the rule; another method of the model is only named."""
    rule = RULES.get(name)
    if rule is None:
        return f"`{name}`"
    if rule.anchor == algorithm.anchor:
        return f"[`{name}`](#{_slug(name)})"
    home = next((one for one in ALGORITHMS if one.anchor == rule.anchor), None)
    return f"`{name}`" if home is None else f"[`{name}`]({name_of(home)}.md#{_slug(name)})"


def _slug(name: str) -> str:
    """The fragment of a rule's heading."""
    return name.lower()


def _rule(rule: Rule) -> Iterator[str]:
    method = inspect.unwrap(getattr(Specification, rule.name))
    source = textwrap.dedent(inspect.getsource(method))
    yield from (
        f"## {rule.name}",
        "",
        f"{text(rule.says)} It {KINDS[rule.kind]}{_of_steps(rule)}.",
        "",
    )
    asks = dict.fromkeys(_ASKS.findall(source))
    if asks:
        told = ", ".join(f"`{one}`" for one in asks)
        yield from (
            f"It asks how the text is read: {told} ([freedoms and readings](../readings.md)).",
            "",
        )
    yield from ("```python", source.rstrip(), "```", "")
    yield from _mutations(rule)


def _of_steps(rule: Rule) -> str:
    if not rule.steps:
        return ""
    return f"; step{'s' if len(rule.steps) > 1 else ''} {', '.join(rule.steps)}"


def _mutations(rule: Rule) -> Iterator[str]:
    """What is broken of the rule, on purpose, so that tests show that it is checked."""
    mutations = [one for one in MUTATIONS.values() if one.rule == rule.name]
    if mutations:
        yield from ("Broken on purpose, to see that it is noticed:", "")
    for one in mutations:
        same = " (nothing can tell it from the original)" if one.name in EQUIVALENT else ""
        beyond = " (no program tells it, a test of the model does)"
        told = beyond if one.name in BEYOND_PROGRAMS else same
        yield f"* `{one.name}`: {text(one.says)}{told}"
    yield ""

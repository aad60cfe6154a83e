"""Real stacks: which there are, and how programs are run on them and observed.

`registry` names the stacks, `recording` runs programs on one and yields trace lines, `session`
keeps one running, and `translating` turns what its recorder sends (`wire`) into trace lines. A
recorder runs elsewhere, at the other end of a link (`links`), of which there are two kinds:

* Browsers, driven without WebDriver (`pages`, `browsers`): `server` serves a page on loopback, the
  page connects back and runs the programs (`recorder.js` and its modules).
* Adapter programs (`processes`), in whatever language the stack is for: they speak the same
  protocol over standard input and output. Those that come along are in `adapters/`; the one for
  Node (`node`) is the page's recorder, on another way.
"""

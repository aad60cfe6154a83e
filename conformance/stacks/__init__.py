"""Real stacks: which there are, and how programs are run on them and observed.

`registry` names the stacks, `recording` runs programs on one and yields trace lines. Browsers are
driven without WebDriver: `server` serves a page on loopback, the page connects back and runs the
programs (`recorder.js` and its modules), and `translating` turns what it sends into trace lines.
"""

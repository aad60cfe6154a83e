"""Adapter programs: recorders of stacks that are no browsers, each in a process of its own.

An adapter speaks the recorder protocol (`stacks/wire.py`) over its standard input and output, as
JSON lines: it says `hello`, then takes one order after the other. What it writes to its standard
error is told when it dies. With `--version` it prints a version and does nothing else.

Nothing here imports `negotiation`: an adapter runs under whatever interpreter has the stack.
`start.py` starts those that are written in Python.
"""

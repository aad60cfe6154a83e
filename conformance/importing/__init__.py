"""Dumps from the wild, read as traces: a table of formats, and what all of them have in common."""

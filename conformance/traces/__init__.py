"""Traces: recordings of one or two peer connections, and what can be seen through a profile."""

"""Fuzzing: programs that nobody wrote, run on stacks, and what is found cut down to its core."""

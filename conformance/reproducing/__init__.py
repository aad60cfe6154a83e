"""Reproducing: a fault as one file that needs nothing of this tool, for whoever mends the stack."""

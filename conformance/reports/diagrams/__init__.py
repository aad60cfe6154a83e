"""Diagrams: the model's, as it is or as recordings show it, and a recording as a sequence."""

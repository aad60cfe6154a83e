"""A replayed trace as one HTML page: the moments, the model beside them, and the findings."""

from .page import replay_as_page

__all__ = ["replay_as_page"]

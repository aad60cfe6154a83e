"""What every HTML page of a report is made of: a frame, a look, and a way to make elements."""

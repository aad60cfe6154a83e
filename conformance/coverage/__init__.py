"""Coverage of the model: what of it a run, or a recording, has exercised."""

"""The checker: whether what was recorded is a behaviour of the model, and if not, why."""

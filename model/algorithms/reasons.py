"""Why no rule follows a step: the reasons that are given more than once."""

NAMES = "only gives names to what later steps use"
PROMISE = "a promise of the model is the number of the call that returned it"

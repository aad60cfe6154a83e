"""Programs: what to do to peer connections, as data, and the model as a stack that runs them."""

"""What adapters in Python share, however their stack tells that a call has settled.

`peers`: a running program, its peers and their names. `items`: what a script does, item by item.
`texts`: edits to SDP texts. `media`: tracks and streams. `output`: the protocol's way out.

A recorder (`asyncio_recorder`, `glib_recorder`) says when a script goes on and when a settlement
is recorded. Nothing here waits, starts a thread, or knows of an event loop.
"""

"""A recorder for stacks in asyncio: it does what `recorder.js` does in a page, in one event loop.

`running`, `scripts`, `settling`, `awaiting`, `texts` and `stdio` know no stack. A module for each
stack says how its calls are made (`Stack` in `running`). The words of JavaScript mean this here:

* A **task** of the runner is one callback of the loop, queued with `call_soon`. What goes on after
  an `await` runs in later callbacks, and has no number.
* **Making a call** is calling the method and, where it is a coroutine function, running it as far
  as its first suspension: what `await` does at once, too. A coroutine that nobody runs would do
  nothing at all, and a task of its own would begin it only in a later turn of the loop.
* The **return** is recorded when the coroutine suspends, or has ended.
* A **settlement** is recorded when the coroutine ends, before whoever awaits it goes on. A stack
  ends it by way of a future, that is some turns of the loop after the stack's own work, and other
  callbacks run in between. The profile `asyncio` says so.
* A call that ended before it suspended for the first time is settled when the callback that runs
  is over, as a microtask would, and whoever awaits it goes on in the next turn.
* A coroutine that ends with `CancelledError`, although nobody cancelled it, is a promise that never
  settles: Python has no other way to end one without a result.
* Handlers run inside of the event's callback, as far as their first `await`.

Python 3.9 is enough, and nothing but the standard library is imported.
"""

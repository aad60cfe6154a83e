"""A recorder for stacks whose callbacks come from a thread of their own, through PyGObject.

`running`, `settling` and `stdio` know no stack; `webrtcbin` says how its calls are made. The words
of JavaScript mean this here:

* The **event loop** of a connection is its thread: webrtcbin's "PC thread", a GLib main loop in
  which it does its work, one piece after the other, in the order in which it was asked for. Signals
  and the replies to promises come from there.
* A **task** of the runner is a callback in that thread, and a step's script runs in there. So code
  of the application and work of the stack never overlap, as in a page, and as in an application
  that does its work in callbacks. From any other thread, what a call returns and what can be read
  after it would depend on the threads.
* The **return** is recorded when the method (an action signal) has returned. It only queues the
  work, where it gives a promise.
* A **settlement** is recorded when the promise's reply comes, in the stack's thread. Whoever awaits
  it goes on in the same callback, as in a microtask of that task. A reply that comes before the
  method has returned is recorded when the script that runs is over, or awaits.
* Handlers run inside of the signal's callback, as far as their first `await`.
* Two connections have two threads. One lock makes their callbacks take turns.

Nothing but the standard library and `gi` is imported, and `gi` when the adapter starts.
"""

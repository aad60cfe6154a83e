"""rtcstats and its family: scripts in the page that wrap the methods of RTCPeerConnection.

All tell the same way: the name of a method before it is called, `OnSuccess` or `OnFailure` in the
first reaction to its promise, events by a listener of their own. So the order is JavaScript's. They
differ in what they wrap and how they write it down; a module each:

* `records`: a JSON array a line, `[name, connection, value, time]`: rtcstats of 2016 and later
  (fileFormat 2), Jitsi's fork (3.1), GetStream's tracer;
* `numbered`: rtcstats of 2025 (fileFormat 3): numbered methods, differences of time, compressed
  descriptions;
* `objects`: the first rtcstats, one JSON object;
* `peermetrics`: events alone.

What they do not wrap is in their profiles. None of them sees stop(), a direction, setStreams.
"""
